import AuthDomain
import AuthService
import LineServer
import Synchronization
import TestKit
import Testing

@testable import MailHooks

@Suite("Postfix' policy delegation (R-MAIL-3, R-LOCK-1, T-12)")
struct PolicyServiceTests {
    /// Byte for byte what Postfix 3.7 sends at a recipient on its submission port.
    static func captured(login: String, state: String = "RCPT") -> [[UInt8]] {
        let lines = [
            "request=smtpd_access_policy", "protocol_state=\(state)", "protocol_name=ESMTP",
            "client_address=127.0.0.1", "client_name=unknown", "client_port=41998", "reverse_client_name=unknown",
            "server_address=127.0.0.1", "server_port=11026", "helo_name=client", "sender=alice@local.test",
            "recipient=blocked@example.org", "recipient_count=0", "queue_id=", "instance=5576.6b04ad13.1ab24.0",
            "size=0", "etrn_domain=", "stress=", "sasl_method=PLAIN", "sasl_username=\(login)", "sasl_sender=",
            "ccert_subject=", "ccert_issuer=", "ccert_fingerprint=", "ccert_pubkey_fingerprint=",
            "encryption_protocol=", "encryption_cipher=", "encryption_keysize=0", "policy_context=submission",
        ]
        return lines.map { Array($0.utf8) }
    }

    @Test("Each standing of a mailbox has its answer; only sending is ever refused")
    func standings() async {
        let service = Desk()
        let cases: [(String, String)] = [
            ("active_sotttt@hanoi.gov.vn", "DUNNO"), ("active_sotttt", "DUNNO"), ("ACTIVE_sotttt", "DUNNO"),
            ("transferred_sotttt", "DUNNO"), ("locked_sotttt", "REJECT 5.7.1 Hop thu dang bi tam khoa"),
            ("must_sotttt", "REJECT 5.7.1 Phai doi mat khau"),
            ("recalled_sotttt", "REJECT 5.7.1 Hop thu da bi thu hoi"),
            ("group_sotttt", "REJECT 5.7.1 Dia chi nhom"), ("nobody_sotttt", "REJECT 5.7.1 Tai khoan khong duoc phep"),
            ("someone@example.org", "REJECT 5.7.1 Tai khoan khong duoc phep"), ("", "DUNNO"),
        ]
        for (login, action) in cases {
            let answer = await service.ask(Self.captured(login: login))
            #expect(answer.hasPrefix("action=\(action)") && answer.hasSuffix("\n\n"), "\(login): \(answer)")
        }
        #expect(service.outcomes.withLock { $0[.unauthenticated] } == 1)
    }

    @Test("A database that is gone defers, and a lock is seen at the next recipient of the same session")
    func faults() async {
        let service = Desk()
        #expect(await service.ask(Self.captured(login: "active_sotttt")) == "action=DUNNO\n\n")
        service.book.lock("active_sotttt@hanoi.gov.vn")
        #expect(await service.ask(Self.captured(login: "active_sotttt")).hasPrefix("action=REJECT 5.7.1 "))
        service.book.isDown.withLock { $0 = true }
        #expect(await service.ask(Self.captured(login: "active_sotttt")).hasPrefix("action=DEFER_IF_PERMIT 4.7.1 "))
        #expect(await service.ask(Self.captured(login: "")) == "action=DUNNO\n\n")
        #expect(service.outcomes.withLock { $0[.unavailable] } == 1)
    }

    @Test("R-AVAIL-2: counters that are away defer, and a refusal stays one")
    func countersAway() async {
        let service = Desk()
        service.counters.isAway.withLock { $0 = true }
        #expect(await service.ask(Self.captured(login: "active_sotttt")).hasPrefix("action=DEFER_IF_PERMIT 4.7.1 "))
        #expect(await service.ask(Self.captured(login: "someone@example.org")).hasPrefix("action=REJECT 5.7.1 "))
        service.counters.isAway.withLock { $0 = false }
        #expect(await service.ask(Self.captured(login: "active_sotttt")) == "action=DUNNO\n\n")
    }

    @Test("A message counts as sent at its end, when it may be sent, and not at its recipients")
    func sending() async {
        let service = Desk()
        _ = await service.ask(Self.captured(login: "active_sotttt"))
        #expect(service.sent.withLock { $0 } == [])
        _ = await service.ask(Self.captured(login: "active_sotttt", state: "END-OF-MESSAGE"))
        _ = await service.ask(Self.captured(login: "locked_sotttt", state: "END-OF-MESSAGE"))
        #expect(service.sent.withLock { $0 } == [AccountID("active_sotttt@hanoi.gov.vn")])
    }

    @Test(
        "Rubbish is deferred, never permitted and never counted against anybody",
        arguments: [
            ["sasl_username=active_sotttt"], ["request=other", "sasl_username="], ["request"], ["=x"],
            ["request=smtpd_access_policy", "sasl_username=", "sasl_username=active_sotttt"],
            ["request=smtpd_access_policy", "no separator"],
        ])
    func rubbish(_ lines: [String]) async {
        let service = Desk()
        #expect(await service.ask(lines.map { Array($0.utf8) }).hasPrefix("action=DEFER 4.3.5 "))
        #expect(service.outcomes.withLock { $0 } == [.malformed: 1])
    }

    @Test("Names are cut at the first =, bytes that are no text name nobody, unknown names are passed over")
    func parsing() async throws {
        let request = try PolicyRequest(
            lines: ["request=smtpd_access_policy", "x=1=2", "sasl_username=a=b"].map { Array($0.utf8) })
        #expect(request.login == "a=b")
        let service = Desk()
        let answer = await service.ask([
            Array("request=smtpd_access_policy".utf8), Array("sasl_username=".utf8) + [0xFF, 0xFE, 0xC3],
        ])
        #expect(answer.hasPrefix("action=REJECT 5.7.1 "))
    }

    @Test("Every reply text fits an SMTP reply: ASCII, one line, at most 200 characters")
    func texts() {
        for refusal in SubmissionRefusal.allCases {
            let text = refusal.replyText
            #expect(text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && text.utf8.count <= 200, "\(refusal)")
        }
        for reason in LineRefusal.allCases {
            let reply = String(decoding: Desk().service.refusal(reason), as: UTF8.self)
            #expect(reply.hasPrefix("action=DEFER") && reply.hasSuffix("\n\n"))
        }
    }
}

/// A policy service over a book of accounts.
private final class Desk: Sendable {
    let book = AccountBook()
    let counters = AwayCounters()
    let outcomes = Shared<[PolicyOutcome: Int]>([:])
    let sent = Shared<[AccountID]>([])
    let service: PolicyService

    init() {
        let (outcomes, sent, counters) = (outcomes, sent, counters)
        service = PolicyService(
            authorise: AuthoriseSubmission(
                accounts: book, counters: counters, domains: ["hanoi.gov.vn", "thudo.gov.vn"]),
            sent: { account in sent.withLock { $0.append(account) } },
            answered: { outcome, _ in outcomes.withLock { $0[outcome, default: 0] += 1 } })
    }

    func ask(_ lines: [[UInt8]]) async -> String {
        String(decoding: await service.respond(to: lines), as: UTF8.self)
    }
}

/// Counters that answer, or do not.
private final class AwayCounters: Throttle {
    let isAway = Shared(false)

    func take(_ buckets: [(name: String, rate: AttemptRate)]) async throws(CountersUnavailable) -> Duration? {
        try await wait(for: buckets)
    }

    func wait(for buckets: [(name: String, rate: AttemptRate)]) async throws(CountersUnavailable) -> Duration? {
        if isAway.withLock({ $0 }) { throw CountersUnavailable() }
        return nil
    }

    func giveBack(_ buckets: [(name: String, rate: AttemptRate)]) async {}
}
