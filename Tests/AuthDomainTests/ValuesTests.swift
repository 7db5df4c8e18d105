import AuthDomain
import Testing

@Suite("Instants, dates and encodings")
struct ValuesTests {
    @Test(
        "RFC 3339: instants are written in UTC and read back",
        arguments: [
            (0, "1970-01-01T00:00:00Z"),
            (1_795_420_800_000, "2026-11-23T08:00:00Z"),
            (1_795_420_800_007, "2026-11-23T08:00:00.007Z"),
            (951_782_400_000, "2000-02-29T00:00:00Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00Z"),
            (20_000_000_000_000, "2603-10-11T11:33:20Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (-2_203_891_200_000, "1900-03-01T00:00:00Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (-62_167_219_200_000, "0000-01-01T00:00:00Z"),
        ] as [(Int64, String)])
    func instantAsText(milliseconds: Int64, text: String) {
        #expect(RFC3339.format(WallInstant(milliseconds: milliseconds)) == text)
        #expect(RFC3339.parse(text) == WallInstant(milliseconds: milliseconds))
        let whole = RFC3339.format(WallInstant(milliseconds: milliseconds), fraction: .always)
        #expect(whole == (text.utf8.count == 20 ? text.dropLast() + ".000Z" : text))
    }

    @Test(
        "RFC 3339: offsets and fractions are read",
        arguments: [
            ("2026-11-23T15:00:00+07:00", "2026-11-23T08:00:00Z"),
            ("2026-11-22T23:30:00-08:30", "2026-11-23T08:00:00Z"),
            ("2026-11-23T08:00:00.1Z", "2026-11-23T08:00:00.100Z"),
            ("2026-11-23T08:00:00.123456789Z", "2026-11-23T08:00:00.123Z"),
            ("2026-11-23T08:00:00-00:00", "2026-11-23T08:00:00Z"),
        ])
    func offsets(text: String, utc: String) {
        #expect(RFC3339.parse(text).map(RFC3339.format) == utc)
    }

    @Test(
        "RFC 3339: rubbish is refused",
        arguments: [
            "", "2026", "2026-11-23", "2026-11-23 08:00:00Z", "2026-11-23t08:00:00z", "2026-11-23T08:00:00",
            "2026-11-23T08:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-04-31T00:00:00Z", "2026-11-23T24:00:00Z",
            "2026-11-23T08:60:00Z", "2026-11-23T08:00:60Z", "2026-11-23T08:00:00.Z", "2026-11-23T08:00:00,5Z",
            "2026-11-23T08:00:00.1234567890Z", "2026-11-23T08:00:00+7:00", "2026-11-23T08:00:00+24:00",
            "2026-11-23T08:00:00+07:00x", "+026-11-23T08:00:00Z", "２０２６-11-23T08:00:00Z", " 2026-11-23T08:00:00Z",
            String(repeating: "9", count: 100_000), "\u{0}\u{0}\u{0}\u{0}-", "2026-11-23T08:00:00-",
        ])
    func rubbishInstant(text: String) {
        #expect(RFC3339.parse(text) == nil)
    }

    @Test("Extreme instants are kept to the years 0000 to 9999")
    func extremeInstants() {
        #expect(RFC3339.format(WallInstant(milliseconds: .max)) == "9999-12-31T23:59:59.999Z")
        #expect(RFC3339.format(WallInstant(milliseconds: .min + 1000)) == "0000-01-01T00:00:00Z")
    }

    @Test("Every day of 800 years is told from its number and back")
    func daysRoundTrip() throws {
        var previous = CivilDate(daysSinceEpoch: -146_098)
        for day in Int64(-146_097)...146_097 {
            let date = CivilDate(daysSinceEpoch: day)
            #expect(date.daysSinceEpoch == day)
            #expect(previous < date)
            previous = date
        }
    }

    @Test("R-TIME-1: Hanoi's day begins at 17:00 UTC")
    func hanoiDay() throws {
        let before = try #require(RFC3339.parse("2026-11-30T16:59:59.999Z"))
        let after = try #require(RFC3339.parse("2026-11-30T17:00:00Z"))
        #expect(CivilDate(inHanoiAt: before).description == "2026-11-30")
        #expect(CivilDate(inHanoiAt: after).description == "2026-12-01")
        #expect(CivilDate(inHanoiAt: after).yearAndMonth == "2026-12")
        #expect(CivilDate(inHanoiAt: WallInstant(milliseconds: .max)).year == 9999)
    }

    @Test(
        "RFC 4648 §10: base 32 without padding",
        arguments: [
            ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ])
    func base32(plain: String, encoded: String) {
        #expect(Base32.encode(Array(plain.utf8)) == encoded)
        #expect(Base32.decode(encoded) == Array(plain.utf8))
        #expect(Base32.decode(encoded.lowercased()) == Array(plain.utf8))
    }

    @Test("Base 32 as typed: spaces, hyphens, either case; twenty bytes give 32 characters (R-URI-1)")
    func base32Lenient() {
        let secret = Array("12345678901234567890".utf8)
        #expect(Base32.encode(secret) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
        #expect(Base32.decode("gezd gnbv-gy3t QOJQ gezd gnbv gy3t qojq") == secret)
    }

    @Test(
        "Base 32: rubbish is refused",
        arguments: [
            "A", "AAA", "AAAAAA", "MZ", "MZXW7", "0", "1", "8", "9", "MY======", "M\u{1D5B8}", "MÝ", "MZ\nXQ",
            String(repeating: "A", count: 1025),
        ])
    func rubbishBase32(text: String) {
        #expect(Base32.decode(text) == nil)
    }

    @Test("Base 32 keeps every byte string")
    func base32RoundTrip() {
        for length in 0...64 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ length) }
            #expect(Base32.decode(Base32.encode(bytes)) == bytes)
        }
    }

    @Test(
        "R-PDP-3: a telephone number shows its last three digits at most",
        arguments: [
            ("+84912345678", "******678"), ("0912 345 678", "******678"), ("12345", "******"), ("", "******"),
            ("không", "******"), (String(repeating: "7", count: 10_000), "******777"),
        ])
    func maskedPhone(number: String, masked: String) {
        #expect(MaskedPhone(masking: number).text == masked)
    }
}
