import JSONText
import Testing

@Suite("Reading JSON")
struct JSONReaderTests {
    private func read(_ text: String, _ form: JSONReader.Form = .exchanged) throws -> JSONValue {
        try JSONReader.read(Array(text.utf8), form: form)
    }

    private func refusal(_ bytes: [UInt8], _ form: JSONReader.Form = .exchanged) -> JSONRefusal? {
        do throws(JSONRefusal) {
            _ = try JSONReader.read(bytes, form: form)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "RFC 8259 §3: each kind of value",
        arguments: [
            ("null", .null), (" true\t", .bool(true)), ("\r\nfalse\n", .bool(false)), ("\"\"", .string("")),
            ("0", .number("0")), ("-0", .number("-0")), ("-12.50e+3", .number("-12.50e+3")), ("1E9", .number("1E9")),
            ("[]", .array([])), ("[ ]", .array([])), ("{}", .object([])), ("{ \n}", .object([])),
            ("[1, [null]]", .array([.number("1"), .array([.null])])),
            ("99999999999999999999", .number("99999999999999999999")),
        ] as [(String, JSONValue)])
    func values(text: String, value: JSONValue) throws {
        #expect(try read(text) == value)
        #expect(try read(text, .handWritten) == value)
    }

    @Test("Members keep the order and the place of the text")
    func members() throws {
        guard case .object(let members) = try read("{\"b\": 1, \"a\": {\"b\": true},\n\"\\u0063\": \"\"}") else {
            Issue.record("not an object")
            return
        }
        #expect(members.map(\.name) == ["b", "a", "c"])
        #expect(members.map(\.offset) == [1, 9, 27])
    }

    @Test(
        "RFC 8259 §7: escapes",
        arguments: [
            ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\u{8}\u{C}\n\r\t"), ("\"\\u1eadt\"", "ật"),
            ("\"M\\u1EADt\"", "Mật"),
            ("\"\\uD83D\\uDE00\"", "😀"), ("\"Mật khẩu\"", "Mật khẩu"), ("\"\\u007f\\u0001\"", "\u{7F}\u{1}"),
            ("\"a\u{7F}\u{2028}\"", "a\u{7F}\u{2028}"), ("\"\\uffff\"", "\u{FFFF}"),
        ])
    func strings(text: String, value: String) throws {
        #expect(try read(text) == .string(value))
    }

    @Test(
        "What is no JSON is refused in either form",
        arguments: [
            "", " ", "tru", "truee", "nul", "True", "NaN", "Infinity", "-", "+1", "01", "1.", ".5", "1e", "1e+", "0x1",
            "--1", "'a'", "\"a", "\"", "\"\\", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"", "\"\\u+123\"", "[", "]",
            "[1", "[1,", "[,]", "[1 2]", "[1,,2]", "{", "}", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\" 1}", "{a:1}",
            "{1:1}", "{,}", "{\"a\":1,,}", "{\"a\":1]", "[1}", "1 1", "{} {}", "\u{C}1", "\u{A0}1", "1\u{0}", "/",
            "/ 1",
            "1 /", "#\n1", "<!-- -->",
        ])
    func refused(text: String) {
        #expect(refusal(Array(text.utf8))?.reason == .syntax)
        #expect(refusal(Array(text.utf8), .handWritten)?.reason == .syntax)
    }

    @Test(
        "Text that two readers may take for two things is refused",
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22],
            [0x22, 0xC3, 0x22], [0x22, 0x0A, 0x22], [0x22, 0x00, 0x22], [0x22, 0x5C, 0x6E, 0xFF, 0x22],
            Array("\"\\u0000\"".utf8), Array("\"\\ud800\"".utf8), Array("\"\\ud800\\n\"".utf8),
            Array("\"\\ud800\\ud800\"".utf8), Array("\"\\udc00\"".utf8), Array("\"\\ud800\\udbff\"".utf8),
        ] as [[UInt8]])
    func badText(bytes: [UInt8]) {
        #expect(refusal(bytes)?.reason == .text)
    }

    @Test(
        "A name given twice is refused, also when one of the two is escaped, and told with its place",
        arguments: [
            ("{\"a\":1,\"a\":1}", "a", 1, 8), ("{\"a\":1,\n \"\\u0061\":2}", "a", 2, 2),
            ("[{\"b\":{\"x\":1,\n\"y\":2, \"x\":null}}]", "x", 2, 8), ("{\"\":1,\"\":2}", "", 1, 7),
        ])
    func duplicates(text: String, name: String, line: Int, column: Int) {
        let refusal = refusal(Array(text.utf8))
        #expect(refusal?.reason == .duplicate(name: name))
        #expect(refusal?.message == "given twice, first in line 1")
        #expect(refusal?.line == line)
        #expect(refusal?.column == column)
    }

    @Test(
        "Comments, a comma at the end and a byte order mark are for people only",
        arguments: [
            "// c\n1", "1 // c", "/* c */ 1", "/**/1/***/", "[1,]", "{\"a\":1,}", "[1, // c\n]", "\u{FEFF}1",
            "/* \n * // \" */[/*,*/]",
        ])
    func forms(text: String) {
        #expect(refusal(Array(text.utf8), .handWritten) == nil)
        #expect(refusal(Array(text.utf8), .exchanged)?.reason == .syntax)
    }

    @Test("Depth and members have their limits, which are told")
    func limits() throws {
        let deep = String(repeating: "[", count: 16) + String(repeating: "]", count: 16)
        #expect(throws: Never.self) { try read(deep) }
        let deeper = refusal([UInt8](repeating: UInt8(ascii: "["), count: 1_000_000))
        #expect(deeper?.reason == .depth)
        #expect(deeper?.offset == 16)
        let mixed = String(repeating: "{\"a\":[", count: 100_000)
        #expect(refusal(Array(mixed.utf8))?.reason == .depth)
        func object(_ count: Int) -> [UInt8] {
            Array("{\((0..<count).map { "\"\($0)\":0" }.joined(separator: ","))}".utf8)
        }
        #expect(refusal(object(64)) == nil)
        #expect(refusal(object(65))?.reason == .members)
        #expect(throws: Never.self) { try JSONReader.read(object(65), limits: JSONReader.Limits(members: 65)) }
    }

    @Test("A text of long names that differ in the last letter costs little")
    func longNames() {
        let stem = String(repeating: "ậ", count: 300)
        let text = "{\((0..<64).map { "\"\(stem)\($0)\":0" }.joined(separator: ","))}"
        let bytes = Array(text.utf8)
        let time = ContinuousClock().measure { #expect(refusal(bytes) == nil) }
        #expect(time < .seconds(1), "took \(time)")
    }
}
