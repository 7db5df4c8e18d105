import Foundation
import TestKit
import Testing

@testable import WebAPI

@Suite("Strict JSON (R-API-5)")
struct JSONParserTests {
    private func parse(_ text: String) -> Result<JSONValue, JSONRefusal> { parse(Array(text.utf8)) }

    private func parse(_ bytes: [UInt8]) -> Result<JSONValue, JSONRefusal> {
        Result { () throws(JSONRefusal) in try JSONParser.parse(bytes) }
    }

    @Test(
        "Well-formed texts are read",
        arguments: [
            (#"{}"#, JSONValue.object([])),
            (" \t\r\n{ } \n", .object([])),
            (#"{"a":"b"}"#, .object([JSONMember(name: "a", value: .string("b"))])),
            (#"{"\u0061":"\u0062"}"#, .object([JSONMember(name: "a", value: .string("b"))])),
            (#"["\"\\\/\b\f\n\r\t"]"#, .array([.string("\"\\/\u{8}\u{c}\n\r\t")])),
            (#""Mật khẩu""#, .string("Mật khẩu")),
            (#""\u1EAD\ud83d\uDE00""#, .string("ậ😀")),
            (#"[true, false , null]"#, .array([.bool(true), .bool(false), .null])),
            (#"[0,-0,1.5,-12e+3,9E9,0.0e-1]"#, .array(Array(repeating: .number, count: 6))),
            ("[" + String(repeating: "9", count: 10_000) + "]", .array([.number])),
            (#"[[],{}]"#, .array([.array([]), .object([])])),
        ])
    func reads(text: String, value: JSONValue) {
        #expect(parse(text) == .success(value))
    }

    @Test(
        "Rubbish is refused",
        arguments: [
            "", " ", "{", "}", "[", "]", "{]", "[}", ",", ":", "{,}", "[,]", "[1,]", #"{"a":1,}"#, #"{"a"}"#,
            #"{"a":}"#, #"{"a" 1}"#, #"{a:1}"#, #"{'a':1}"#, #"{"a":1 "b":2}"#, #"{"a":1}{"b":2}"#, #"{} x"#, "tru",
            "True", "nul", "nan", "NaN", "Infinity", "-", "+1", "01", "1.", ".5", "1e", "1e+", "0x10", "--1", "1_000",
            #"""#, #""a"#, #""\"#, #""\x""#, #""\u12""#, #""\u12G4""#, "\"\t\"", "\"a\nb\"", "\"\u{1}\"", "\"\u{0}\"",
            #""\u0000""#, #""\ud800""#, #""\udc00""#, #""\ud800\ud800""#, #""\ud800x""#, #""\ud83d\n""#, "/*x*/{}",
            "{}//x", "\u{FEFF}{}", "{}\u{0}", "\u{0}{}", "\u{A0}{}", "\u{2028}{}", "{\u{B}}",
        ])
    func refuses(text: String) {
        #expect(throws: JSONRefusal.self) { try parse(text).get() }
    }

    @Test(
        "Bytes that are not UTF-8 are refused",
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xC3, 0x22],
            [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0x5C, 0x6E, 0x80, 0x22], [0xFF, 0xFE, 0x7B, 0x00],
            [0x7B, 0x22, 0x80, 0x22, 0x3A, 0x31, 0x7D],
        ] as [[UInt8]])
    func refusesBytes(bytes: [UInt8]) {
        #expect(throws: JSONRefusal.self) { try parse(bytes).get() }
    }

    @Test("The same name twice is refused, also when one is escaped or differs in composition only")
    func duplicates() {
        #expect(parse(#"{"a":1,"a":2}"#) == .failure(.duplicate(name: "a")))
        #expect(parse(#"{"a":1,"\u0061":2}"#) == .failure(.duplicate(name: "a")))
        #expect(parse(#"{"x":{"b":1,"b":1}}"#) == .failure(.duplicate(name: "b")))
        #expect(throws: JSONRefusal.self) { try parse(#"{"\u00e9":1,"e\u0301":2}"#).get() }
        #expect(throws: Never.self) { try parse(#"{"a":{"a":1}}"#).get() }
    }

    @Test("Depth and width are bounded")
    func bounds() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try parse(nested(JSONParser.depthLimit)).get() }
        #expect(parse(nested(JSONParser.depthLimit + 1)) == .failure(.tooDeep))
        #expect(parse(nested(10_000)) == .failure(.tooDeep))
        #expect(parse(String(repeating: #"{"a":"#, count: 10_000)) == .failure(.tooDeep))
        let wide = "{" + (0...JSONParser.memberLimit).map { "\"k\($0)\":1" }.joined(separator: ",") + "}"
        #expect(parse(wide) == .failure(.tooManyMembers))
    }

    @Test("Mutilated bodies are refused or read as Foundation reads them")
    func mutilated() {
        let whole = Array(
            #"{"account":"an_sotttt","password":"Mật\u1EA1\ud83d\uDE00 \"x\"","client":{"ip":"::1","n":[-1.5e3,true]}}"#
                .utf8)
        let random = SeededRandom(seed: 11)
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0..<(1 + Int(random.bytes(count: 1)[0] % 3)) {
                let draw = random.bytes(count: 3)
                let place = (Int(draw[0]) << 8 | Int(draw[1])) % bytes.count
                switch draw[2] % 3 {
                case 0: bytes[place] = random.bytes(count: 1)[0]
                case 1: bytes.remove(at: place)
                default: bytes.insert(contentsOf: bytes[place..<min(place + 5, bytes.count)], at: place)
                }
            }
            guard case .success = parse(bytes) else { continue }
            let read = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
            #expect(read != nil, "\(String(decoding: bytes, as: UTF8.self))")
        }
    }

    @Test("What the writer writes, Foundation reads")
    func writer() throws {
        let text = "Đường “Láng”\\\"\u{0}\u{1}\n\t\u{7f}\u{2028}😀"
        let bytes = JSONWriter.object { writer in
            writer.field("text", text)
            writer.field("number", -12)
            writer.field("flag", false)
            writer.nullable("none", nil)
            writer.optional("left", nil)
            writer.array("list", [1, 2, 3]) { writer, item in writer.object { $0.field("n", item) } }
            writer.strings("empty", [])
            writer.object("inner") { $0.field("a", "b") }
        }
        let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        #expect(object["text"] as? String == text)
        #expect(object["number"] as? Int == -12)
        #expect(object["none"] is NSNull)
        #expect(object["left"] == nil)
        #expect((object["list"] as? [[String: Int]]) == [["n": 1], ["n": 2], ["n": 3]])
        #expect((object["inner"] as? [String: String]) == ["a": "b"])
        #expect(object.count == 7)
    }
}
