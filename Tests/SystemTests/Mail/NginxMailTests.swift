import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("nginx mail before Dovecot and Postfix", .serialized)
struct NginxMailTests {
    @Test("IMAP with a password of spaces, %, +, quotes and Vietnamese letters, rewritten for the servers behind")
    func strangePassword() async throws {
        let mail = try MailScenario(mail: ["main_password": "allow"])
        let password = "Bồ câu 100% + \"7\" con \\ &=?"
        let an = try await mail.scenario.owner("an_sotttt@hanoi.gov.vn", password: password)
        try mail.deliver(to: an.address, subject: "qua-nginx")
        let client = try MailClient(port: mail.rig.ports.nginxIMAP)
        let reply = try client.signInIMAP("an_sotttt", password)
        #expect(reply.hasPrefix("a OK"), "\(reply)")
        #expect(try client.imap("b", "SELECT INBOX").contains("* 1 EXISTS"))
        let wrong = try MailClient(port: mail.rig.ports.nginxIMAP).signInIMAP("an_sotttt", password + " ")
        #expect(wrong.hasPrefix("a NO"), "\(wrong)")
    }

    @Test("Submission through nginx: the policy sees who has signed in, and a lock stops the session")
    func submission() async throws {
        let mail = try MailScenario()
        let an = try await mail.scenario.owner("an_sotttt@hanoi.gov.vn")
        let binh = try await mail.scenario.owner("binh_sotttt@hanoi.gov.vn")
        let secret = try await mail.appPassword(an, services: ["smtp"]).password
        let client = try MailClient(port: mail.rig.ports.nginxSMTP)
        let reply = try client.signInSMTP(an.address, secret)
        #expect(reply.hasPrefix("235"), "\(reply)")
        let sent = try MailScenario.send(client, from: an.address, to: binh.address, subject: "nginx-gui")
        #expect(sent.hasPrefix("250"), "\(sent)")
        try mail.waitForMail(to: binh.address, subject: "nginx-gui")
        _ = await mail.lockByPasswords(an)
        let after = try MailScenario.send(client, from: an.address, to: binh.address, subject: "nginx-sau")
        #expect(after.hasPrefix("554 5.7.1"), "\(after)")
    }
}
