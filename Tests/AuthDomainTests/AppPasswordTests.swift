import AuthDomain
import Testing

@Suite("App passwords and what a mailbox is open for (T-4, A11)")
struct AppPasswordTests {
    private let sample = AppPassword(random: Array("hunter2xyz".utf8))

    @Test("T-4: sixteen letters of base 32 in groups; case, spaces and hyphens do not matter")
    func text() throws {
        let text = sample.text
        #expect(text.count == 19)
        #expect(text.split(separator: "-").map(\.count) == [4, 4, 4, 4])
        let plain = text.filter { $0 != "-" }
        for typed in [
            text, plain, text.uppercased(), text.replacing("-", with: " "), "  \(plain) ", "-\(plain)-",
            plain.map { "\($0) " }.joined(),
        ] {
            #expect(try #require(AppPassword(parsing: typed)).canonical == sample.canonical, "\(typed)")
        }
        #expect("\(sample)" == "***" && String(reflecting: sample) == "***")
    }

    @Test(
        "T-4: what cannot be one is not",
        arguments: [
            "", "abcdefghijklmno", "abcdefghijklmnopq", "abcdefghijklmn0p", "abcdefghijklmn1p", "abcdefghijklmno\u{0}",
            "abcdefghijklmn\u{E1}p", "abcd\tefghijklmnop", "Đường@Láng9", String(repeating: "-", count: 16),
            String(repeating: " ", count: 100_000) + "abcdefghijklmnop",
        ])
    func rubbish(_ text: String) {
        #expect(AppPassword(parsing: text) == nil)
    }

    @Test("T-4: smtp and submission are one service, an unknown one is none")
    func services() {
        #expect(MailService(wireName: "submission") == .smtp && MailService(wireName: "smtp") == .smtp)
        #expect(MailService(wireName: "imap") == .imap && MailService(wireName: "sieve") == .sieve)
        for name in ["", "IMAP", "doveadm", "lmtp", "imap\u{0}"] { #expect(MailService(wireName: name) == nil) }
    }

    @Test("T-4: services, networks and expiry bound an app password, at their edges")
    func terms() throws {
        let now = WallInstant(seconds: 1_800_000_000)
        let office = try #require(AddressBlock("10.0.0.0/8"))
        let terms = AppPasswordTerms(
            services: [.smtp, .imap, .imap], networks: [office], expiresAt: now + .milliseconds(1))
        #expect(terms.services == [.imap, .smtp])
        let inside = NetworkAddress("10.255.255.255")
        #expect(terms.objection(to: .imap, from: inside, at: now) == nil)
        #expect(terms.objection(to: .imap, from: inside, at: now + .milliseconds(1)) == .expired)
        #expect(terms.objection(to: .pop3, from: inside, at: now) == .service)
        #expect(terms.objection(to: .imap, from: NetworkAddress("11.0.0.1"), at: now) == .network)
        #expect(terms.objection(to: .imap, from: NetworkAddress("::ffff:10.1.1.1"), at: now) == nil)
        #expect(terms.objection(to: .imap, from: nil, at: now) == .network)
        let open = AppPasswordTerms(services: [.imap], networks: [], expiresAt: nil)
        #expect(open.objection(to: .imap, from: nil, at: now) == nil)
    }

    @Test(
        "A11, R-LOCK-1, T-12: each state opens its services and no others",
        arguments: AccountKind.allCases, AccountStanding.allCases)
    func table(kind: AccountKind, standing: AccountStanding) {
        func denial(_ service: MailService) -> MailDenial? { MailDenial(of: service, kind: kind, standing: standing) }
        guard kind != .group else {
            #expect(MailService.allCases.allSatisfy { denial($0) == .noLogin })
            return
        }
        switch standing {
        case .active, .transferred: #expect(MailService.allCases.allSatisfy { denial($0) == nil })
        case .locked: #expect(MailService.allCases.allSatisfy { denial($0) == .locked })
        case .mustChange: #expect(MailService.allCases.allSatisfy { denial($0) == .mustChange })
        case .recalled:
            #expect(denial(.imap) == nil && denial(.pop3) == nil)
            #expect(denial(.smtp) == .recalled && denial(.sieve) == .recalled)
        case .transferEnded, .destroyed: #expect(MailService.allCases.allSatisfy { denial($0) == .noLogin })
        }
    }

    @Test("Reasons fit every mail protocol: ASCII, one line, at most 200 characters", arguments: MailDenial.allCases)
    func texts(_ denial: MailDenial) {
        #expect(denial.text.utf8.count <= 200)
        #expect(denial.text.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
    }
}
