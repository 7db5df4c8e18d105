import AuthDomain
import AuthService
import HTTPClient
import TestKit
import Testing

@testable import Callbacks

@Suite("Dovecot's doveadm API (R-LOCK-10)")
struct DoveadmTests {
    private static let done = Script.reply(200, #"[["doveadmResponse",[{"result":"an@hanoi.gov.vn"}],"otpd"]]"#)
    private static let nobody = Script.reply(200, #"[["error",{"type":"exitCode","exitCode":68},"otpd"]]"#)

    @Test("one command in each request, with the key, user names in masks escaped")
    func calls() {
        #expect(
            String(decoding: DoveadmCall.kick(user: "an@hanoi.gov.vn").body, as: UTF8.self)
                == #"[["kick",{"mask":["an@hanoi.gov.vn"]},"otpd"]]"#)
        #expect(
            String(decoding: DoveadmCall.flushAuthCache(user: "an@hanoi.gov.vn").body, as: UTF8.self)
                == #"[["authCacheFlush",{"user":["an@hanoi.gov.vn"]},"otpd"]]"#)
        #expect(DoveadmCall.escaped(#"*a?\b"#) == #"\*a\?\\b"#)
        #expect(
            String(decoding: DoveadmCall.kick(user: "*").body, as: UTF8.self) == #"[["kick",{"mask":["\\*"]},"otpd"]]"#)
        for name in ["", "!an", "a n", "a\nb", "a\u{0}", String(repeating: "a", count: 400)] {
            #expect(!DoveadmCall.isNameable(name))
        }
    }

    @Test(
        "answers: done, nobody there, a refusal, rubbish",
        arguments: [
            (#"[["doveadmResponse",[{"entries":"0"}],"otpd"]]"#, DoveadmCall.Answer.done),
            (#"[["error",{"type":"exitCode","exitCode":68},"otpd"]]"#, .done),
            (#"[["error",{"type":"exitCode","exitCode":75},"otpd"]]"#, .refused(exitCode: 75)),
            (#"[["error",{"type":"unknownMethod"},"otpd"]]"#, .malformed),
            (#"[["doveadmResponse",[],"other"]]"#, .malformed), ("", .malformed), ("{}", .malformed),
            (#"[["doveadmResponse",[],"otpd"],["doveadmResponse",[],"otpd"]]"#, .malformed),
            (String(repeating: "[", count: 50_000), .malformed), ("[[\"doveadmResponse\"\u{0}]]", .malformed),
        ])
    func answers(_ body: String, _ expected: DoveadmCall.Answer) {
        #expect(DoveadmCall.read(Array(body.utf8)) == expected)
    }

    @Test("a lock flushes the cache and kicks, and kicks once more seconds later")
    func lock() async throws {
        let server = ScriptedServer(Self.done, Self.done, Self.nobody)
        defer { server.stop() }
        try await withTarget(server) { target in
            #expect(await target.deliver(Fixtures.message("an", 1)) == .partly(next: .seconds(3)))
            #expect(await target.deliver(Fixtures.message("an", 1, stage: 1)) == .delivered)
        }
        let seen = server.requests
        #expect(
            seen.map(\.body) == [
                #"[["authCacheFlush",{"user":["an@hanoi.gov.vn"]},"otpd"]]"#,
                #"[["kick",{"mask":["an@hanoi.gov.vn"]},"otpd"]]"#, #"[["kick",{"mask":["an@hanoi.gov.vn"]},"otpd"]]"#,
            ])
        #expect(seen.allSatisfy { $0.headers["authorization"] == "X-Dovecot-API c2VjcmV0" })
    }

    @Test("nobody on line is success; a chosen password and a restoration flush only; other news is nothing to Dovecot")
    func others() async throws {
        let server = ScriptedServer(Self.nobody)
        defer { server.stop() }
        try await withTarget(server) { target in
            #expect(await target.deliver(Fixtures.message("an", 1)) == .partly(next: .seconds(3)))
            #expect(await target.deliver(Fixtures.message("an", 2, .passwordChanged)) == .delivered)
            #expect(await target.deliver(Fixtures.message("an", 3, .mailboxRestored)) == .delivered)
            #expect(await target.deliver(Fixtures.message("an", 4, .factorEnrolled)) == .delivered)
            #expect(await target.deliver(Fixtures.message("an", 5, address: "")) == .delivered)
        }
        #expect(server.requests.count == 4)
    }

    @Test(
        "a wrong key, an exit code or rubbish is a failure, and sessions are kicked even when the cache is not flushed")
    func failures() async throws {
        let scripts: [(Script, DeliveryResult)] = [
            (.reply(401, ""), .refused),
            (.reply(200, #"[["error",{"type":"exitCode","exitCode":75},"otpd"]]"#), .refused),
            (.reply(200, "no JSON"), .malformed), (.close, .interrupted),
        ]
        for (script, expected) in scripts {
            let server = ScriptedServer(script, Self.done)
            defer { server.stop() }
            try await withTarget(server) { target in
                #expect(await target.deliver(Fixtures.message("an", 1)) == .failed(expected, retryAfter: nil))
            }
            #expect(server.requests.map { $0.body.contains("kick") } == [false, true])
        }
    }

    private func withTarget(_ server: ScriptedServer, _ body: (DoveadmTarget) async throws -> Void) async throws {
        let http = try OutgoingHTTP(threads: 1, queueLimit: 4)
        defer { http.shutdown() }
        try await body(
            DoveadmTarget(
                url: server.url, key: SecretBytes(Array("secret".utf8)), http: http, clock: ManualClock(Fixtures.start))
        )
    }
}
