import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("Nothing acknowledged is lost", .serialized)
struct CrashTests {
    /// What clients were told had happened, to be found again after every crash.
    private actor Acknowledged {
        var failures: [String: Int] = [:]
        var locked: Set<String> = []
        var steps: [(owner: Int, step: Int64)] = []
        func note(failure address: String) { failures[address, default: 0] += 1 }
        func note(lock address: String) { locked.insert(address) }
        func note(owner: Int, step: Int64) { steps.append((owner, step)) }
    }

    @Test("kill -9 at random moments under load, 50 times (architecture, failures)")
    func killNine() async throws {
        let redis = try RedisServer()
        let scenario = try Scenario(redis: redis)
        let owners = [
            try await scenario.owner("crash_a_sotttt@hanoi.gov.vn"),
            try await scenario.owner("crash_b_sotttt@hanoi.gov.vn"),
        ]
        scenario.instances[0].kill9()
        let acknowledged = Acknowledged()
        var random = SystemRandomNumberGenerator()
        var now = Scenario.start
        for round in 0..<50 {
            now = now + .seconds(90)
            try scenario.setClock(now)
            let instance = try scenario.site.start("a")
            let victim = "crash_victim_\(round)_sotttt@hanoi.gov.vn"
            let instant = now
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await Self.load(instance, scenario, owners, victim, at: instant, acknowledged) }
                let delay = Int.random(in: 5...220, using: &random)
                try? await Task.sleep(for: .milliseconds(delay))
                instance.kill9()
                await group.waitForAll()
            }
        }
        let instance = try scenario.site.start("a")
        try await expectAll(acknowledged, owners, instance, scenario, now: now)
        #expect(try scenario.auditIsClean())
    }

    private static func load(
        _ instance: OTPDInstance, _ scenario: Scenario, _ owners: [Owner], _ victim: String, at now: WallInstant,
        _ acknowledged: Acknowledged
    ) async {
        let vpn = instance.service(scenario.keys.vpn)
        let sso = instance.service(scenario.keys.sso)
        let desk = instance.admin(scenario.keys.desk)
        await withTaskGroup(of: Void.self) { group in
            for (index, owner) in owners.enumerated() {
                group.addTask {
                    let answer = await vpn.send(
                        "POST", "/v1/otp/verify",
                        ["account": owner.address, "code": owner.code(at: now), "client": Scenario.person])
                    let step = TimeStep(at: now, stepLength: .seconds(30)).number
                    if answer.status == 200 { await acknowledged.note(owner: index, step: step) }
                }
            }
            group.addTask {
                let made = await desk.send("POST", "/v1/accounts", ["address": victim, "kind": "personal"])
                guard made.status == 201 else { return }
                for attempt in 0..<7 {
                    let answer = await sso.send(
                        "POST", "/v1/sign-ins", Scenario.passwordBody(victim, "Sai rồi \(attempt)!A"))
                    if answer.status == 401 { await acknowledged.note(failure: victim) }
                    if answer.status == 403 { await acknowledged.note(lock: victim) }
                    if answer.status == 0 { return }
                }
            }
        }
    }

    private func expectAll(
        _ acknowledged: Acknowledged, _ owners: [Owner], _ instance: OTPDInstance, _ scenario: Scenario,
        now: WallInstant
    ) async throws {
        let desk = instance.admin(scenario.keys.desk)
        for (address, count) in await acknowledged.failures {
            let account = await desk.send("GET", "/v1/accounts/\(address)")
            let failures = account.json["failures"] as? [String: Any]
            #expect((failures?["password"] as? Int ?? -1) >= count, "\(address)")
        }
        for address in await acknowledged.locked {
            let account = await desk.send("GET", "/v1/accounts/\(address)")
            #expect((account.json["locks"] as? [Any])?.count == 1, "\(address)")
        }
        let vpn = instance.service(scenario.keys.vpn)
        for index in owners.indices {
            let steps = await acknowledged.steps.filter { $0.owner == index }
            guard let last = steps.map(\.step).max() else { continue }
            let instant = WallInstant(seconds: last * 30)
            try scenario.setClock(instant)
            let body: [String: Any] = [
                "account": owners[index].address, "code": owners[index].code(at: instant), "client": Scenario.person,
            ]
            var replay = await vpn.send("POST", "/v1/otp/verify", body)
            // Attempts that were killed hold their places in the budget until these expire, ten seconds later.
            let start = ContinuousClock.now
            while replay.status == 503, start.duration(to: .now) < .seconds(15) {
                try await Task.sleep(for: .milliseconds(200))
                replay = await vpn.send("POST", "/v1/otp/verify", body)
            }
            #expect(replay.status == 401)
        }
    }

    @Test("Password changes and enrolments that were acknowledged survive kill -9 (architecture, failures)")
    func changesSurvive() async throws {
        let scenario = try Scenario(redis: try RedisServer())
        let owner = try await scenario.owner("crash_change_sotttt@hanoi.gov.vn")
        scenario.instances[0].kill9()
        let instance = try scenario.site.start("b")
        let later = Scenario.start + .seconds(60)
        try scenario.setClock(later)
        let sso = instance.service(scenario.keys.sso)
        let begun = await sso.send(
            "POST", "/v1/sign-ins", Scenario.passwordBody(owner.address, owner.password))
        let id = try #require(begun["id"])
        let proven = await sso.send(
            "POST", "/v1/sign-ins/\(id)/factor", ["kind": "totp", "code": owner.code(at: later)])
        #expect(proven["status"] == "complete")
    }

    @Test("An edited audit row is named by otpd audit verify (R-LOG-2)")
    func editedAudit() async throws {
        let scenario = try Scenario(redis: nil)
        _ = try await scenario.owner("crash_audit_sotttt@hanoi.gov.vn")
        scenario.instances[0].terminate()
        #expect(try scenario.auditIsClean())
        let database = scenario.site.folder.path("otpd.db")
        let edit = "UPDATE audit SET result = 'failure' WHERE code = 'account_provisioned'"
        _ = try Command.run("sqlite3", [database, edit])
        let verified = try scenario.site.run(["audit", "verify"])
        #expect(verified.status == 1)
        #expect((verified.output + verified.error).contains("changed"))
    }
}
