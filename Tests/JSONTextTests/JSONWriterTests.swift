import JSONText
import Testing

@Suite("Writing JSON")
struct JSONWriterTests {
    @Test("Objects, arrays and each kind of member")
    func members() {
        let bytes = JSONWriter.object { writer in
            writer.field("text", "Mật")
            writer.field("number", -3)
            writer.field("flag", true)
            writer.nullable("none", nil)
            writer.nullable("some", "a")
            writer.optional("left_out", nil)
            writer.optional("given", "b")
            writer.object("inner") { $0.field("x", 1) }
            writer.object("empty") { _ in }
            writer.strings("list", ["a", "b"])
            writer.array("pairs", [1, 2]) { writer, item in writer.object { $0.field("n", item) } }
            writer.name("last")
            writer.value(false)
        }
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == "{\"text\":\"Mật\",\"number\":-3,\"flag\":true,\"none\":null,\"some\":\"a\",\"given\":\"b\","
                + "\"inner\":{\"x\":1},\"empty\":{},\"list\":[\"a\",\"b\"],\"pairs\":[{\"n\":1},{\"n\":2}],\"last\":false}"
        )
    }

    @Test(
        "Any text survives being written and read",
        arguments: ["", "\"\\/", "\u{1}\n\r\t\u{7F}\u{1F}", "Mật khẩu 😀", "\u{2028}\u{FEFF}", "a\u{301}"])
    func texts(text: String) throws {
        let bytes = JSONWriter.object { $0.field("t", text) }
        guard case .object(let members) = try JSONReader.read(bytes) else {
            Issue.record("not an object")
            return
        }
        #expect(members.map(\.value) == [.string(text)])
        #expect(bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
    }
}
