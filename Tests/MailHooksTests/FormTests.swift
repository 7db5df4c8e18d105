import Testing

@testable import MailHooks

@Suite("Forms and escapes as mail servers write them")
struct FormTests {
    @Test("The captured form of Dovecot's Lua client (mail-hooks.md, 1.4)")
    func captured() throws {
        let text =
            "user=alice&remote_ip=203.0.113.7&password=secret&local_port=0&session=abc123&real_rip=203.0.113.7"
            + "&service=imap&local_ip=192.0.2.1&secured=&mech=PLAIN"
        let form = try FormFields(Array(text.utf8)[...])
        #expect(form.text("user") == "alice" && form.text("password") == "secret" && form.text("service") == "imap")
        #expect(form.text("remote_ip") == "203.0.113.7" && form.text("secured") == "" && form.text("cert") == nil)
    }

    @Test("Escapes, plus and UTF-8 are decoded; a value may hold an equals sign")
    func decoded() throws {
        let form = try FormFields(Array("a=%C4%90%C6%B0%E1%BB%9Dng+L%c3%a1ng&b=x%2By%3D%26&c=d=e&&f".utf8)[...])
        #expect(form.text("a") == "Đường Láng" && form.text("b") == "x+y=&" && form.text("c") == "d=e")
        #expect(form.bytes("f") == [])
    }

    @Test(
        "What is no form is refused", arguments: ["a=%", "a=%4", "a=%zz", "%=1", "a=1&a=2", "a=1&%61=2"])
    func refused(_ text: String) {
        #expect(throws: FormFields.Malformation.self) { try FormFields(Array(text.utf8)[...]) }
    }

    @Test("At most 32 fields are read, and bytes that are no text are kept as bytes")
    func bounds() throws {
        let many = (0..<33).map { "f\($0)=1" }.joined(separator: "&")
        #expect(throws: FormFields.Malformation.self) { try FormFields(Array(many.utf8)[...]) }
        let form = try FormFields(Array("a=%FF%00".utf8)[...])
        #expect(form.bytes("a") == [0xFF, 0] && form.text("a") == nil)
    }

    @Test("nginx: a plus is a plus, 8-bit bytes are raw (mail-hooks.md, section 4)")
    func nginx() {
        let sent = Array(#"p@ss%20w"#.utf8) + [0xC3, 0xB6] + Array(#"rd%25:+&=%20"q""#.utf8)
        let decoded = PercentBytes.decode(sent[...], plusIsSpace: false)
        #expect(decoded.map { String(decoding: $0, as: UTF8.self) } == #"p@ss wörd%:+&= "q""#)
        #expect(PercentBytes.decode(Array("%2".utf8)[...], plusIsSpace: false) == nil)
    }
}
