import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("A lock at Debian's Dovecot and Postfix (R-LOCK-1, R-LOCK-10, T-12)", .serialized)
struct LockMailTests {
    @Test("The fifth wrong password stops open submission sessions and new logins; mail is still delivered")
    func locked() async throws {
        let mail = try MailScenario()
        let an = try await mail.scenario.owner("an_sotttt@hanoi.gov.vn")
        let binh = try await mail.scenario.owner("binh_sotttt@hanoi.gov.vn")
        let secret = try await mail.appPassword(an, services: ["imap", "pop3", "smtp"]).password
        var sessions: [MailClient] = []
        for port in [mail.rig.ports.postfixSubmission, mail.rig.ports.submission] {
            let client = try MailClient(port: port)
            #expect(try client.signInSMTP(an.address, secret).hasPrefix("235"))
            #expect(try client.smtp("MAIL FROM:<\(an.address)>").hasPrefix("250"))
            #expect(try client.smtp("RCPT TO:<\(binh.address)>").hasPrefix("250"))
            sessions.append(client)
        }
        #expect(await mail.lockByPasswords(an) == [401, 401, 401, 401, 401])

        for client in sessions {
            let reply = try client.smtp("RCPT TO:<\(binh.address)>")
            #expect(reply.hasPrefix("554 5.7.1") && reply.contains("tam khoa"), "\(reply)")
            // The recipient accepted before the lock gets nothing either: the end of the message is asked about too.
            _ = try client.smtp("DATA")
            client.send("Subject: sau-khoa\r\n\r\nXin chao\r\n.")
            #expect(try client.smtpReply().hasPrefix("554 5.7.1"))
        }

        // Only the right secret is told why.
        let told = try mail.imap(an.address, secret)
        #expect(told.hasPrefix("a NO [CONTACTADMIN]") && told.contains("kythuat@hanoi.gov.vn"), "\(told)")
        #expect(try mail.imap(an.address, "khong-phai-no").hasPrefix("a NO [AUTHENTICATIONFAILED]"))
        #expect(try mail.pop3(an.address, secret).contains("kythuat@hanoi.gov.vn"))
        #expect(try mail.submission(an.address, secret).hasPrefix("525 5.7.13"))
        #expect(try mail.submission(an.address, "khong-phai-no").hasPrefix("535"))
        // Postfix would take Dovecot's nologin for a success.
        #expect(try mail.postfix(an.address, secret).hasPrefix("535"))

        try mail.deliver(to: an.address, subject: "van-nhan")
        #expect(!mail.rig.messages(of: binh.address).contains { $0.contains("sau-khoa") })
    }
}
