import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("Debian's mail servers while otpd cannot answer (R-AVAIL-2, principle 3)", .serialized)
struct OutageMailTests {
    /// What is taken away, and how it comes back.
    enum Fault: String, CaseIterable, Sendable {
        case service, redis, database
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

        var restarted: OTPDInstance?
        switch fault {
        case .service: mail.scenario.instances[0].terminate()
        case .redis: redis.kill()
        case .database: try Self.rename(mail, "accounts", "accounts_away")
        }
        if fault != .redis {
            // A mailbox that may send is told by the database alone, so Redis takes nothing away from it.
            let policy = try open.smtp("RCPT TO:<\(binh.address)>")
            #expect(policy.hasPrefix("45"), "\(policy)")
            let nginx = try MailClient(port: mail.rig.ports.nginxIMAP).signInIMAP(an.address, secret)
            #expect(nginx.contains("BAD") || nginx.contains("NO"), "\(nginx)")
            #expect(!nginx.contains("AUTHENTICATIONFAILED"))
            let imap = try mail.imap(an.address, secret)
            #expect(imap.hasPrefix("a NO [UNAVAILABLE]"), "\(imap)")
            #expect(try mail.pop3(an.address, secret).contains("[SYS/TEMP]"))
            #expect(try mail.submission(an.address, secret).hasPrefix("454"))
        } else {
            let wrong = try mail.imap(an.address, "khong-phai-no")
            #expect(wrong.hasPrefix("a NO"), "\(wrong)")
        }
        try mail.deliver(to: an.address, subject: "trong-su-co")

        switch fault {
        case .service: restarted = try mail.scenario.site.start("a")
        case .redis: try redis.start()
        case .database: try Self.rename(mail, "accounts_away", "accounts")
        }
        try mail.rig.wait("IMAP after the outage") { (try? mail.imap(an.address, secret))?.hasPrefix("a OK") == true }
        #expect(try open.smtp("RCPT TO:<\(binh.address)>").hasPrefix("250"))
        let audit = await mail.scenario.audit(an.address)
        #expect(audit["authn_login_fail"] == nil && audit["authn_login_lock"] == nil, "\(audit)")
        _ = restarted
    }

    private static func rename(_ mail: MailScenario, _ from: String, _ to: String) throws {
        // Another writer may hold the database for a moment.
        let wait = ["-cmd", ".timeout 5000"]
        let sql = "PRAGMA legacy_alter_table=ON; ALTER TABLE \(from) RENAME TO \(to);"
        let result = try Command.run("sqlite3", wait + [mail.scenario.site.folder.path("otpd.db"), sql])
        #expect(result.status == 0, "\(result.error)")
    }
}
