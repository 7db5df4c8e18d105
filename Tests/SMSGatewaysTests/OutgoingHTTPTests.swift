import AuthDomain
import Foundation
import Glibc
import HTTPClient
import TestKit
import Testing

@Suite("Outgoing HTTP tells what surely was not sent (R-SMS-5)")
struct OutgoingHTTPTests {
    private func failure(
        _ url: String, body: String = "text", limits: OutgoingLimits = OutgoingLimits(total: .seconds(2)),
        authority: String? = nil
    ) async throws -> OutgoingFailure? {
        let http = try Fixtures.http()
        defer { http.shutdown() }
        do throws(OutgoingFailure) {
            _ = try await http.send(
                OutgoingRequest(.post, url, body: Array(body.utf8), authorityFile: authority, limits: limits))
            return nil
        } catch {
            return error
        }
    }

    @Test("A kept connection serves the next request, with exactly the body and fields that were given")
    func keepAlive() async throws {
        let server = ScriptedServer(.reply(200, "{}"))
        defer { server.stop() }
        let http = try Fixtures.http(threads: 1)
        defer { http.shutdown() }
        for number in 0..<3 {
            let request = OutgoingRequest(
                .post, server.url, headers: [OutgoingHeader("X-A", "ớ \(number)"), OutgoingHeader("X-Empty", "")],
                body: Array("body \(number)".utf8),
                credentials: BasicCredentials(user: "u", password: SecretBytes("p:w".utf8)))
            let response = try await http.send(request)
            #expect(response.status == 200 && response.body == Array("{}".utf8))
            #expect(response.headers["content-type"] == "application/json")
        }
        let seen = server.requests
        #expect(seen.map(\.connection) == [1, 1, 1])
        #expect(seen.map(\.body) == ["body 0", "body 1", "body 2"])
        #expect(seen[2].headers["x-a"] == "ớ 2" && seen[2].headers["x-empty"] == "")
        #expect(seen[2].headers["authorization"] == "Basic " + Data("u:p:w".utf8).base64EncodedString())
        #expect(seen[2].headers["expect"] == nil)
    }

    @Test("A kept connection that ends without an answer is never tried again by itself", arguments: [true, false])
    func noSilentRepeat(isReset: Bool) async throws {
        let server = ScriptedServer(.reply(200, "{}"), isReset ? .reset : .close, .reply(200, "{}"))
        defer { server.stop() }
        let http = try Fixtures.http(threads: 1)
        defer { http.shutdown() }
        _ = try await http.send(OutgoingRequest(.post, server.url, body: [0x61]))
        let error = await #expect(throws: OutgoingFailure.self) {
            _ = try await http.send(OutgoingRequest(.post, server.url, body: [0x62]))
        }
        #expect(error?.delivery == .ambiguous)
        #expect(server.requests.count == 2)
        _ = try await http.send(OutgoingRequest(.get, server.url))
        #expect(server.requests.count == 3)
    }

    @Test("Nobody listens, no such host, a wrong address: not sent")
    func notSent() async throws {
        let server = ScriptedServer(.hang)
        server.stop()
        #expect(try await failure(server.url) == OutgoingFailure(.connect, .notSent))
        #expect(try await failure("http://no-such-host.invalid/") == OutgoingFailure(.resolve, .notSent))
        for url in ["ftp://127.0.0.1/", "file:///etc/passwd", "http://", "http://u:p@127.0.0.1/", "http://a b/"] {
            #expect(try await failure(url) == OutgoingFailure(.invalidRequest, .notSent))
        }
    }

    @Test("A field cannot smuggle a line: not sent", arguments: ["a\r\nX: y", "a\nb", "a\0b"])
    func smuggling(value: String) async throws {
        let http = try Fixtures.http()
        defer { http.shutdown() }
        let request = OutgoingRequest(.post, "http://127.0.0.1:1/", headers: [OutgoingHeader("X-A", value)])
        let error = await #expect(throws: OutgoingFailure.self) { _ = try await http.send(request) }
        #expect(error == OutgoingFailure(.invalidRequest, .notSent))
        #expect("\(request)" == "POST ***")
    }

    @Test("A server that takes the request and hangs, resets, stops short or talks rubbish: ambiguous, in time")
    func ambiguous() async throws {
        let cases: [(Script, OutgoingFailure.Reason)] = [
            (.hang, .timeout), (.reset, .reset), (.close, .truncated),
            (.answerAndClose(Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort".utf8)), .truncated),
            (.answerAndClose(Array("SSH-2.0-OpenSSH\r\n".utf8)), .malformed),
            (.answerAndClose((0..<200).map { UInt8($0 ^ 0xA5) }), .malformed),
            (.endless("HTTP/1.1 200 OK\r\n\r\n"), .tooLarge),
            (.endless("HTTP/1.1 200 OK\r\nX: "), .tooLarge),
            (.reply(200, String(repeating: "x", count: 200_000)), .tooLarge),
            (
                .answerAndClose(Array(("HTTP/1.1 200 OK\r\n" + String(repeating: "A: b\r\n", count: 20_000)).utf8)),
                .tooLarge
            ),
        ]
        for (script, reason) in cases {
            let server = ScriptedServer(script)
            defer { server.stop() }
            let start = ContinuousClock.now
            let failure = try await failure(server.url, limits: OutgoingLimits(total: .milliseconds(800)))
            #expect(failure?.delivery == .ambiguous, "\(script)")
            #expect(
                failure?.reason == reason || reason == .tooLarge && failure != nil,
                "\(script): \(String(describing: failure))")
            #expect(start.duration(to: .now) < .seconds(2))
            #expect(server.requests.count == 1)
        }
    }

    @Test("A redirect is an answer, and its target is not asked")
    func redirect() async throws {
        let target = ScriptedServer(.reply(200, "{}"))
        let server = ScriptedServer(.reply(302, "", extra: "Location: \(target.url)\r\n"))
        defer {
            target.stop()
            server.stop()
        }
        let http = try Fixtures.http()
        defer { http.shutdown() }
        let response = try await http.send(OutgoingRequest(.post, server.url, body: [0x61]))
        #expect(response.status == 302)
        #expect(target.requests.isEmpty)
    }

    @Test("A certificate that is not trusted, not TLS at all, a missing authority: not sent")
    func tls() async throws {
        let folder = try TemporaryDirectory()
        let server = try TLSServer(folder: folder)
        defer { server.stop() }
        let other = try TLSServer.certificate(folder: folder, name: "other")
        #expect(try await failure(server.url) == OutgoingFailure(.tls, .notSent))
        #expect(try await failure(server.url, authority: other) == OutgoingFailure(.tls, .notSent))
        #expect(try await failure(server.url, authority: folder.path("none.pem")) == OutgoingFailure(.tls, .notSent))
        let http = try Fixtures.http()
        defer { http.shutdown() }
        let trusted = OutgoingRequest(.get, server.url, authorityFile: server.certificate)
        #expect(try await http.send(trusted).status == 200)
        let wrongName = server.url.replacingOccurrences(of: "localhost", with: "127.0.0.1")
        #expect(try await failure(wrongName, authority: server.certificate) == OutgoingFailure(.tls, .notSent))
        let plain = ScriptedServer(.reply(200, "{}"))
        defer { plain.stop() }
        let failed = try await failure(
            plain.url.replacingOccurrences(of: "http:", with: "https:"),
            limits: OutgoingLimits(total: .milliseconds(500)))
        #expect(failed?.delivery == .notSent)
        #expect(plain.requests.isEmpty)
    }

    @Test("The time in the queue counts, and what never started was not sent")
    func queueTime() async throws {
        let server = ScriptedServer(.hang)
        defer { server.stop() }
        let http = try OutgoingHTTP(name: "test-http", threads: 1, queueLimit: 2)
        defer { http.shutdown() }
        let limits = OutgoingLimits(total: .milliseconds(500))
        let failures = await withTaskGroup(of: OutgoingFailure?.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    do throws(OutgoingFailure) {
                        _ = try await http.send(OutgoingRequest(.post, server.url, body: [0x61], limits: limits))
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(failures.filter { $0 == OutgoingFailure(.poolFull, .notSent) }.count >= 3)
        #expect(failures.contains(OutgoingFailure(.timeout, .ambiguous)))
        #expect(failures.contains(OutgoingFailure(.timeout, .notSent)))
    }

    @Test("The environment's proxy is not asked")
    func noProxy() async throws {
        let server = ScriptedServer(.reply(200, "{}"))
        defer { server.stop() }
        for name in ["http_proxy", "all_proxy"] { setenv(name, "http://127.0.0.1:1", 1) }
        defer { for name in ["http_proxy", "all_proxy"] { unsetenv(name) } }
        #expect(try await failure(server.url) == nil)
    }
}
