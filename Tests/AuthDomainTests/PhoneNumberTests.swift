import AuthDomain
import Testing

@Suite("Telephone numbers (R-SMS-1, R-PHONE-7, R-PHONE-8, R-PDP-3)")
struct PhoneNumberTests {
    @Test(
        "R-PHONE-8: every usual spelling is one number",
        arguments: [
            "0912345678", "+84912345678", "84912345678", "0084912345678", " 0912 345 678 ", "0912.345.678",
            "0912-345-678", "(0912) 345678", "+84 912 345 678", "(+84) 912-345-678", "+84 (0)912 345 678",
            "+840912345678", "[84] 912 345 678", "0912\u{A0}345\u{2009}678", "0912\u{2013}345\u{2011}678",
            "\u{202A}+84912345678\u{202C}", "\u{FEFF}0912345678", "0912345678,", "0912345678\r\n", "; 0912345678",
        ])
    func spellings(raw: String) throws {
        let phone = try PhoneNumber(parsing: raw)
        #expect(phone.e164 == "+84912345678")
        #expect(phone.isMobile && phone.takesSMS)
        #expect(phone == PhoneNumber(e164: "+84912345678"))
    }

    private static let laos = PhoneNumberTests.code("856")
    private static let northAmerica = PhoneNumberTests.code("1")
    private static let russia = PhoneNumberTests.code("7")
    private static let germany = PhoneNumberTests.code("49")

    private static func code(_ text: String) -> CallingCode {
        guard let code = CallingCode(text) else { preconditionFailure("a code of this file") }
        return code
    }

    static let badNumbers: [(String, PhoneError)] = [
        ("", .empty), ("   ", .empty), ("-.()", .empty), (",;/", .empty),
        ("không có", .malformed), ("0912345678 (Lan)", .malformed), ("0912345678 ext 5", .malformed),
        ("0912345678, Lan", .malformed), ("O912345678", .malformed), ("091234567", .malformed),
        ("912345678", .malformed), ("09123456789", .malformed), ("+8491234567", .malformed), ("0", .malformed),
        ("00", .malformed), ("+", .malformed), ("++84912345678", .malformed), ("0+84912345678", .malformed),
        ("０９１２３４５６７８", .malformed), ("٠٩١٢٣٤٥٦٧٨", .malformed), ("0９12345678", .malformed),
        ("0000912345678", .malformed), ("09123456780912", .malformed),
        (String(repeating: "0", count: 129), .tooLong), (String(repeating: "\u{301}", count: 65), .tooLong),
        (String(repeating: "9", count: 128), .several),
        ("0912345678 0987654321", .several), ("0912345678/0987654321", .several), ("0912345678;0987654321", .several),
        ("0912345678, 0987654321", .several), ("0912345678\n0987654321", .several), ("0912345678/79", .several),
        ("0912 345 678 - 0987 654 321", .several), ("+84912345678+84987654321", .several),
        ("+84912345678 +84987654321", .several), ("09123456780987654321", .several),
        ("0552345678", .unassigned), ("0592345678x", .malformed), ("0612345678", .unassigned),
        ("0992345678", .unassigned), ("0121234567", .unassigned),
        ("0187 123 4567", .unassigned), ("0438253536", .unassigned), ("19001234567", .malformed),
        ("+8562055512345", .foreignCountry(laos)), ("0012025550123", .foreignCountry(northAmerica)),
        ("+79161234567", .foreignCountry(russia)), ("+4915112345678", .foreignCountry(germany)),
    ]

    @Test("Rubbish, two numbers in one cell, and unknown ranges are refused by name", arguments: badNumbers)
    func refused(raw: String, error: PhoneError) {
        #expect(throws: error) { try PhoneNumber(parsing: raw) }
    }

    /// The pattern of R-SMS-1 behind `+84`, written once more by hand.
    private static func matchesPattern(_ national: String) -> Bool {
        let digits = national.utf8.map { Int($0) - 0x30 }
        guard digits.count == 9 else { return false }
        return switch (digits[0], digits[1], digits[2]) {
        case (5, 2, 2), (5, 2, 3), (5, 2, 8), (5, 5, 9), (8, 9, 6...9), (9, 9, 0...1), (9, 9, 3...9): true
        case (3, _, _), (5, 6, _), (5, 8...9, _), (7, 0, _), (7, 6...9, _), (8, 1...8, _), (9, 0...8, _): true
        default: false
        }
    }

    @Test("R-SMS-1: the table of ranges says what the pattern says, for all thousand beginnings")
    func ranges() {
        for beginning in 0...999 {
            let head = String(beginning)
            let national = String(repeating: "0", count: 3 - head.utf8.count) + head + "123456"
            let phone = try? PhoneNumber(parsing: "+84 " + national)
            // A leading zero is a trunk zero, and leaves eight digits.
            let expected = national.first != "0" && Self.matchesPattern(national)
            #expect((phone?.isMobile ?? false) == expected, "\(national)")
        }
    }

    @Test(
        "R-SMS-1: a number from before 2018 is refused with its new prefix",
        arguments: [
            ("0120", "070"), ("0121", "079"), ("0122", "077"), ("0126", "076"), ("0128", "078"), ("0123", "083"),
            ("0124", "084"), ("0125", "085"), ("0127", "081"), ("0129", "082"), ("0162", "032"), ("0163", "033"),
            ("0164", "034"), ("0165", "035"), ("0166", "036"), ("0167", "037"), ("0168", "038"), ("0169", "039"),
            ("0186", "056"), ("0188", "058"), ("0199", "059"),
        ])
    func oldPrefixes(old: String, new: String) throws {
        for raw in [old + "1234567", "+84 " + old.dropFirst() + " 123 4567", "84" + old.dropFirst() + "1234567"] {
            #expect(throws: PhoneError.oldPrefix(old: old, new: new)) { try PhoneNumber(parsing: raw) }
        }
        #expect(try PhoneNumber(parsing: new + "1234567").isMobile, "the new prefix is a mobile range")
    }

    @Test(
        "R-PHONE-7: fixed lines are kept and take no SMS",
        arguments: [
            ("024 3825 3536", "+842438253536"), ("+84 28 3829 1234", "+842838291234"),
            ("0203.382.1234", "+842033821234"),
        ])
    func landlines(raw: String, e164: String) throws {
        let phone = try PhoneNumber(parsing: raw)
        #expect(phone.e164 == e164 && phone.line == .landline && !phone.isMobile && !phone.takesSMS)
        #expect(PhoneNumber(e164: e164) == phone)
    }

    @Test("Foreign numbers only from allowed countries, with + or 00")
    func foreign() throws {
        for raw in ["+856 20 555 12345", "00856 20 555 12345"] {
            let phone = try PhoneNumber(parsing: raw, allowing: [Self.laos])
            #expect(phone.e164 == "+8562055512345" && phone.line == .foreign && phone.takesSMS && !phone.isMobile)
            #expect(phone.callingCode == Self.laos)
            #expect(throws: PhoneError.foreignCountry(Self.laos)) {
                try PhoneNumber(parsing: raw, allowing: [Self.germany])
            }
        }
        #expect(throws: PhoneError.malformed) { try PhoneNumber(parsing: "8562055512345", allowing: [Self.laos]) }
        #expect(throws: PhoneError.malformed) {
            try PhoneNumber(parsing: "+8561234567890123", allowing: [Self.laos])
        }
        #expect(throws: PhoneError.oldPrefix(old: "0122", new: "077")) {
            try PhoneNumber(parsing: "01221234567", allowing: [Self.laos, Self.northAmerica])
        }
    }

    @Test(
        "A calling code is read only when it is a whole one",
        arguments: [
            ("84", true), ("+84", true), ("1", true), ("+7", true), ("856", true), ("8", false), ("85", false),
            ("842", false), ("12", false), ("", false), ("+", false), ("0", false), ("084", false), ("+8561", false),
            ("ab", false), ("８４", false),
        ])
    func callingCodes(text: String, isCode: Bool) {
        #expect((CallingCode(text) != nil) == isCode)
    }

    @Test("Gateways get the number in their own form")
    func formats() throws {
        let phone = try PhoneNumber(parsing: "0912345678")
        #expect(phone.formatted(.e164) == "+84912345678")
        #expect(phone.formatted(.international) == "84912345678")
        #expect(phone.formatted(.national) == "0912345678")
        #expect(PhoneFormat.allCases.map(\.rawValue) == ["e164", "84", "0"])
        let foreign = try PhoneNumber(parsing: "+85620555123", allowing: [Self.laos])
        #expect(foreign.formatted(.national) == "0085620555123")
    }

    @Test(
        "Budgets count under a prefix that names nobody",
        arguments: [
            ("0912345678", "+8491"), ("0389999999", "+8438"), ("02438253536", "+8424"), ("+12025550123", "+1202"),
            ("+8562055512345", "+85620"), ("+79161234567", "+791"),
        ])
    func prefixes(raw: String, prefix: String) throws {
        let phone = try PhoneNumber(parsing: raw, allowing: [Self.laos, Self.northAmerica, Self.russia])
        #expect(phone.prefix.text == prefix && PhonePrefix(prefix) == phone.prefix)
    }

    @Test("R-PDP-3: a number is described by its mask alone")
    func redacted() throws {
        let phone = try PhoneNumber(parsing: "0912345678")
        #expect(phone.masked.text == "******678")
        var dumped = ""
        dump(phone, to: &dumped)
        for shown in ["\(phone)", String(reflecting: phone), dumped, "\([phone])", "\(Optional(phone) as Any)"] {
            #expect(!shown.contains("912345") && shown.contains("******678"))
        }
    }

    @Test(
        "A stored number is read back, even when its range is gone; rubbish is not",
        arguments: [
            ("+84912345678", true), ("+8562055512345", true), ("+84552345678", true), ("84912345678", false),
            ("+", false), ("+8491234", false), ("+0912345678", false), ("+84912345678x", false), ("", false),
            ("+1234567890123456", false), (String(repeating: "+", count: 100_000), false),
        ])
    func stored(text: String, isRead: Bool) {
        let phone = PhoneNumber(e164: text)
        #expect((phone != nil) == isRead)
        if let phone { #expect(phone.e164 == text) }
        if text == "+84552345678" { #expect(phone?.takesSMS == false) }
    }

    @Test("Random rubbish is read or refused; what is read is one number in E.164")
    func random() {
        let characters = Array("0123456789009128484++ .-()/,;\u{A0}\u{202A}ạ😀\n")
        var state: UInt64 = 0x2545_F491_4F6C_DD1D
        for _ in 0..<20_000 {
            var raw = ""
            for _ in 0..<(state % 24) {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                raw.append(characters[Int(state % UInt64(characters.count))])
            }
            state &+= 0x9E37_79B9_7F4A_7C15
            guard let phone = try? PhoneNumber(parsing: raw, allowing: [Self.germany, Self.russia]) else { continue }
            #expect(PhoneNumber(e164: phone.e164) == phone)
            #expect((try? PhoneNumber(parsing: phone.e164, allowing: [phone.callingCode])) == phone)
        }
    }
}
