import AuthDomain
import Testing

@Suite("Password policy (Điều 12)")
struct PasswordPolicyTests {
    static let blocklist = BlocklistTests.shipped
    static let policy = PasswordPolicy(blocklist: blocklist)
    static let anyone = PasswordContext(year: 2026)
    static let owner = PasswordContext(
        addresses: [MailboxAddress(canonical: "nguyenvanan_sotttt@hanoi.gov.vn")], displayName: "Nguyễn Văn Ân",
        organisation: "Sở Thông tin và Truyền thông", phones: ["+84 912 345 678"], year: 2026)

    static func codes(_ raw: String, _ context: PasswordContext = anyone, _ policy: PasswordPolicy = policy) -> [String]
    {
        switch policy.judge(raw, context: context) {
        case .acceptable: []
        case .rejected(let violations): violations.map(\.code)
        }
    }

    @Test(
        "R-PW-1 to R-PW-5, T-5: what Điều 12 allows and nobody guesses first is accepted",
        arguments: [
            "Matkhau1!", "ABCD1234!", "Matkhau1!*", "Mật khẩu@1", "Ma\u{323}\u{302}t kh\u{61}\u{302}\u{309}u@1",
            "ĐƯỜNGDÀI 7%", "đường Ế 9&", "Correct horse 7#", "8642097%Ơ", "Xk7$mQ2p", "    A1! ", "🔑🔑🔑🔑🔑A1!",
        ])
    func accepted(raw: String) {
        #expect(Self.codes(raw) == [])
        #expect(Self.codes(raw, Self.owner) == [])
    }

    @Test(
        "R-PW-1 to R-PW-4, R-PW-10: every broken rule is told at once",
        arguments: [
            ("", ["pw.too_short", "pw.no_uppercase", "pw.no_digit", "pw.no_special"]),
            ("a", ["pw.too_short", "pw.no_uppercase", "pw.no_digit", "pw.no_special"]),
            ("Matkhau1*", ["pw.no_special"]), ("Matkhau1-_^ ", ["pw.no_special"]), ("Matkhau1！", ["pw.no_special"]),
            ("Matkhau1＠＃", ["pw.no_special"]), ("Matkhau１!", ["pw.no_digit"]), ("Matkhau²!", ["pw.no_digit"]),
            ("xkqmvpz7!", ["pw.no_uppercase"]), ("ⅣⅣⅣⅣⅣ123!", ["pw.no_uppercase"]), ("Xk7$mQ2", ["pw.too_short"]),
            ("Ế1!e\u{302}\u{301}", ["pw.too_short"]), ("Xk7$mQ2\u{200B}", ["pw.bad_character"]),
            ("a\u{0}", ["pw.bad_character", "pw.too_short", "pw.no_uppercase", "pw.no_digit", "pw.no_special"]),
            (String(repeating: "A1!xyz", count: 22), ["pw.too_long"]),
            (String(repeating: "\u{0}", count: 99_999), ["pw.too_long"]),
        ])
    func composition(raw: String, codes: [String]) {
        #expect(Self.codes(raw) == codes)
    }

    @Test(
        "R-PW-5: passwords that pass Điều 12 to the letter but are guessable are refused",
        arguments: [
            "Hanoi@2026", "Thudo@123", "Abc@1234", "Vanthu@2026", "Matkhau@123", "hAnOi@2026", "HÀ NỘI@2026",
            "Hà Nội@2026",
            "H@n0i#2026", "Kythuat@1", "Hoangmai1!", "Sotttt@2025", "Ubnd@12345", "Hanoi@7391", "Ha-Noi_2026.%",
            "Hanoi#abc1",
            "Hanoi@qwe9",
            "Password1!", "P@ssw0rd1", "Admin@123", "Qwerty@123",
        ])
    func guessable(raw: String) {
        let codes = Self.codes(raw)
        #expect(!codes.isEmpty && Set(codes).isSubset(of: ["pw.common", "pw.context"]))
    }

    @Test(
        "R-PW-5: what is known about the owner is refused, to the owner only",
        arguments: [
            "Nguyenvanan1!", "NVAn@1987x", "Nguyen&Van9", "AnNV@2468", "An#345678K9", "Ng\u{75}yễn@97x",
            "TruyềnThông1!",
            "Nguyenv@n@n77",
        ])
    func owners(raw: String) {
        #expect(Self.codes(raw, Self.owner).contains("pw.context"))
        #expect(!Self.codes(raw).contains("pw.context"))
    }

    @Test(
        "R-PW-5: a known word is no bar when enough remains",
        arguments: ["Hanoi#muaThu8", "mailBox7Kqvzt!", "Thudo-9Kx$Lmqp", "2026#Kqvzta"])
    func enoughRemains(raw: String) {
        #expect(Self.codes(raw) == [])
    }

    @Test("R-PW-3: only A to Z count as capitals where so set")
    func uppercaseASCII() {
        let strict = PasswordPolicy(uppercaseASCIIOnly: true)
        #expect(Self.codes("đường Ế 9&", Self.anyone, strict) == ["pw.no_uppercase"])
        #expect(Self.codes("đường E 9&", Self.anyone, strict) == [])
    }

    @Test("R-PW-11: a stricter profile; the regulation's eight are the floor")
    func stricter() {
        #expect(Self.codes("Matkhau1!", Self.anyone, PasswordPolicy(minimumLength: 14)) == ["pw.too_short"])
        #expect(PasswordPolicy(minimumLength: 1).minimumLength == 8)
    }

    @Test("R-PW-7: history adds its own rules")
    func history() {
        #expect(PasswordPolicy.historyViolation(matchesIssued: true, matchesEarlier: true) == .isDefault)
        #expect(PasswordPolicy.historyViolation(matchesIssued: false, matchesEarlier: true) == .reused)
        #expect(PasswordPolicy.historyViolation(matchesIssued: false, matchesEarlier: false) == nil)
    }

    static let violations: [PolicyViolation] = [
        .tooShort(minimum: 8), .tooLong(maximum: 128), .noUppercase(onlyASCII: false), .noUppercase(onlyASCII: true),
        .noDigit, .noSpecial, .common, .context, .reused, .isDefault, .badCharacter,
    ]

    @Test("R-PW-10: every violation has a code, a text in both languages and its clause", arguments: violations)
    func texts(violation: PolicyViolation) {
        #expect(violation.code.hasPrefix("pw."))
        #expect(violation.message(.vietnamese) != violation.message(.english))
        switch violation {
        case .tooShort, .noUppercase, .noDigit, .noSpecial: #expect(violation.clause == "Điều 12 khoản 2")
        case .isDefault: #expect(violation.clause == "Điều 12 khoản 1")
        case .tooLong, .common, .context, .reused, .badCharacter: #expect(violation.clause == nil)
        }
    }

    @Test("R-PW-2: the refusal names the six characters", arguments: Language.allCases)
    func sixCharacters(language: Language) {
        #expect(PolicyViolation.noSpecial.message(language).contains("!, @, #, $, %, &"))
    }

    @Test("Long passwords and hostile contexts are judged within bounds")
    func bounded() {
        let context = PasswordContext(
            addresses: (0..<100).map {
                MailboxAddress(canonical: String(repeating: "ab", count: 32) + "\($0)@hanoi.gov.vn")
            },
            displayName: String(repeating: "ab", count: 100_000), phones: [String(repeating: "1", count: 100_000)],
            year: 2026)
        #expect(Self.codes(String(repeating: "ab", count: 62) + "A1!", context) == ["pw.context"])
    }
}

@Suite("Temporary passwords (R-FIRST-7)")
struct TemporaryPasswordTests {
    @Test("Whatever the random bytes, Điều 12 and the whole policy are kept")
    func withinPolicy() {
        var state: UInt64 = 42
        var seen: Set<String> = []
        for round in 0..<2000 {
            let random = (0..<TemporaryPassword.randomByteCount).map { _ -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 33)
            }
            let text = TemporaryPassword.make(random: random).revealed()
            seen.insert(text)
            #expect(
                PasswordPolicyTests.codes(text, round % 2 == 0 ? PasswordPolicyTests.owner : PasswordPolicyTests.anyone)
                    == [])
            #expect(text.utf8.count == 19)
            #expect(text.utf8.allSatisfy { !"IOilo01".utf8.contains($0) })
        }
        #expect(seen.count == 2000)
    }

    @Test("Degenerate random bytes give a password within the policy", arguments: [0x00, 0x80, 0xFF] as [UInt8])
    func degenerate(byte: UInt8) {
        let password = TemporaryPassword.make(
            random: [UInt8](repeating: byte, count: TemporaryPassword.randomByteCount))
        #expect(PasswordPolicyTests.codes(password.revealed()) == [])
    }

    @Test("Every choice is as likely as every other")
    func unbiased() {
        var counts: [UInt8: Int] = [:]
        for value in 0..<24_000 {
            let number = UInt64(value) * (UInt64.max / 24_000)
            let random = (0..<19).flatMap { _ in
                (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
            }
            let first = TemporaryPassword.make(random: random).utf8.withBytes { $0[0] }
            counts[first, default: 0] += 1
        }
        #expect(counts.count == 24)
        for count in counts.values { #expect((999...1001).contains(count)) }
    }
}
