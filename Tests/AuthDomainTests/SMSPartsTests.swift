import AuthDomain
import Testing

@Suite("Parts of a short message (R-SMS-2)")
struct SMSPartsTests {
    struct Case: Sendable, CustomStringConvertible {
        let text: String
        let encoding: SMSEncoding
        let units: Int
        let parts: Int

        init(_ text: String, _ encoding: SMSEncoding, _ units: Int, _ parts: Int) {
            self.text = text
            self.encoding = encoding
            self.units = units
            self.parts = parts
        }

        var description: String { "\(encoding) \(units) \(parts): \(text.prefix(24))" }
    }

    private static func a(_ count: Int) -> String { String(repeating: "a", count: count) }
    private static func â(_ count: Int) -> String { String(repeating: "â", count: count) }
    private static func smile(_ count: Int) -> String { String(repeating: "😀", count: count) }

    static let cases: [Case] = [
        Case("", .gsm7, 0, 0),
        Case("a", .gsm7, 1, 1),
        Case(a(159), .gsm7, 159, 1),
        Case(a(160), .gsm7, 160, 1),
        Case(a(161), .gsm7, 161, 2),
        Case(a(306), .gsm7, 306, 2),
        Case(a(307), .gsm7, 307, 3),
        Case(a(459), .gsm7, 459, 3),
        Case(a(460), .gsm7, 460, 4),
        Case("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ", .gsm7, 31, 1),
        Case(" !\"#¤%&'()*+,-./0123456789:;<=>?", .gsm7, 32, 1),
        Case("¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§", .gsm7, 32, 1),
        Case("¿abcdefghijklmnopqrstuvwxyzäöñüà", .gsm7, 32, 1),
        Case("{", .gsm7, 2, 1),
        Case("^{}\\[~]|€\u{C}", .gsm7, 20, 1),
        Case(a(158) + "€", .gsm7, 160, 1),
        Case(a(159) + "€", .gsm7, 161, 2),
        Case(a(152) + "€" + a(7), .gsm7, 161, 2),
        // The escape would be the 153rd septet of the first part: the character moves whole to the next.
        Case(a(152) + "€" + a(151), .gsm7, 305, 2),
        Case(a(152) + "€" + a(152), .gsm7, 306, 3),
        Case(a(151) + "€" + a(153), .gsm7, 306, 2),
        Case(String(repeating: "{", count: 80), .gsm7, 160, 1),
        Case(String(repeating: "{", count: 81), .gsm7, 162, 2),
        Case(String(repeating: "{", count: 152), .gsm7, 304, 2),
        Case(String(repeating: "{", count: 153), .gsm7, 306, 3),
        Case("à è é ì ò ù", .gsm7, 11, 1),
        Case("ç", .ucs2, 1, 1),
        Case("`", .ucs2, 1, 1),
        Case("\t", .ucs2, 1, 1),
        Case("Mã OTP của bạn", .ucs2, 14, 1),
        Case("đ", .ucs2, 1, 1),
        Case("e\u{300}", .ucs2, 2, 1),
        Case(â(69), .ucs2, 69, 1),
        Case(â(70), .ucs2, 70, 1),
        Case(â(71), .ucs2, 71, 2),
        Case(â(134), .ucs2, 134, 2),
        Case(â(135), .ucs2, 135, 3),
        Case(a(69) + "â", .ucs2, 70, 1),
        Case(a(160) + "â", .ucs2, 161, 3),
        Case("“ngoặc”…", .ucs2, 8, 1),
        Case("😀", .ucs2, 2, 1),
        Case(smile(35), .ucs2, 70, 1),
        Case(smile(36), .ucs2, 72, 2),
        // 33 pairs fill 66 of 67 units: the odd one stays free in every part.
        Case(smile(66), .ucs2, 132, 2),
        Case(smile(67), .ucs2, 134, 3),
        Case(a(66) + "😀" + a(3), .ucs2, 71, 2),
        Case(a(66) + "😀" + a(65), .ucs2, 133, 2),
        Case(a(66) + "😀" + a(66), .ucs2, 134, 3),
        Case(a(65) + "😀" + a(67), .ucs2, 134, 2),
        Case("👨‍👩‍👧", .ucs2, 8, 1),
        Case("\u{0}", .ucs2, 1, 1),
        Case("\u{1B}", .ucs2, 1, 1),
        Case("\u{2126}", .ucs2, 1, 1),
        Case(
            "Ma OTP: 123456. Hieu luc 5 phut. Khong chia se ma nay cho bat ky ai.\n@sso.thudo.gov.vn #123456", .gsm7,
            94, 1),
    ]

    @Test("Encoding, units and parts of a table of texts", arguments: cases)
    func table(sample: Case) {
        let counted = SMSParts(sample.text)
        #expect(counted.encoding == sample.encoding && counted.units == sample.units && counted.parts == sample.parts)
    }

    @Test("The table is as long as the issue wants it, and every text stands in it once")
    func tableSize() {
        #expect(Self.cases.count >= 30 && Set(Self.cases.map(\.text)).count == Self.cases.count)
    }

    @Test("Of the accented lower-case letters of Vietnamese only six are in GSM-7")
    func vietnameseLetters() {
        let letters =
            "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
        #expect(letters.count == 67)
        #expect(letters.filter { SMSParts(String($0)).encoding == .gsm7 } == "àèéìòù")
    }

    @Test("A very long text is counted, not feared")
    func long() {
        #expect(SMSParts(Self.a(1_000_000)).parts == (1_000_000 + 152) / 153)
    }
}
