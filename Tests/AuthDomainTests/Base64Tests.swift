import AuthDomain
import Testing

@Suite("Base 64")
struct Base64Tests {
    @Test(
        "RFC 4648 §10: the vectors, padded and not",
        arguments: [
            ("", "", ""), ("f", "Zg==", "Zg"), ("fo", "Zm8=", "Zm8"), ("foo", "Zm9v", "Zm9v"),
            ("foob", "Zm9vYg==", "Zm9vYg"), ("fooba", "Zm9vYmE=", "Zm9vYmE"), ("foobar", "Zm9vYmFy", "Zm9vYmFy"),
        ])
    func vectors(plain: String, padded: String, unpadded: String) {
        let bytes = Array(plain.utf8)
        #expect(Base64.encode(bytes, .padded) == padded)
        #expect(Base64.encode(plain.utf8, .unpadded) == unpadded)
        #expect(Base64.encode(bytes, .urlSafe) == unpadded)
        #expect(Base64.decode(padded.utf8, .padded) == bytes)
        #expect(Base64.decode(unpadded.utf8, .unpadded) == bytes)
        #expect(Base64.decode(unpadded.utf8, .urlSafe) == bytes)
    }

    @Test("The two alphabets differ in 62 and 63, and neither reads the other (§5)")
    func alphabets() {
        #expect(Base64.encode([0xFB, 0xFF], .unpadded) == "+/8")
        #expect(Base64.encode([0xFB, 0xFF], .urlSafe) == "-_8")
        #expect(Base64.decode("-_8".utf8, .urlSafe) == [0xFB, 0xFF])
        #expect(Base64.decode("+/8".utf8, .urlSafe) == nil)
        #expect(Base64.decode("-_8".utf8, .unpadded) == nil)
        #expect(Base64.decode("-_8=".utf8, .padded) == nil)
    }

    @Test(
        "Rubbish and forms that are not canonical are refused",
        arguments: [
            ("Zg", Base64.Form.padded), ("Zg=", .padded), ("Zg===", .padded), ("Z===", .padded), ("====", .padded),
            ("=", .padded), ("Zm8=Zm8=", .padded), ("Zm9v====", .padded), ("Zh==", .padded), ("Zm9=", .padded),
            ("Zm9v\n", .padded), ("Zm 9v===", .padded), ("Zg==", .unpadded), ("Zh", .unpadded), ("Zm9", .unpadded),
            ("Z", .unpadded), ("Zm9vY", .unpadded), ("Zm9v Zg", .unpadded), ("Zg==", .urlSafe), ("Zé", .urlSafe),
            ("Zg\u{0}", .urlSafe), ("Z", .urlSafe),
        ])
    func rubbish(text: String, form: Base64.Form) {
        #expect(Base64.decode(text.utf8, form) == nil)
    }

    @Test("Hexadecimal digits are two for each byte, in lower case (§8)")
    func hex() {
        #expect(Hex.encode([0x00, 0x0F, 0xDE, 0xAD]) == "000fdead")
        #expect(Hex.encode([]).isEmpty)
    }

    @Test("Every byte string is kept", arguments: [Base64.Form.padded, .unpadded, .urlSafe])
    func roundTrip(form: Base64.Form) {
        for length in 0...64 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ length) }
            #expect(Base64.decode(Base64.encode(bytes, form).utf8, form) == bytes)
        }
    }
}
