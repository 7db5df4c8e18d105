import AuthDomain
import AuthService
import HTTPServer
import Testing

@testable import MailHooks

@Suite("The answers of the passdb hook (mail-hooks.md, 1.5)")
struct PassdbAnswerTests {
    private let address = MailboxAddress(canonical: "an_sotttt@hanoi.gov.vn")

    private func fields(_ answer: MailLoginAnswer, _ service: String) -> [String: String] {
        guard case .response(let response) = DovecotPassdb.answer(answer, service: service).0 else { return [:] }
        #expect(response.status == 200)
        return Dictionary(response.headers) { _, last in last }
    }

    @Test(
        "Locked with the right secret: nologin for Dovecot's services, a real failure for Postfix, which ignores nologin",
        arguments: [
            ("imap", "nologin"), ("pop3", "nologin"), ("submission", "nologin"), ("sieve", "nologin"),
            ("smtp", "disabled"),
        ])
    func locked(service: String, result: String) {
        let fields = fields(.denied(.locked, address: address), service)
        #expect(fields["X-Otpd-Result"] == result)
        #expect(fields["X-Otpd-Reason"] == MailDenial.locked.text)
        #expect(fields["X-Otpd-User"] == address.text)
    }

    @Test("A password to be changed is an expired one; every refusal of a secret is a mismatch")
    func others() {
        #expect(fields(.denied(.mustChange, address: address), "smtp")["X-Otpd-Result"] == "expired")
        for reason in MailRefusalReason.allCases where reason != .unknownAddress {
            #expect(fields(.refused(reason), "imap") == ["X-Otpd-Result": "mismatch"])
        }
        #expect(fields(.refused(.unknownAddress), "imap") == ["X-Otpd-Result": "unknown"])
        guard case .unavailable = DovecotPassdb.answer(.unavailable(reason: "x"), service: "imap").0 else {
            Issue.record("temporary is never a refusal")
            return
        }
    }
}
