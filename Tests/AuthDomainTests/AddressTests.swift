import AuthDomain
import Testing

@Suite("Mailbox addresses")
struct AddressTests {
    static let domains = ["hanoi.gov.vn", "thudo.gov.vn"]

    @Test(
        "R-ADDR-5: one mailbox, however the name is typed",
        arguments: [
            ("ivan_x@hanoi.gov.vn", "ivan_x@hanoi.gov.vn"),
            ("IVAN_X@Hanoi.GOV.vn", "ivan_x@hanoi.gov.vn"),
            ("ivan_x", "ivan_x@hanoi.gov.vn"),
            (" \t\u{A0}ivan_x@hanoi.gov.vn\u{3000}\n", "ivan_x@hanoi.gov.vn"),
            ("ivan_x@thudo.gov.vn", "ivan_x@thudo.gov.vn"),
            ("kythuat@hanoi.gov.vn", "kythuat@hanoi.gov.vn"),
            ("Nguyen.Van-A@hanoi.gov.vn", "nguyen.van-a@hanoi.gov.vn"),
            ("a+b@hanoi.gov.vn", "a+b@hanoi.gov.vn"),
        ])
    func canonical(raw: String, text: String) throws {
        #expect(try MailboxAddress(parsing: raw, domains: Self.domains).text == text)
    }

    @Test(
        "R-ADDR-5: what is no address here is refused",
        arguments: [
            ("", .empty), (" \n\u{3000}", .empty),
            ("ivan_x@gmail.com", .foreignDomain), ("ivan_x@mail.hanoi.gov.vn", .foreignDomain),
            ("ivan_x@hanoi.gov.vn.", .foreignDomain), ("ivan_x@xn--hni-8la.gov.vn", .foreignDomain),
            ("ivan_x@", .malformed), ("@hanoi.gov.vn", .malformed), ("a@b@hanoi.gov.vn", .malformed),
            ("ivan x@hanoi.gov.vn", .malformed), (".ivan@hanoi.gov.vn", .malformed), ("ivan.@hanoi.gov.vn", .malformed),
            ("i..van@hanoi.gov.vn", .malformed), ("ivan:x@hanoi.gov.vn", .malformed),
            ("\"ivan\"@hanoi.gov.vn", .malformed),
            ("ivan\u{0}@hanoi.gov.vn", .malformed), ("ivan\r\nx@hanoi.gov.vn", .malformed),
            ("ivаn_x@hanoi.gov.vn", .notASCII), ("nguyễn_x@hanoi.gov.vn", .notASCII),
            ("ivan_x@hànội.gov.vn", .notASCII), ("\u{212A}ythuat@hanoi.gov.vn", .notASCII),
            ("ivan_x＠hanoi.gov.vn", .notASCII), ("iv\u{200B}an@hanoi.gov.vn", .notASCII),
            (String(repeating: "a", count: 65), .tooLong), (String(repeating: "a", count: 100_000), .tooLong),
        ] as [(String, AddressError)])
    func refused(raw: String, error: AddressError) {
        #expect(throws: error) { try MailboxAddress(parsing: raw, domains: Self.domains) }
    }

    @Test("R-ADDR-5: 254 characters are the most")
    func longest() {
        let domain = String(repeating: "d", count: 190)
        #expect(throws: Never.self) {
            try MailboxAddress(parsing: String(repeating: "a", count: 63), domains: [domain])
        }
        #expect(throws: AddressError.tooLong) {
            try MailboxAddress(parsing: String(repeating: "a", count: 64), domains: [domain])
        }
        #expect(throws: AddressError.foreignDomain) { try MailboxAddress(parsing: "a", domains: []) }
    }

    @Test("An address tells its parts")
    func parts() {
        let address = MailboxAddress(canonical: "vanthu_sotttt@hanoi.gov.vn")
        #expect(address.localPart == "vanthu_sotttt")
        #expect(address.domain == "hanoi.gov.vn")
    }

    @Test(
        "Điều 5: names that depart from the rule draw a warning (R-ADDR-2, R-ADDR-3)",
        arguments: [
            ("vanthu_sotttt@hanoi.gov.vn", .clerical, []),
            ("kythuat_hoangmai@hanoi.gov.vn", .technical, []),
            ("sotttt@hanoi.gov.vn", .organisation, []),
            ("pdk_hoangmai@hanoi.gov.vn", .organisation, []),
            ("nguyenvana_sotttt@hanoi.gov.vn", .personal, []),
            ("nguyenvana2_sotttt@hanoi.gov.vn", .personal, []),
            ("vanthudonvi@hanoi.gov.vn", .group, []),
            ("sotttt@hanoi.gov.vn", .clerical, [.missingPrefix("vanthu_")]),
            ("kythuat@hanoi.gov.vn", .technical, [.missingPrefix("kythuat_")]),
            ("nguyenvana@hanoi.gov.vn", .personal, [.missingOrganisation]),
            ("nguyen.van-a@hanoi.gov.vn", .personal, [.characters, .missingOrganisation]),
            ("nguyenvana_sotttt@thudo.gov.vn", .personal, [.otherDomain]),
            ("nguyenvana__sotttt@hanoi.gov.vn", .personal, [.characters]),
        ] as [(String, AccountKind, [AddressWarning])])
    func lint(text: String, kind: AccountKind, warnings: [AddressWarning]) {
        #expect(AddressLint.warnings(for: MailboxAddress(canonical: text), kind: kind) == warnings)
    }

    @Test("Every warning names its clause and speaks both languages")
    func warningTexts() {
        let all: [AddressWarning] = [
            .characters, .missingPrefix("vanthu_"), .missingPrefix("kythuat_"), .missingOrganisation, .otherDomain,
        ]
        #expect(all.map(\.clause) == ["Điều 5", "Điều 5.1.a", "Điều 5.1.b", "Điều 5.2", "Điều 5"])
        for warning in all { #expect(warning.message(.vietnamese) != warning.message(.english)) }
    }
}
