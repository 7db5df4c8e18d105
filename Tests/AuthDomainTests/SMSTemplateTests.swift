import AuthDomain
import Testing

@Suite("SMS texts (R-SMS-2, R-SMS-3, R-SMS-5, R-OTP-7)")
struct SMSTemplateTests {
    private static func limits(parts: Int = 1, digits: OTPDigits = .six, host: String? = "sso.thudo.gov.vn")
        -> SMSTemplateLimits
    {
        SMSTemplateLimits(maximumParts: parts, digits: digits, origin: host.flatMap { WebOrigin(host: $0) })
    }

    private static func mailbox(_ localPart: String) -> MailboxAddress {
        MailboxAddress(canonical: localPart + "@hanoi.gov.vn")
    }

    /// As long as issued ones get, with every character that they may have beside letters and digits.
    private static let password = "Kt2Mx8Pr6!@#$%&b7!Rt5Yk3Wm8aB"

    private static func code(_ text: String) throws -> SMSCode { SMSCode(drawn: try OTPCode(parsing: text)) }

    @Test(
        "The default texts are one GSM-7 part, whatever the mailbox and the number of digits",
        arguments: SMSTemplateKey.all)
    func defaults(key: SMSTemplateKey) throws {
        for digits in OTPDigits.allCases {
            let template = try SMSTemplate(
                SMSTemplates.defaultText(key), purpose: key.purpose, limits: Self.limits(digits: digits))
            #expect(template.longest.encoding == .gsm7 && template.longest.parts == 1)
            #expect(template.namesMailbox == (key.servesSeveral || key.purpose.carriesPassword))
            let code = key.purpose.carriesCode ? try Self.code(String(repeating: "7", count: digits.rawValue)) : nil
            let password = key.purpose.carriesPassword ? Self.password : nil
            for length in 1...64 {
                let mailbox = Self.mailbox(String(repeating: "_", count: length))
                let text = try #require(
                    template.text(code: code, password: password, mailbox: mailbox, validFor: .seconds(600)))
                let parts = SMSParts(text)
                #expect(parts.encoding == .gsm7 && parts.parts == 1 && parts.units <= template.longest.units)
            }
        }
    }

    @Test("R-SMS-3: human text first, and the origin-bound code alone in the last line")
    func signInText() throws {
        let (templates, faults) = SMSTemplates.checked(texts: [:], limits: Self.limits())
        #expect(faults.isEmpty)
        let all = try #require(templates)
        let one = all[SMSTemplateKey(language: .vietnamese, purpose: .login, servesSeveral: false)]
        #expect(
            one.text(code: try Self.code("012345"), mailbox: Self.mailbox("nva_sxd"), validFor: .seconds(300))
                == "Ma dang nhap hop thu cong vu: 012345. Hieu luc 5 phut. Khong chia se ma nay cho bat ky ai.\n@sso.thudo.gov.vn #012345"
        )
        let several = all[SMSTemplateKey(language: .vietnamese, purpose: .login, servesSeveral: true)]
        #expect(
            several.text(code: try Self.code("012345"), mailbox: Self.mailbox("nva_sxd"), validFor: .seconds(59))
                == "Ma dang nhap hop thu nva_sxd: 012345. Hieu luc 1 phut. Khong chia se ma nay cho bat ky ai.\n@sso.thudo.gov.vn #012345"
        )
        let changed = all[SMSTemplateKey(language: .vietnamese, purpose: .phoneChanged, servesSeveral: true)]
        #expect(
            changed.text(code: nil, mailbox: Self.mailbox("nva_sxd"), validFor: .zero)
                == "So dien thoai nhan ma OTP cua hop thu nva_sxd da duoc doi. Neu khong dung, hay bao ngay bo phan quan tri."
        )
    }

    @Test("Without an origin the last line is left out, line feed and all")
    func noOrigin() throws {
        let template = try SMSTemplate("Ma {code}.\n{origin}", purpose: .login, limits: Self.limits(host: nil))
        #expect(
            template.text(code: try Self.code("123456"), mailbox: Self.mailbox("a"), validFor: .zero) == "Ma 123456.")
    }

    @Test(
        "Minutes are told to the nearest one, between one and ten",
        arguments: [
            (0, "1"), (59, "1"), (89, "1"), (90, "2"), (269, "4"), (270, "5"), (299, "5"), (600, "10"), (900, "10"),
        ])
    func minutes(seconds: Int, shown: String) throws {
        let template = try SMSTemplate(
            "Ma {code}, {minutes} phut", purpose: .login, limits: SMSTemplateLimits(origin: nil))
        let text = template.text(
            code: try Self.code("123456"), mailbox: Self.mailbox("a"), validFor: .seconds(seconds))
        #expect(text == "Ma 123456, \(shown) phut")
    }

    @Test("A code must be there when the purpose has one, not otherwise, and no longer than measured")
    func codePresence() throws {
        let login = try SMSTemplate("Ma {code}", purpose: .login, limits: Self.limits())
        let notice = try SMSTemplate("Da doi so", purpose: .phoneChanged, limits: Self.limits())
        let box = Self.mailbox("a")
        #expect(login.text(code: nil, mailbox: box, validFor: .zero) == nil)
        #expect(login.text(code: try Self.code("12345678"), mailbox: box, validFor: .zero) == nil)
        #expect(notice.text(code: try Self.code("123456"), mailbox: box, validFor: .zero) == nil)
        #expect(notice.text(code: nil, mailbox: box, validFor: .zero) == "Da doi so")
    }

    @Test("A long name keeps both its ends; a short one is whole")
    func abbreviation() throws {
        // 144 septets beside the name leave it sixteen.
        let source = "{mailbox}{code}" + String(repeating: "x", count: 138)
        let template = try SMSTemplate(source, purpose: .login, limits: Self.limits())
        #expect(template.mailboxWidth == 16 && template.longest.units == 160)
        let code = try Self.code("123456")
        for (name, shown) in [
            ("vanthu_sxd", "vanthu_sxd"), ("nguyenvanan_sxd1", "nguyenvanan_sxd1"),
            ("nguyenthithanhhuyen_sotttt", "nguyent.._sotttt"),
        ] {
            let text = try #require(template.text(code: code, mailbox: Self.mailbox(name), validFor: .zero))
            #expect(text.hasPrefix(shown + "123456"))
            #expect(SMSParts(text).parts == 1)
        }
        #expect(throws: SMSTemplateError.self) {
            try SMSTemplate(source + "x", purpose: .login, limits: Self.limits())
        }
        #expect(try SMSTemplate("{mailbox} {code}", purpose: .login, limits: Self.limits()).mailboxWidth == 64)
    }

    static let faulty: [(String, SMSTemplateError)] = [
        ("", .wrongLength), (String(repeating: "a", count: 1001), .wrongLength),
        ("Ma OTP", .missingCode), ("{mailbox}", .missingCode), ("{code} {code}", .extraCode),
        ("Ma {code}\n@sso.thudo.gov.vn #{code}", .extraCode), ("{code} goi 1900", .extraCode),
        ("{code} 123456", .extraCode),
        ("{code} {url}", .unknownPlace("url")), ("{code} {Code}", .unknownPlace("Code")),
        ("{code} {}", .unknownPlace("")),
        ("{code} {" + String(repeating: "x", count: 500) + "}", .unknownPlace(String(repeating: "x", count: 32))),
        ("{code", .strayBrace), ("code}", .strayBrace), ("{code} {", .strayBrace), ("{{code}}", .strayBrace),
        ("{co{code}de}", .strayBrace),
        ("{code} {origin}", .misplacedOrigin), ("{origin}\n{code}", .misplacedOrigin),
        ("{code}{origin}", .misplacedOrigin),
        ("{code}\n{origin} x", .misplacedOrigin), ("{code}\n{origin}\n{origin}", .misplacedOrigin),
        ("{code} https://sso.thudo.gov.vn", .link), ("{code} sso.thudo.gov.vn", .link), ("{code} a@b", .link),
        ("{code} {mailbox}.vn", .link), ("@{mailbox} {code}", .link), ("{code} tel://x", .link), ("x:/{code}", .link),
        ("{code}\t", .controlCharacter), ("{code}\r\n", .controlCharacter), ("{code}\u{0}", .controlCharacter),
    ]

    @Test("The linter names what is wrong", arguments: faulty)
    func refused(source: String, error: SMSTemplateError) {
        #expect(throws: error) { try SMSTemplate(source, purpose: .login, limits: Self.limits()) }
    }

    @Test("A notice has no code and no origin")
    func notice() {
        #expect(throws: SMSTemplateError.extraCode) {
            try SMSTemplate("{code}", purpose: .phoneChanged, limits: Self.limits())
        }
        #expect(throws: SMSTemplateError.misplacedOrigin) {
            try SMSTemplate("Da doi so\n{origin}", purpose: .phoneChanged, limits: Self.limits())
        }
    }

    @Test("A text with a password names the mailbox, holds the password once, and no other purpose has one (R-PW-8)")
    func password() throws {
        let key = SMSTemplateKey(language: .vietnamese, purpose: .temporaryPassword, servesSeveral: false)
        let template = SMSTemplates.standard[key]
        let an = Self.mailbox("nguyenthithanhhuyen_phongcntt_sotttt")
        let text = try #require(template.text(code: nil, password: Self.password, mailbox: an, validFor: .zero))
        #expect(
            text == "Mat khau tam thoi hop thu nguyenthithanhhuyen_phongcntt_sotttt: \(Self.password)\n"
                + "Hay doi ngay khi dang nhap. Khong chia se cho ai.")
        #expect(template.text(code: nil, mailbox: an, validFor: .zero) == nil)
        #expect(template.text(code: nil, password: Self.password + "x", mailbox: an, validFor: .zero) == nil)
        func fault(_ text: String, _ purpose: SMSPurpose) -> SMSTemplateError? {
            do throws(SMSTemplateError) {
                _ = try SMSTemplate(text, purpose: purpose, limits: Self.limits())
                return nil
            } catch { return error }
        }
        #expect(fault("{mailbox}", .temporaryPassword) == .missingPassword)
        #expect(fault("{mailbox} {password} {password}", .temporaryPassword) == .extraPassword)
        #expect(fault("{mailbox} {password}", .deadlineNear) == .extraPassword)
        #expect(fault("{password} {code}", .login) == .extraPassword)
        let (_, faults) = SMSTemplates.checked(texts: [key: "Mat khau {password}"], limits: Self.limits())
        #expect(faults.map(\.reason) == [.missingMailbox])
    }

    @Test("A text over its limit is refused with both counts, and passes where more parts are allowed")
    func tooLong() throws {
        let accented =
            "Mã OTP: {code}. Hiệu lực {minutes} phút. Không chia sẻ mã này cho bất kỳ ai.\n{origin}"
        let error = #expect(throws: SMSTemplateError.self) {
            try SMSTemplate(accented, purpose: .login, limits: Self.limits())
        }
        guard case .tooManyParts(let parts, let unaccented) = error else {
            Issue.record("another error")
            return
        }
        #expect(parts.encoding == .ucs2 && parts.parts == 2)
        #expect(unaccented.encoding == .gsm7 && unaccented.parts == 1)
        let allowed = try SMSTemplate(accented, purpose: .login, limits: Self.limits(parts: 2))
        #expect(allowed.longest == parts)
        // The same text typed with combining marks is the same template.
        let decomposed = accented.unicodeScalars.reduce(into: "") { text, scalar in
            text += scalar == "ã" ? "a\u{303}" : String(scalar)
        }
        #expect(try SMSTemplate(decomposed, purpose: .login, limits: Self.limits(parts: 2)).longest == parts)
    }

    @Test("All faults are reported at once, and a text for several mailboxes must name one")
    func allFaults() {
        let plain = SMSTemplateKey(language: .vietnamese, purpose: .login, servesSeveral: false)
        let several = SMSTemplateKey(language: .english, purpose: .check, servesSeveral: true)
        let (templates, faults) = SMSTemplates.checked(
            texts: [plain: "Ma", several: "Code {code}"], limits: Self.limits())
        #expect(templates == nil)
        #expect(faults.map(\.key) == [plain, several])
        #expect(faults.map(\.reason) == [.missingCode, .missingMailbox])
    }

    @Test(
        "An origin is a bare host name",
        arguments: [
            ("sso.thudo.gov.vn", true), ("SSO.Thudo.gov.vn", true), ("localhost", false), ("https://sso.vn", false),
            ("sso.vn:443", false), ("sso.vn/x", false), ("", false), (".vn", false), ("a..vn", false), ("-a.vn", false),
            ("a.vn #1", false), ("thủđô.vn", false), (String(repeating: "a", count: 62) + ".vn", false),
        ])
    func origins(host: String, isOrigin: Bool) {
        #expect((WebOrigin(host: host) != nil) == isOrigin)
    }

    @Test("Random templates are taken or refused; what is taken keeps to its parts")
    func random() throws {
        let stretches = [
            "{code}", "{mailbox}", "{minutes}", "{origin}", "{", "}", "\n", ".", "@", ":", "//", "a", "ạ", "€", "1",
            " ", "😀",
            String(repeating: "b", count: 60),
        ]
        let limits = Self.limits(parts: 2)
        let code = try Self.code("123456")
        var state: UInt64 = 88_172_645_463_325_252
        var taken = 0
        for _ in 0..<5000 {
            var source = ""
            for _ in 0..<(state % 12) + 1 {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                source += stretches[Int(state % UInt64(stretches.count))]
            }
            guard let template = try? SMSTemplate(source, purpose: .login, limits: limits) else { continue }
            taken += 1
            let mailbox = Self.mailbox(String(repeating: "x", count: Int(state % 64) + 1))
            let text = try #require(template.text(code: code, mailbox: mailbox, validFor: .seconds(600)))
            #expect(SMSParts(text).parts <= 2 && text.contains("123456") && !text.contains("{"))
        }
        #expect(taken > 50)
    }
}
