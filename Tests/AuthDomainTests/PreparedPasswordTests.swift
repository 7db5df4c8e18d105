import AuthDomain
import Testing

@Suite("Password preparation (R-CHAR-10 to R-CHAR-12)")
struct PreparedPasswordTests {
    @Test(
        "R-CHAR-12: writings of one password are one password",
        arguments: [
            ("Mật khẩu@1", "Ma\u{323}\u{302}t kh\u{61}\u{302}\u{309}u@1"),
            ("\u{1EC7}", "e\u{323}\u{302}"),
            ("\u{1EC7}", "e\u{302}\u{323}"),
            ("ế", "e\u{302}\u{301}"),
            ("a b", "a\u{A0}b"),
            ("a b", "a\u{3000}b"),
            ("a b", "a\u{2003}b"),
            ("\u{2126}", "\u{3A9}"),
        ])
    func same(left: String, right: String) throws {
        #expect(try PreparedPassword(preparing: left) == PreparedPassword(preparing: right))
    }

    @Test(
        "R-CHAR-12: what differs stays different",
        arguments: [
            ("\u{110}", "\u{D0}"), ("ế", "e\u{301}\u{302}"), ("A", "a"), ("!", "！"), ("1", "１"), ("ﬁ", "fi"),
            (" a", "a"),
            ("a ", "a"), ("a  b", "a b"), ("ß", "ss"), ("İ", "i"),
        ])
    func different(left: String, right: String) throws {
        #expect(try PreparedPassword(preparing: left) != PreparedPassword(preparing: right))
    }

    @Test(
        "R-CHAR-11: controls, invisible and unassigned characters are refused",
        arguments: [
            "a\u{0}", "a\u{1F}", "a\u{7F}", "a\u{85}", "a\nb", "a\tb", "a\u{200B}b", "a\u{200D}b", "a\u{AD}b",
            "\u{FEFF}a",
            "a\u{FE0F}", "a\u{2028}b", "a\u{2029}b", "a\u{378}", "a\u{E000}", "a\u{FFFE}", "a\u{1FFFF}", "a\u{E0001}",
            "a\u{202E}b", "a\u{2066}b", "\u{10FFFD}", "a\u{115F}",
        ])
    func badCharacter(raw: String) {
        #expect(throws: PasswordPreparationError.badCharacter) { try PreparedPassword(preparing: raw) }
    }

    @Test(
        "Letters of any script, symbols and spaces are allowed",
        arguments: ["Đặng Thị Ỷ", "пароль", "密码", "🔑", "  ", "½²"])
    func allowed(raw: String) throws {
        _ = try PreparedPassword(preparing: raw)
    }

    @Test("R-PW-4: too long is refused, never cut; empty is refused")
    func lengths() throws {
        let longest = try PreparedPassword(preparing: String(repeating: "e\u{302}\u{301}", count: 128))
        #expect(longest.withCodePoints(\.count) == 128)
        #expect(throws: PasswordPreparationError.tooLong) {
            try PreparedPassword(preparing: String(repeating: "a", count: 129))
        }
        for count in [1025, 5000, 1_000_000] {
            #expect(throws: PasswordPreparationError.tooLong) {
                try PreparedPassword(preparing: String(repeating: "\u{0}", count: count))
            }
        }
        #expect(throws: PasswordPreparationError.empty) { try PreparedPassword(preparing: "") }
    }

    @Test("Nothing is shown of a password")
    func redacted() throws {
        let password = try PreparedPassword(preparing: "Matkhau1!")
        #expect("\(password) \(String(reflecting: password))" == "*** ***")
        var dumped = ""
        dump(password, to: &dumped)
        #expect(!dumped.contains("Matkhau"))
        #expect(password.utf8.withBytes { Array($0) } == Array("Matkhau1!".utf8))
    }
}
