import AuthDomain
import Foundation
import TestKit
import Testing

private func hanoi(_ text: String) throws -> WallInstant {
    try #require(RFC3339.parse(text + "+07:00"))
}

/// The service's clock is in the past, so that Dovecot's events, which bear the machine's time, count for the moment
/// at which they are heard (a report from the future never makes a mailbox seem alive in days to come).
@Suite("Đ8.2.a with Debian's mail servers and a moved clock: 03 calendar months (R-LOCK-12…15)", .serialized)
struct InactivityMailTests {
    private let mail: MailScenario
    private var site: OTPDSite { mail.scenario.site }

    init() throws {
        mail = try MailScenario(
            began: try hanoi("2023-11-13T09:00:00"),
            overrides: ["deadlines": ["sweep_every_s": 1, "feed_silence_hours": 720]])
    }

    @Test("Login, send and receive each start the three months; a delivery unlocks nothing; a dead feed locks nobody")
    func lastSigns() async throws {
        let scenario = mail.scenario
        let an = try await scenario.owner("an_sotttt@hanoi.gov.vn")
        let binh = try await scenario.owner("binh_sotttt@hanoi.gov.vn")
        let cuc = try await scenario.owner("cuc_sotttt@hanoi.gov.vn")
        let giang = try await scenario.owner("giang_sotttt@hanoi.gov.vn")
        let witness = try await scenario.owner("vanthu_sotttt@hanoi.gov.vn")
        let secret = try await mail.appPassword(an, services: ["imap"]).password
        let sending = try await session(of: binh)
        let relay = try await session(of: witness)
        try await imported("dung_sotttt@hanoi.gov.vn", notified: "2023-11-27T02:00:00Z")
        _ = try await scenario.provision("em_sotttt@hanoi.gov.vn")
        try keepFeed(relay, witness, at: "2023-11-13T10:00:00")

        // One last sign of each kind, on three days with no such day, a short month and a leap day behind them.
        try scenario.setClock(try hanoi("2023-11-28T23:59:00"))
        #expect(try mail.imap(an.address, secret).hasPrefix("a OK"))
        try recorded("login", an.address, on: "2023-11-28")
        try scenario.setClock(try hanoi("2023-11-29T00:01:00"))
        #expect(
            try MailScenario.send(sending, from: binh.address, to: witness.address, subject: "cuoi")
                .hasPrefix("250"))
        try recorded("send", binh.address, on: "2023-11-29")
        try scenario.setClock(try hanoi("2023-11-30T12:00:00"))
        try mail.deliver(to: cuc.address, subject: "cuoi")
        try recorded("receive", cuc.address, on: "2023-11-30")
        try keepFeed(relay, witness, at: "2023-12-11T10:00:00")
        try mail.deliver(to: giang.address, subject: "thang-12")
        try recorded("receive", giang.address, on: "2023-12-11")
        try keepFeed(relay, witness, at: "2024-01-08T10:00:00")
        try keepFeed(relay, witness, at: "2024-02-05T10:00:00")
        #expect(await scenario.metric("otpd_inactivity_held") == 0)

        // Never logged in, but told: from the notice. 27/02 is a Tuesday.
        try await expectLock("dung_sotttt@hanoi.gov.vn", at: "2024-02-28T00:00:00")
        try await expectLock(an.address, at: "2024-02-29T00:00:00")
        try await expectLock(binh.address, at: "2024-03-01T00:00:00")
        try await expectLock(cuc.address, at: "2024-03-01T00:00:00", isReached: true)
        // Told of nothing, so nothing was neglected.
        #expect(await causes("em_sotttt@hanoi.gov.vn") == [])
        #expect(try !mail.imap(an.address, secret).hasPrefix("a OK"))

        try keepFeed(relay, witness, at: "2024-03-04T10:00:00")
        try mail.deliver(to: an.address, subject: "sau-khi-khoa")
        try recorded("receive", an.address, on: "2024-03-04")
        #expect(await causes(an.address) == ["inactive_3m"])
        #expect(await scenario.begin(an.address, an.password).status == 403)

        // Due with 11/03, but the last report is of 04/03: heard for 30 days more, then not.
        try await expectHeld(giang.address)
        #expect(try scenario.auditIsClean())
    }

    /// The reports stay away: whoever falls due is not locked and the alarm is raised; when they come again, the
    /// period begins anew.
    private func expectHeld(_ address: String) async throws {
        let scenario = mail.scenario
        try scenario.setClock(try hanoi("2024-04-04T10:00:00"))
        try await wait { await scenario.metric("otpd_inactivity_held") == 1 }
        #expect(await causes(address) == [])
        try scenario.setClock(try hanoi("2024-06-04T10:00:00"))
        let held = await scenario.desk().send("GET", "/v1/accounts/\(address)")
        #expect((held.json["deadlines"] as? [String: Any])?["inactivity_held"] as? Bool == true)
        #expect(await causes(address) == [])
        try mail.deliver(to: "em_sotttt@hanoi.gov.vn", subject: "tro-lai")
        try recorded("receive", "em_sotttt@hanoi.gov.vn", on: "2024-06-04")
    }

    // MARK: Signs of life

    /// A session at Postfix' submission port that has signed in.
    private func session(of owner: Owner) async throws -> MailClient {
        let secret = try await mail.appPassword(owner, services: ["smtp"]).password
        let client = try MailClient(port: mail.rig.ports.postfixSubmission)
        #expect(try client.signInSMTP(owner.address, secret).hasPrefix("235"))
        return client
    }

    /// Moves the clock, and has both feeds heard and noted there by a mailbox that is no part of the question.
    private func keepFeed(_ session: MailClient, _ witness: Owner, at time: String) throws {
        let now = try hanoi(time)
        try mail.scenario.setClock(now)
        let subject = "nhip-\(now.milliseconds)"
        let sent = try MailScenario.send(session, from: witness.address, to: witness.address, subject: subject)
        #expect(sent.hasPrefix("250"), "\(sent)")
        try mail.waitForMail(to: witness.address, subject: subject)
        try mail.rig.wait("feeds noted at \(time)") {
            sql("SELECT heard_at >= \(now.milliseconds) FROM feed_coverage") == "1"
        }
    }

    /// Waits until an activity has come to the database.
    private func recorded(_ kind: String, _ address: String, on day: String) throws {
        try mail.rig.wait("\(kind) of \(address) on \(day)") {
            sql(
                """
                SELECT count(*) FROM activity_days WHERE kind = '\(kind)'
                AND day = unixepoch('\(day)') / 86400
                AND account_id = (SELECT account_id FROM addresses WHERE address = '\(address)')
                """) == "1"
        }
    }

    private func sql(_ text: String) -> String? {
        let result = try? Command.run("sqlite3", ["-cmd", ".timeout 5000", site.folder.path("otpd.db"), text])
        return result?.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// An account that came with its password hash, of which its owner was told.
    private func imported(_ address: String, notified: String) async throws {
        let hash = try Command.run("openssl", ["passwd", "-6", "-salt", "saltsalt", "Bồ câu 7 con!"]).output
        let answer = await mail.scenario.desk().send(
            "POST", "/v1/accounts",
            [
                "address": address, "kind": "personal", "notified_at": notified,
                "password_hash": "{SHA512-CRYPT}" + hash.trimmingCharacters(in: .newlines),
            ])
        #expect(answer.status == 201, "\(answer.text)")
    }

    // MARK: Locks

    private func expectLock(_ address: String, at time: String, isReached: Bool = false) async throws {
        let instant = try hanoi(time)
        if !isReached {
            try mail.scenario.setClock(instant - .seconds(1))
            #expect(await causes(address) == [], "\(address) one second early")
            try mail.scenario.setClock(instant)
        }
        #expect(await causes(address) == ["inactive_3m"], "\(address) at \(time)")
    }

    private func causes(_ address: String) async -> [String] {
        let page = await mail.scenario.desk().send("GET", "/v1/accounts/\(address)")
        let locks = page.json["locks"] as? [[String: Any]]
        return locks?.map { $0["cause"] as? String ?? "?" } ?? ["\(page.status)"]
    }

    private func wait(until isSo: () async -> Bool) async throws {
        for _ in 0..<200 {
            if await isSo() { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("not in time")
    }
}
