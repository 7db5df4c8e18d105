import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("The lock at five failures under storms", .serialized)
struct LockStormTests {
    @Test("500 parallel wrong passwords over two processes: 5 evaluated, 5 judged, one lock (R-LOCK-6)")
    func storm() async throws {
        let scenario = try Scenario(redis: try RedisServer(), instances: 2)
        let owner = try await scenario.owner("storm_one_sotttt@hanoi.gov.vn")
        let before = await scenario.metric("otpd_evaluations_total", containing: "password")
        async let left = scenario.sso(0).sendTogether(250, "POST", "/v1/sign-ins") {
            Scenario.passwordBody(owner.address, "Sai rồi \($0)!A")
        }
        async let right = scenario.sso(1).sendTogether(250, "POST", "/v1/sign-ins") {
            Scenario.passwordBody(owner.address, "Sai nữa \($0)!A")
        }
        let answers = await left + right
        #expect(answers.tally == ["401 invalid-credentials": 5, "403 account-locked": 495])
        let evaluated = await scenario.metric("otpd_evaluations_total", containing: "password") - before
        #expect(evaluated == 5)
        let audit = await scenario.audit(owner.address)
        #expect(audit["authn_login_fail"] == 5)
        #expect(audit["authn_login_lock"] == 1)
        let after = await scenario.begin(owner.address, owner.password)
        #expect(after.status == 403)
        #expect(try scenario.auditIsClean())
    }

    @Test("The same wrong password 500 times is counted each time until the lock (R-LOCK-4)")
    func identicalStorm() async throws {
        let scenario = try Scenario(redis: try RedisServer(), instances: 2)
        let owner = try await scenario.owner("storm_same_sotttt@hanoi.gov.vn")
        async let left = scenario.sso(0).sendTogether(250, "POST", "/v1/sign-ins") { _ in
            Scenario.passwordBody(owner.address, "Sai rồi 1!A")
        }
        async let right = scenario.sso(1).sendTogether(250, "POST", "/v1/sign-ins") { _ in
            Scenario.passwordBody(owner.address, "Sai rồi 1!A")
        }
        let answers = await left + right
        #expect(answers.tally == ["401 invalid-credentials": 5, "403 account-locked": 495])
    }

    @Test(
        "Redis flushed, or killed and restarted, in the middle: never more than five judged, one lock (R-LOCK-7)",
        arguments: ["flush", "kill"])
    func stormWithoutMemory(_ fault: String) async throws {
        let redis = try RedisServer()
        let scenario = try Scenario(redis: redis, instances: 2)
        let owner = try await scenario.owner("storm_two_sotttt@hanoi.gov.vn")
        async let storm = scenario.sso(0).sendTogether(250, "POST", "/v1/sign-ins") {
            Scenario.passwordBody(owner.address, "Sai rồi \($0)!A")
        }
        async let other = scenario.sso(1).sendTogether(250, "POST", "/v1/sign-ins") {
            Scenario.passwordBody(owner.address, "Sai nữa \($0)!A")
        }
        for _ in 0..<4 {
            try await Task.sleep(for: .milliseconds(20))
            if fault == "flush" {
                try redis.flushAll()
            } else {
                redis.kill()
                try redis.start()
            }
        }
        let answers = await storm + other
        #expect(answers.count { $0.status == 401 } <= 5)
        // Whoever was told 503 was not judged: go on until the lock.
        for _ in 0..<20 {
            let more = await scenario.begin(owner.address, "Vẫn sai 1!A")
            if more.status == 403 { break }
            if more.status == 503 { try await Task.sleep(for: .milliseconds(200)) }
        }
        let audit = await scenario.audit(owner.address)
        #expect(audit["authn_login_fail"] == 5)
        #expect(audit["authn_login_lock"] == 1)
        let right = await scenario.begin(owner.address, owner.password)
        #expect(right.status == 403)
    }

    @Test("The right password among a storm of wrong ones never opens after the fifth was judged (R-LOCK-4)")
    func rightAmongWrong() async throws {
        let scenario = try Scenario(redis: try RedisServer(), instances: 2)
        let owner = try await scenario.owner("storm_mix_sotttt@hanoi.gov.vn")
        async let wrong = scenario.sso(0).sendTogether(60, "POST", "/v1/sign-ins") {
            Scenario.passwordBody(owner.address, "Sai rồi \($0)!A")
        }
        async let right = scenario.sso(1).sendTogether(20, "POST", "/v1/sign-ins") { _ in
            Scenario.passwordBody(owner.address, owner.password)
        }
        let opened = await right.filter { $0.status == 201 }
        _ = await wrong
        for answer in opened {
            let id = try #require(answer["id"])
            let proven = await scenario.prove(id, "totp", owner.code(at: Scenario.start, steps: 1))
            #expect(proven["code"] == "account-locked")
        }
        #expect(await scenario.begin(owner.address, owner.password).status == 403)
    }

    @Test("50 parallel right sign-ins pass the password step while four failures stand (architecture)")
    func rightStorm() async throws {
        let scenario = try Scenario(redis: try RedisServer(), instances: 2)
        let owner = try await scenario.owner("storm_right_sotttt@hanoi.gov.vn")
        for number in 0..<4 {
            #expect(await scenario.begin(owner.address, "Sai rồi \(number)!A").status == 401)
        }
        async let left = scenario.sso(0).sendTogether(25, "POST", "/v1/sign-ins") { _ in
            Scenario.passwordBody(owner.address, owner.password)
        }
        async let right = scenario.sso(1).sendTogether(25, "POST", "/v1/sign-ins") { _ in
            Scenario.passwordBody(owner.address, owner.password)
        }
        let answers = await left + right
        #expect(answers.tally == ["201 factor_required": 50])
    }

    @Test("Right passwords with wrong codes lock by bad_otp_5; alternating does not help (R-LOCK-5)")
    func wrongCodes() async throws {
        let scenario = try Scenario(redis: nil)
        let owner = try await scenario.owner("storm_codes_sotttt@hanoi.gov.vn")
        for number in 0..<4 {
            #expect(await scenario.begin(owner.address, "Sai rồi \(number)!A").status == 401)
        }
        for number in 0..<5 {
            let begun = await scenario.begin(owner.address, owner.password)
            let id = try #require(begun["id"])
            let wrong = Self.wrongCode(owner, number)
            #expect(await scenario.prove(id, "totp", wrong)["code"] == "invalid-code")
        }
        #expect(await scenario.begin(owner.address, owner.password)["code"] == "account-locked")
        let account = await scenario.desk().send("GET", "/v1/accounts/\(owner.address)")
        let locks = account.json["locks"] as? [[String: Any]] ?? []
        #expect(locks.map { $0["cause"] as? String } == ["bad_otp_5"])
        #expect(locks.first?["clause"] as? String == "Điều 8.2.b")
    }

    @Test("The operator restores a locked mailbox; the owner must change the password (Đ8.3, R-REST-3, 4, 5)")
    func restoration() async throws {
        let scenario = try Scenario(redis: try RedisServer())
        let owner = try await scenario.owner("storm_back_sotttt@hanoi.gov.vn")
        for number in 0..<5 {
            #expect(await scenario.begin(owner.address, "Sai rồi \(number)!A").status == 401)
        }
        #expect(await scenario.begin(owner.address, owner.password).status == 403)
        let path = "/v1/accounts/\(owner.address)/restorations"
        let body = ["document": "Số 7/CV-STTTT ngày 23/11/2026", "requested_by": "Sở TT&TT"]
        let bare = await scenario.desk().send("POST", path, body)
        #expect(bare.status == 400)
        let restored = await scenario.desk().send(
            "POST", path, body.merging(["remediation": "Đã nhắc người dùng"]) { $1 })
        #expect(restored.status == 200)
        let begun = await scenario.begin(owner.address, owner.password)
        let id = try #require(begun["id"])
        try scenario.setClock(Scenario.start + .seconds(60))
        let proven = await scenario.prove(id, "totp", owner.code(at: Scenario.start + .seconds(60)))
        #expect(proven["status"] == "password_change_required")
        let changed = await scenario.sso().send(
            "POST", "/v1/sign-ins/\(id)/password", ["new_password": "Mưa rào 4 giờ!"])
        #expect(changed["status"] == "complete")
        #expect(changed["assertion"] != nil)
    }

    static func wrongCode(_ owner: Owner, _ number: Int) -> String {
        let valid = Set((-3...3).map { owner.code(at: Scenario.start, steps: $0) })
        return (0..<20).map { String(format: "%06d", 111_111 * ((number + $0) % 9 + 1)) }.first {
            !valid.contains($0)
        } ?? "000000"
    }
}
