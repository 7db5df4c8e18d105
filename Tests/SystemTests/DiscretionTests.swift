import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("Nobody learns which mailboxes exist", .serialized)
struct DiscretionTests {
    private struct Shape: Hashable {
        let status: Int
        let members: [String]
        let headers: [String]
        let text: String

        init(_ answer: HTTPTestAnswer) {
            status = answer.status
            members = answer.json.keys.sorted()
            headers = answer.headers.filter { !["date", "x-request-id"].contains($0.key) }
                .map { "\($0.key): \($0.value)" }.sorted()
            text = ["code", "title", "detail", "clause", "type"].map { answer[$0] ?? "" }.joined(separator: "|")
        }
    }

    @Test("Known, unknown and foreign addresses answer alike before and after the fifth failure (R-LOCK-17)")
    func sameAnswers() async throws {
        let scenario = try Scenario(redis: try RedisServer())
        let owner = try await scenario.owner("quiet_one_sotttt@hanoi.gov.vn")
        let addresses = [owner.address, "nobody_here@hanoi.gov.vn", "someone@example.org", "ёжик@hanoi.gov.vn"]
        for round in 0..<7 {
            var shapes: Set<Shape> = []
            for address in addresses { shapes.insert(Shape(await scenario.begin(address, "Sai rồi \(round)!A"))) }
            #expect(shapes.count == 1)
            #expect(shapes.first?.status == (round < 5 ? 401 : 403))
        }
        // Locked: whatever the password, which is not evaluated.
        let before = await scenario.metric("otpd_evaluations_total", containing: "password")
        for address in addresses { #expect(await scenario.begin(address, owner.password).status == 403) }
        #expect(await scenario.metric("otpd_evaluations_total", containing: "password") == before)
    }

    @Test("One-time codes of unknown addresses answer alike (R-LOCK-17)")
    func sameCodeAnswers() async throws {
        let scenario = try Scenario(redis: nil)
        let owner = try await scenario.owner("quiet_two_sotttt@hanoi.gov.vn")
        for round in 0..<7 {
            var shapes: Set<Shape> = []
            for address in [owner.address, "nobody_there@hanoi.gov.vn", "x@example.org"] {
                let body: [String: Any] = [
                    "account": address, "code": LockStormTests.wrongCode(owner, round), "client": Scenario.person,
                ]
                shapes.insert(Shape(await scenario.vpn().send("POST", "/v1/otp/verify", body)))
            }
            #expect(shapes.count == 1)
        }
    }

    @Test("Known and unknown addresses take the same time, evaluated and locked (R-LOCK-8)")
    func sameTimes() async throws {
        let scenario = try Scenario(redis: try RedisServer())
        // A difference that is there shows in every round; one that the machine's other work made does not.
        var rounds: [String] = []
        for round in 0..<3 {
            let times = try await medians(scenario, round: round)
            let areAlike =
                abs(times.known - times.unknown) < 0.15 * max(times.known, times.unknown)
                && abs(times.knownLocked - times.unknownLocked)
                    < max(0.25 * max(times.knownLocked, times.unknownLocked), 0.0004)
            if areAlike { return }
            rounds.append("\(times)")
        }
        Issue.record("in seconds: \(rounds)")
    }

    private func medians(
        _ scenario: Scenario, round: Int
    ) async throws -> (known: Double, unknown: Double, knownLocked: Double, unknownLocked: Double) {
        var (known, unknown, knownLocked, unknownLocked) = ([Double](), [Double](), [Double](), [Double]())
        for account in 0..<12 {
            let name = "\(round)_\(account)_sotttt@hanoi.gov.vn"
            _ = try await scenario.provision("timing_" + name)
            for attempt in 0..<21 {
                // Interleaved, so that whatever else the machine does falls on both alike.
                let one = await time { await scenario.begin("timing_" + name, "Sai \(attempt)!Aa") }
                let two = await time { await scenario.begin("absent_" + name, "Sai \(attempt)!Aa") }
                if attempt < 5 {
                    known.append(one)
                    unknown.append(two)
                } else {
                    knownLocked.append(one)
                    unknownLocked.append(two)
                }
            }
        }
        return (
            Self.median(known), Self.median(unknown), Self.median(knownLocked), Self.median(unknownLocked)
        )
    }

    @Test("Empty and over-long passwords are refused unseen, alike for every address")
    func unseenPasswords() async throws {
        let scenario = try Scenario(redis: nil)
        let owner = try await scenario.owner("quiet_four_sotttt@hanoi.gov.vn")
        for password in ["", String(repeating: "Aa1!", count: 100), "Zero\u{200B}width1!"] {
            var shapes: Set<Shape> = []
            for address in [owner.address, "nobody_four@hanoi.gov.vn", "x@example.org"] {
                shapes.insert(Shape(await scenario.begin(address, password)))
            }
            #expect(shapes.count == 1)
        }
        #expect(await scenario.metric("otpd_judged_failures_total") == 0)
    }

    @Test("One mailbox has one budget under every spelling of its address (R-SCOPE-1, R-ADDR-5)")
    func oneBudget() async throws {
        let scenario = try Scenario(redis: nil)
        let owner = try await scenario.owner(
            "ivan_x@hanoi.gov.vn", aliases: ["ivan.x@thudo.gov.vn"])
        for address in [
            "ivan_x@hanoi.gov.vn", "IVAN_X@Hanoi.gov.vn", "ivan_x", " ivan_x@hanoi.gov.vn ", "ivan.x@thudo.gov.vn",
        ] {
            #expect(await scenario.begin(address, "Sai rồi 1!A").status == 401)
        }
        #expect(await scenario.begin("Ivan_X", owner.password).status == 403)
        #expect(await scenario.begin("ivan.x@thudo.gov.vn", owner.password).status == 403)
    }

    @Test("A password typed in NFC or NFD is one password (R-CHAR-11, R-CHAR-12)")
    func normalisation() async throws {
        let scenario = try Scenario(redis: nil)
        let owner = try await scenario.owner(
            "unicode_sotttt@hanoi.gov.vn", password: "Mật khẩu@1".precomposedStringWithCanonicalMapping)
        let typed = "Mật khẩu@1".decomposedStringWithCanonicalMapping
        #expect(Array(typed.utf8) != Array(owner.password.utf8))
        #expect(await scenario.begin(owner.address, typed).status == 201)
        #expect(await scenario.begin(owner.address, owner.password).status == 201)
    }

    @Test(
        "The password policy over the wire (R-PW-1, 2, 5, 10)",
        arguments: [
            ("Matkhau1!", [String]()), ("Matkhau1*", ["pw.no_special"]), ("ABCD1234!", []), ("Matkhau1!*", []),
            ("Hanoi@2026", ["pw.common", "pw.context"]),
        ])
    func policy(_ password: String, _ expected: [String]) async throws {
        let scenario = try Scenario(redis: nil)
        let answer = await scenario.sso().send("POST", "/v1/password-policy/check", ["password": password])
        let violations = answer.json["violations"] as? [[String: Any]] ?? []
        let codes = Set(violations.compactMap { $0["code"] as? String })
        #expect(answer.json["acceptable"] as? Bool == expected.isEmpty)
        #expect(codes.isSubset(of: expected) && codes.isEmpty == expected.isEmpty)
        if expected == ["pw.no_special"] {
            #expect(
                "!@#$%&".allSatisfy { character in
                    (violations.first?["message"] as? String)?.contains(character) == true
                })
        }
    }

    private func time(_ body: () async -> HTTPTestAnswer) async -> Double {
        let clock = ContinuousClock()
        let duration = await clock.measure { _ = await body() }
        return Double(duration.wholeMilliseconds * 1000) / 1e6
            + Double(duration.components.attoseconds % 1_000_000_000_000_000) / 1e18
    }

    private static func median(_ values: [Double]) -> Double {
        values.sorted()[values.count / 2]
    }
}
