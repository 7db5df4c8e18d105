import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("A lock ends the sessions that Dovecot holds open (R-LOCK-10)", .serialized)
struct LockedSessionTests {
    @Test("IMAP IDLE, POP3 and ManageSieve sessions end within a second of the fifth wrong password; others stay")
    func kicked() async throws {
        let keys = try TemporaryDirectory()
        let key = try keys.write(MailRig.doveadmKey + "\n", to: "doveadm.key")
        let mail = try MailScenario(callbacks: { rig in
            let url = "http://127.0.0.1:\(rig.ports.doveadm)/doveadm/v1"
            return ["targets": [["name": "dovecot", "type": "doveadm", "url": url, "secret_files": [key]]]]
        })
        let an = try await mail.scenario.owner("an_sotttt@hanoi.gov.vn")
        let binh = try await mail.scenario.owner("binh_sotttt@hanoi.gov.vn")
        let secret = try await mail.appPassword(an, services: ["imap", "pop3", "sieve"]).password
        let other = try await mail.appPassword(binh, services: ["imap"]).password

        let idle = try Self.idling(mail, an, secret)
        let bystander = try Self.idling(mail, binh, other)
        let pop3 = try MailClient(port: mail.rig.ports.pop3)
        #expect(try pop3.signInPOP3(an.address, secret).hasPrefix("+OK"))
        let sieve = try MailClient(port: mail.rig.ports.sieve)
        _ = try sieve.lines { $0.hasPrefix("OK") }
        let plain = Data(("\0" + an.address + "\0" + secret).utf8).base64EncodedString()
        sieve.send("AUTHENTICATE \"PLAIN\" \"\(plain)\"")
        #expect(sieve.line()?.hasPrefix("OK") == true)

        #expect(await mail.lockByPasswords(an) == [401, 401, 401, 401, 401])
        let locked = ContinuousClock.now
        let last = idle.line()
        let took = locked.duration(to: .now)
        #expect(last?.hasPrefix("* BYE") == true && took < .seconds(1), "\(last ?? "nothing") after \(took)")
        #expect(pop3.line()?.hasPrefix("-ERR") != false)
        #expect(sieve.line()?.hasPrefix("BYE") != false)
        #expect(locked.duration(to: .now) < .seconds(2))
        bystander.send("DONE")
        #expect(bystander.line()?.hasPrefix("i OK") == true)
    }

    private static func idling(_ mail: MailScenario, _ owner: Owner, _ secret: String) throws -> MailClient {
        let client = try MailClient(port: mail.rig.ports.imap)
        #expect(try client.signInIMAP(owner.address, secret).hasPrefix("a OK"))
        _ = try client.imap("b", "SELECT INBOX")
        client.send("i IDLE")
        #expect(client.line()?.hasPrefix("+ ") == true)
        return client
    }
}
