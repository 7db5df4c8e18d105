import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("Debian's mail servers while otpd cannot answer (R-AVAIL-2, principle 3)", .serialized)
struct OutageMailTests {
    /// What is taken away, and how it comes back.
    enum Fault: String, CaseIterable, Sendable {
        case service, database
        /// Its process ends; its process stands still with its connections open.
        case redisKilled, redisFrozen
    }

    @Test(
        "Temporary refusals everywhere, nothing counted, and all works again without a restart",
        arguments: Fault.allCases)
    func outage(_ fault: Fault) async throws {
        let redis = try RedisServer()
        let mail = try MailScenario(redis: redis)
        let an = try await mail.scenario.owner("an_sotttt@hanoi.gov.vn")
        let binh = try await mail.scenario.owner("binh_sotttt@hanoi.gov.vn")
        let secret = try await mail.appPassword(an, services: ["imap", "pop3", "smtp"]).password
        #expect(try mail.imap(an.address, secret).hasPrefix("a OK"))
        let open = try MailClient(port: mail.rig.ports.postfixSubmission)
        #expect(try open.signInSMTP(an.address, secret).hasPrefix("235"))
        #expect(try open.smtp("MAIL FROM:<\(an.address)>").hasPrefix("250"))

        switch fault {
        case .service: mail.scenario.instances[0].terminate()
        case .database: try Self.rename(mail, "accounts", "accounts_away")
        case .redisKilled: redis.kill()
        case .redisFrozen: redis.freeze()
        }
        try expectTemporary(mail, open, an.address, secret, to: binh.address)
        try mail.deliver(to: an.address, subject: "trong-su-co")

        var restarted: OTPDInstance?
        switch fault {
        case .service: restarted = try mail.scenario.site.start("a")
        case .database: try Self.rename(mail, "accounts_away", "accounts")
        case .redisKilled: try redis.start()
        case .redisFrozen: redis.thaw()
        }
        try mail.rig.wait("IMAP after the outage") { (try? mail.imap(an.address, secret))?.hasPrefix("a OK") == true }
        // Each loop of otpd makes its own connection to Redis again, a moment apart.
        try mail.rig.wait("nginx after the outage") {
            (try? MailClient(port: mail.rig.ports.nginxIMAP).signInIMAP(an.address, secret))?.hasPrefix("a OK") == true
        }
        try mail.rig.wait("Postfix after the outage") {
            (try? mail.postfix(an.address, secret))?.hasPrefix("235") == true
        }
        try mail.rig.wait("the open session after the outage") {
            (try? open.smtp("RCPT TO:<\(binh.address)>"))?.hasPrefix("250") == true
        }
        try await expectNothingCounted(mail, an.address, restarted ?? mail.scenario.instances[0])
    }

    /// Every server says that it cannot tell now, to a right secret and to a wrong one alike.
    private func expectTemporary(
        _ mail: MailScenario, _ open: MailClient, _ address: String, _ secret: String, to recipient: String
    ) throws {
        for presented in [secret, "aaaa-aaaa-aaaa-aaaa"] {
            let imap = try mail.imap(address, presented)
            #expect(imap.hasPrefix("a NO [UNAVAILABLE]"), "\(imap)")
            #expect(try mail.pop3(address, presented).contains("[SYS/TEMP]"))
            #expect(try mail.submission(address, presented).hasPrefix("454"))
            // Postfix' own SASL makes 535 of whatever Dovecot tells it, and has no reason to show.
            #expect(try mail.postfix(address, presented).contains("(reason unavailable)"))
            let nginx = try MailClient(port: mail.rig.ports.nginxIMAP).signInIMAP(address, presented)
            // With nobody to ask, nginx speaks for itself: a tagged BAD, which no mail program takes for a refusal.
            #expect(nginx.hasPrefix("a NO [UNAVAILABLE]") || nginx.contains("BAD internal server error"), "\(nginx)")
        }
        let policy = try open.smtp("RCPT TO:<\(recipient)>")
        #expect(policy.hasPrefix("45") && policy.dropFirst(4).hasPrefix("4."), "\(policy)")
    }

    /// No count, no lock, no row and no figure of a refusal came of it.
    private func expectNothingCounted(
        _ mail: MailScenario, _ address: String, _ instance: OTPDInstance
    ) async throws {
        let page = await instance.admin(mail.scenario.keys.desk).send("GET", "/v1/accounts/\(address)")
        #expect(page.json["failures"] as? [String: Int] == ["password": 0, "otp": 0, "recovery": 0])
        #expect((page.json["locks"] as? [Any])?.isEmpty == true)
        #expect(await instance.metric("otpd_mail_refusals_total") == 0)
        let rows = await instance.admin(mail.scenario.keys.desk).send("GET", "/v1/audit?limit=500&account=\(address)")
        for code in ["authn_login_fail", "authn_login_lock", "authn_mail_login_fail"] {
            #expect(!rows.text.contains("\"\(code)\""), "\(rows.text)")
        }
    }

    private static func rename(_ mail: MailScenario, _ from: String, _ to: String) throws {
        // Another writer may hold the database for a moment.
        let wait = ["-cmd", ".timeout 5000"]
        let sql = "PRAGMA legacy_alter_table=ON; ALTER TABLE \(from) RENAME TO \(to);"
        let result = try Command.run("sqlite3", wait + [mail.scenario.site.folder.path("otpd.db"), sql])
        #expect(result.status == 0, "\(result.error)")
    }
}
