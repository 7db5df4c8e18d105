import Settings
import Testing

@Suite("Settings and rubbish")
struct SettingsRubbishTests {
    @Test(
        "a syntax error is told with line and column",
        arguments: [
            ("", "otpd.json:1:1: the text ends where a value should stand"),
            ("{\n \"a\": tru }", "otpd.json:2:7: expected true, false or null (strings stand in quotes)"),
            ("{\"a\": no}", "otpd.json:1:7: expected true, false or null (strings stand in quotes)"),
            ("{\"a\": yes}", "otpd.json:1:7: expected a value (strings stand in quotes)"),
            ("{\"a\": 1 \"b\"}", "otpd.json:1:9: expected , or }"),
            ("{a: 1}", "otpd.json:1:2: expected a name in quotes"),
            ("{\"a\": 01}", "otpd.json:1:8: expected , or }"),
            ("{\"a\": \"\n\"}", "otpd.json:1:8: a control character in a string"),
            ("{\"a\": \"\\x\"}", "otpd.json:1:8: an unknown escape"),
            ("{\"a\": \"\\ud800\"}", "otpd.json:1:8: half of a surrogate pair"),
            ("{\"a\": \"\\u0000\"}", "otpd.json:1:8: U+0000 in a string"),
            ("{ /* ", "otpd.json:1:3: a comment that never ends"),
            ("{} {}", "otpd.json:1:4: something follows the end of the value"),
        ])
    func syntax(text: String, line: String) {
        #expect(lines(Array(text.utf8)) == [line])
    }

    @Test("depth, size and encoding have their limits")
    func limits() {
        #expect(
            lines(Array(repeating: UInt8(ascii: "["), count: 1_000_000)) == ["otpd.json:1:17: nested deeper than 16"])
        #expect(
            lines(Array(repeating: UInt8(ascii: " "), count: 1_048_577))
                == ["otpd.json: is larger than 1048576 bytes"])
        #expect(
            lines([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D]) == ["otpd.json:1:2: a string that is not UTF-8"])
    }

    @Test("twenty thousand inputs of rubbish neither crash nor pass")
    func fuzz() {
        let seed = Array(
            """
            {"listen": "127.0.0.1:80", "redis": "redis://u@h:1/2", "keys": ["x"], // c
             "lockout": {"limit": 5}, "throttle": {"exempt": ["::/0"]}, "time_zone": "+07:00", /**/ "loops": 1e2}
            """.utf8)
        var random = SeededRandom(state: 42)
        let clock = ContinuousClock()
        var passed = 0
        let time = clock.measure {
            for round in 0..<20000 {
                let bytes = round.isMultiple(of: 2) ? random.bytes() : random.mutated(seed)
                if lines(bytes).isEmpty { passed += 1 }
            }
        }
        #expect(passed == 0)
        #expect(time < .seconds(60), "took \(time)")
    }

    private func lines(_ bytes: [UInt8]) -> [String] {
        do throws(SettingsProblems) {
            _ = try Settings.parse(bytes: bytes, path: "otpd.json")
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }
}

/// SplitMix64: the same rubbish in every run.
private struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Up to 64 bytes, mostly of JSON's own characters.
    mutating func bytes() -> [UInt8] {
        let alphabet = Array("{}[]\":,/*\\ \n0123456789eE+-.truefalsn\u{1}é".utf8)
        return (0..<Int.random(in: 0...64, using: &self)).map { _ in
            let any = UInt8.random(in: .min ... .max, using: &self)
            return Bool.random(using: &self) ? any : alphabet[Int(any) % alphabet.count]
        }
    }

    /// A text with one to four bytes changed, dropped or doubled.
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &self) where !bytes.isEmpty {
            let index = Int.random(in: bytes.indices, using: &self)
            switch Int.random(in: 0...3, using: &self) {
            case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &self)
            case 1: bytes.remove(at: index)
            case 2: bytes.insert(bytes[index], at: index)
            default: bytes.removeSubrange(index...)
            }
        }
        return bytes
    }
}
