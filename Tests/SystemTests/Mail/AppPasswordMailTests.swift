import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("App passwords at Debian's Dovecot and Postfix (T-4)", .serialized)
struct AppPasswordMailTests {
    @Test("An app password reads by IMAP and POP3 and sends by both submission ports, within its scope")
    func withinScope() async throws {
        let mail = try MailScenario()
        let an = try await mail.scenario.owner("an_sotttt@hanoi.gov.vn")
        let binh = try await mail.scenario.owner("binh_sotttt@hanoi.gov.vn")
        let all = try await mail.appPassword(an, services: ["imap", "pop3", "smtp"]).password
        try mail.deliver(to: an.address, subject: "vao-1")

        let reader = try MailClient(port: mail.rig.ports.imap)
        #expect(try reader.signInIMAP("an_sotttt", all).hasPrefix("a OK"))
        #expect(try reader.imap("b", "SELECT INBOX").contains("* 1 EXISTS"))
        #expect(try reader.imap("c", "FETCH 1 BODY[HEADER.FIELDS (SUBJECT)]").contains("Subject: vao-1"))
        #expect(try mail.pop3(an.address, all).hasPrefix("+OK"))

        for (number, port) in [mail.rig.ports.postfixSubmission, mail.rig.ports.submission].enumerated() {
            let client = try MailClient(port: port)
            #expect(try client.signInSMTP("an_sotttt", all).hasPrefix("235"))
            let reply = try MailScenario.send(client, from: an.address, to: binh.address, subject: "gui-\(number)")
            #expect(reply.hasPrefix("250"), "\(reply)")
            try mail.waitForMail(to: binh.address, subject: "gui-\(number)")
            let forged = try MailScenario.send(client, from: binh.address, to: an.address, subject: "gia")
            #expect(forged.hasPrefix("553 5.7.1"), "\(forged)")
        }

        let readOnly = try await mail.appPassword(an, services: ["imap"]).password
        #expect(try mail.imap(an.address, readOnly).hasPrefix("a OK"))
        #expect(try mail.pop3(an.address, readOnly).hasPrefix("-ERR"))
        #expect(try mail.postfix(an.address, readOnly).hasPrefix("535"))
        #expect(try mail.submission(an.address, readOnly).hasPrefix("535"))
        let sendOnly = try await mail.appPassword(an, services: ["smtp"]).password
        #expect(try mail.imap(an.address, sendOnly).hasPrefix("a NO [AUTHENTICATIONFAILED]"))
        #expect(try mail.postfix(an.address, sendOnly).hasPrefix("235"))
        #expect(try mail.submission(an.address, sendOnly).hasPrefix("235"))
    }

    @Test("A revoked, expired or out-of-network app password is refused at once")
    func ended() async throws {
        let mail = try MailScenario()
        let an = try await mail.scenario.owner("an_sotttt@hanoi.gov.vn")
        let revoked = try await mail.appPassword(an, services: ["imap", "smtp"])
        #expect(try mail.imap(an.address, revoked.password).hasPrefix("a OK"))
        let answer = await mail.scenario.sso().send(
            "DELETE", "/v1/sign-ins/\(revoked.signIn)/app-passwords/\(revoked.id)")
        #expect(answer.status == 204)
        #expect(try mail.imap(an.address, revoked.password).hasPrefix("a NO [AUTHENTICATIONFAILED]"))
        #expect(try mail.postfix(an.address, revoked.password).hasPrefix("535"))

        let elsewhere = try await mail.appPassword(an, services: ["imap", "smtp"], ["networks": ["10.0.0.0/8"]])
        #expect(try mail.imap(an.address, elsewhere.password).hasPrefix("a NO [AUTHENTICATIONFAILED]"))
        #expect(try mail.postfix(an.address, elsewhere.password).hasPrefix("535"))
        let here = try await mail.appPassword(an, services: ["imap"], ["networks": ["127.0.0.0/8"]])
        #expect(try mail.imap(an.address, here.password).hasPrefix("a OK"))

        let expiry = Scenario.start + .seconds(3_600)
        let expiring = try await mail.appPassword(an, services: ["imap"], ["expires_at": RFC3339.format(expiry)])
        #expect(try mail.imap(an.address, expiring.password).hasPrefix("a OK"))
        try mail.scenario.setClock(expiry + .seconds(1))
        #expect(try mail.imap(an.address, expiring.password).hasPrefix("a NO [AUTHENTICATIONFAILED]"))
    }

    @Test("The main password is refused by IMAP and submission, unevaluated: its budget is whole after 100 tries")
    func mainPassword() async throws {
        let mail = try MailScenario()
        let an = try await mail.scenario.owner("an_sotttt@hanoi.gov.vn")
        let before = await mail.scenario.metric("otpd_evaluations_total")
        let replies = await withTaskGroup(of: String.self) { group in
            for number in 0..<100 {
                group.addTask {
                    await Self.onThread {
                        number % 2 == 0
                            ? try mail.imap(an.address, an.password) : try mail.postfix(an.address, an.password)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(replies.count { $0.hasPrefix("a NO [AUTHENTICATIONFAILED]") } == 50, "\(replies)")
        #expect(replies.count { $0.hasPrefix("535") } == 50)
        #expect(await mail.scenario.metric("otpd_evaluations_total") == before)
        #expect(await mail.scenario.metric("otpd_judged_failures_total") == 0)
        for number in 0..<4 {
            #expect(await mail.scenario.begin(an.address, "Sai rồi \(number)!A").status == 401)
        }
        #expect(await mail.scenario.begin(an.address, an.password).status == 201)
    }

    /// Runs a dialogue on a thread of its own, so that many can wait at once.
    private static func onThread(_ body: @escaping @Sendable () throws -> String) async -> String {
        await withCheckedContinuation { continuation in
            Thread {
                do {
                    continuation.resume(returning: try body())
                } catch {
                    continuation.resume(returning: "\(error)")
                }
            }.start()
        }
    }
}
