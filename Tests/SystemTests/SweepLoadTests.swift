import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("A great sweep beside sign-ins")
struct SweepLoadTests {
    /// Accounts that fall due at once.
    ///
    /// As many as the city has, and the figure that their sweep is held to, are a line of `make bench`: a build without
    /// optimisation says nothing about time.
    private static let due = 10_000

    /// Adds mailboxes with a default password whose owners were told at the scenario's start.
    private func fill(_ scenario: Scenario) throws {
        let start = Scenario.start.milliseconds
        let script = """
            PRAGMA busy_timeout = 10000;
            BEGIN IMMEDIATE;
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < \(Self.due))
            INSERT INTO accounts (id, kind, lifecycle, password_record, password_version, password_changed_at,
                must_change, password_issued, notified_at, created_at, look_at)
            SELECT printf('acc_bulk%06d', i), 'personal', 'active', 'x', 1, \(start), 1, 1, \(start), \(start),
                \(start + 86_400_000) FROM n;
            INSERT INTO addresses (address, account_id, is_main)
            SELECT id || '@hanoi.gov.vn', id, 1 FROM accounts WHERE id LIKE 'acc_bulk%';
            COMMIT;
            """
        let result = try Command.run("sqlite3", [scenario.site.folder.path("otpd.db"), script])
        guard result.status == 0 else { throw OTPDError.command(result.error) }
    }

    /// Wrong passwords, each counted by a commit; answers the 99th percentile of their times in milliseconds.
    private func signIns(_ scenario: Scenario, _ names: [String], until isOver: @Sendable () async -> Bool) async
        -> Double
    {
        var times: [Double] = []
        var number = 0
        repeat {
            let name = names[number % names.count]
            let begun = ContinuousClock.now
            let answer = await scenario.begin(name, "Sai \(number)!Abc", on: number % 2)
            times.append(begun.duration(to: .now) / .milliseconds(1))
            guard answer.status == 401 || answer.status == 403 else { return .infinity }
            number += 1
            try? await Task.sleep(for: .milliseconds(20))
        } while await !isOver() || times.count < 200
        times.sort()
        return times[times.count * 99 / 100]
    }

    @Test(
        "10,000 due accounts, two instances: each locked once, one row and one event each, and sign-ins go on",
        .timeLimit(.minutes(5)))
    func greatSweep() async throws {
        let folder = try TemporaryDirectory()
        try folder.write("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", to: "secret")
        // Nobody listens there: the events wait where they can be counted.
        let target: [String: Any] = [
            "name": "store", "type": "webhook", "url": "http://127.0.0.1:\(try LoopbackPorts.free(1)[0])/",
            "secret_files": [folder.path("secret")], "events": ["mailbox.locked"],
        ]
        let scenario = try Scenario(
            redis: try RedisServer(), instances: 2,
            overrides: [
                "deadlines": ["sweep_every_s": 1], "lockout": ["limit": 10], "callbacks": ["targets": [target]],
            ])
        try fill(scenario)
        var names: [String] = []
        for number in 0..<200 {
            names.append("an\(number)@hanoi.gov.vn")
            _ = try await scenario.provision(names[number])
        }
        let usual = await signIns(scenario, names) { true }
        try scenario.setClock(Scenario.start + .seconds(9 * 86_400))
        let begun = ContinuousClock.now
        let during = await signIns(scenario, names) {
            await scenario.metric("otpd_locks_total", containing: "default_not_changed") >= Double(Self.due)
        }
        print("sweep: \(begun.duration(to: .now)), sign-in p99 \(usual) ms alone, \(during) ms during")
        // Tells starvation, no more.
        #expect(during <= max(3 * usual, usual + 500))
        let counts = try Command.run(
            "sqlite3",
            [
                "-cmd", ".timeout 10000", scenario.site.folder.path("otpd.db"),
                """
                SELECT count(*), count(DISTINCT account_id) FROM locks WHERE account_id LIKE 'acc_bulk%';
                SELECT count(*), count(DISTINCT account_id) FROM audit
                WHERE code = 'authn_login_lock' AND account_id LIKE 'acc_bulk%';
                SELECT count(*), count(DISTINCT account_id) FROM outbox
                WHERE type = 'mailbox.locked' AND account_id LIKE 'acc_bulk%';
                """,
            ])
        #expect(counts.output == String(repeating: "\(Self.due)|\(Self.due)\n", count: 3))
        #expect(await scenario.metric("otpd_locks_total", containing: "default_not_changed") == Double(Self.due))
    }
}
