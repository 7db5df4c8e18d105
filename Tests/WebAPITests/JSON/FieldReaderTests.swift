import AuthDomain
import Testing

@testable import WebAPI

@Suite("Fields of bodies (R-API-5)")
struct FieldReaderTests {
    private func field(_ body: String, _ read: (inout FieldReader) throws -> Void) -> String? {
        do {
            var reader = try FieldReader(body: Array(body.utf8))
            try read(&reader)
            return nil
        } catch {
            return (error as? Problem)?.field
        }
    }

    @Test("A wrong type is named by its path", arguments: ["1", "true", "[]", "{}", "\"x\""])
    func wrongTypes(value: String) {
        let isString = value == "\"x\""
        #expect(field("{\"a\":\(value)}") { _ = try $0.string("a") } == (isString ? nil : "a"))
        #expect(field("{\"a\":\(value)}") { _ = try $0.optionalStrings("a") } == (value == "[]" ? nil : "a"))
        #expect(field("{\"a\":\(value)}") { _ = try $0.object("a") } == (value == "{}" ? nil : "a"))
        let inner = field("{\"client\":{\"ip\":\(value)}}") { reader in
            var client = try reader.object("client")
            _ = try client.string("ip")
        }
        #expect(inner == (isString ? nil : "client.ip"))
    }

    @Test("What is missing, unknown or null is named")
    func missing() {
        #expect(field("{}") { _ = try $0.string("a") } == "a")
        #expect(field("") { _ = try $0.string("a") } == "a")
        #expect(field("") { try $0.finish() } == nil)
        #expect(field(#"{"b":1}"#) { try $0.finish() } == "b")
        #expect(field(#"{"a":null}"#) { _ = try $0.string("a") } == "a")
        let absent = field(#"{"a":null}"#) { reader in
            let value = try reader.optionalString("a")
            #expect(value == nil)
        }
        #expect(absent == nil)
        #expect(field(#"{"a":null}"#) { try $0.refuseNull("a") } == "a")
        #expect(field("[]") { _ in } == "body")
        #expect(field("\"a\"") { _ in } == "body")
        let unknown = field(#"{"client":{"ip":"::1","x":1}}"#) { reader in
            var client = try reader.object("client")
            _ = try client.string("ip")
            try client.finish()
        }
        #expect(unknown == "client.x")
    }

    @Test("A change tells apart what stays and what is cleared (RFC 7396)")
    func clearing() throws {
        var reader = try FieldReader(body: Array(#"{"a":null,"b":"x"}"#.utf8))
        #expect(try reader.clearableString("a") == .some(nil))
        #expect(try reader.clearableString("b") == .some("x"))
        #expect(try reader.clearableString("c") == .none)
    }

    @Test("Lengths, words and instants are held to their rules")
    func values() {
        #expect(field(#"{"a":""}"#) { _ = try $0.string("a", characters: 1...3) } == "a")
        #expect(field(#"{"a":"ếếếế"}"#) { _ = try $0.string("a", characters: 1...3) } == "a")
        #expect(field(#"{"a":"ếếế"}"#) { _ = try $0.string("a", characters: 1...3) } == nil)
        #expect(field(#"{"a":"nobody"}"#) { let _: AccountKind = try $0.word("a") } == "a")
        #expect(field(#"{"a":"personal"}"#) { let _: AccountKind = try $0.word("a") } == nil)
        #expect(field(#"{"a":"2026-02-30T00:00:00Z"}"#) { _ = try $0.optionalInstant("a") } == "a")
        #expect(field(#"{"a":"2026-02-28T00:00:00+07:00"}"#) { _ = try $0.optionalInstant("a") } == nil)
        #expect(field(#"{"a":["x",1]}"#) { _ = try $0.optionalStrings("a") } == "a")
    }
}
