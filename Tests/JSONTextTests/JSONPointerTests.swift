import JSONText
import Testing

@Suite("JSON pointers and values as text (RFC 6901)")
struct JSONPointerTests {
    private static let document = #"{"a": [{"b": 1}, "x"], "": 0, "m~n": true, "k/l": 8, "z": 1.50, "n": null}"#

    @Test(
        "A pointer finds what it names",
        arguments: [
            ("/a/0/b", "1"), ("/a/1", "x"), ("/", "0"), ("/m~0n", "true"), ("/k~1l", "8"), ("/z", "1.50"), ("/n", nil),
            ("/a/2", nil), ("/a/01", nil), ("/a/-1", nil), ("/b", nil), ("/a/0/b/c", nil), ("", nil),
        ] as [(String, String?)])
    func found(pointer: String, text: String?) throws {
        let value = try JSONReader.read(Array(Self.document.utf8))
        #expect(value.at(try #require(JSONPointer(pointer)))?.scalarText == text)
    }

    @Test("What is no pointer", arguments: ["a", "/~", "/~2", "/" + String(repeating: "a", count: 256)])
    func refused(pointer: String) {
        #expect(JSONPointer(pointer) == nil)
    }

    @Test("A value is written as it was read, whatever its strings hold")
    func written() throws {
        let text = #"{"b":[1,-2.5e3,true,false,null,{}],"a\"\\\n":"ớ\u0001 \u007f","c":[]}"#
        let value = try JSONReader.read(Array(text.utf8))
        let written = JSONWriter.text(of: value)
        #expect(try JSONReader.read(written).members == value.members)
        #expect(String(decoding: written, as: UTF8.self) == text)
    }
}

extension JSONValue {
    /// Members without their places, which writing changes.
    fileprivate var members: [String] {
        guard case .object(let members) = self else { return [] }
        return members.map { "\($0.name)=\(JSONWriter.text(of: $0.value))" }
    }
}
