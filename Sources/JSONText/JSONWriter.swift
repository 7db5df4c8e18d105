/// Writes JSON text in one go; names are constants, values are escaped.
package struct JSONWriter {
    /// The text so far, in UTF-8.
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// Begins a text, with room for so many bytes.
    package init(capacity: Int = 512) {
        bytes.reserveCapacity(capacity)
    }

    /// The text of one object.
    package static func object(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.object(body)
        return writer.bytes
    }

    /// An object as the next value.
    package mutating func object(_ body: (inout JSONWriter) -> Void) {
        begin(UInt8(ascii: "{"))
        body(&self)
        end(UInt8(ascii: "}"))
    }

    /// An array as the next value.
    package mutating func array<Item>(_ items: some Sequence<Item>, _ each: (inout JSONWriter, Item) -> Void) {
        begin(UInt8(ascii: "["))
        for item in items { each(&self, item) }
        end(UInt8(ascii: "]"))
    }

    /// A string as the next value.
    package mutating func value(_ text: String) {
        separate()
        quote(text)
        needsComma = true
    }

    /// A number as the next value.
    package mutating func value(_ number: Int) {
        raw(String(number))
    }

    /// True or false as the next value.
    package mutating func value(_ flag: Bool) {
        raw(flag ? "true" : "false")
    }

    /// Null as the next value.
    package mutating func null() {
        raw("null")
    }

    // MARK: Members

    /// The name of a member, whose value comes next.
    package mutating func name(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// A member that is a string.
    package mutating func field(_ name: StaticString, _ text: String) {
        self.name(name)
        value(text)
    }

    /// A member that is a number.
    package mutating func field(_ name: StaticString, _ number: Int) {
        self.name(name)
        value(number)
    }

    /// A member that is true or false.
    package mutating func field(_ name: StaticString, _ flag: Bool) {
        self.name(name)
        value(flag)
    }

    /// A member that is a string, or null.
    package mutating func nullable(_ name: StaticString, _ text: String?) {
        self.name(name)
        if let text { value(text) } else { null() }
    }

    /// A member that is a string, or is left out.
    package mutating func optional(_ name: StaticString, _ text: String?) {
        if let text { field(name, text) }
    }

    /// A member that is an object.
    package mutating func object(_ name: StaticString, _ body: (inout JSONWriter) -> Void) {
        self.name(name)
        object(body)
    }

    /// A member that is an array.
    package mutating func array<Item>(
        _ name: StaticString, _ items: some Sequence<Item>, _ each: (inout JSONWriter, Item) -> Void
    ) {
        self.name(name)
        array(items, each)
    }

    /// A member that is an array of strings.
    package mutating func strings(_ name: StaticString, _ texts: some Sequence<String>) {
        array(name, texts) { writer, text in writer.value(text) }
    }

    // MARK: Values as read

    /// The text of a value, its members in their order.
    package static func text(of value: JSONValue) -> [UInt8] {
        var writer = JSONWriter()
        writer.value(value)
        return writer.bytes
    }

    /// A value of any kind, its members in their order.
    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let flag): raw(String(flag))
        case .number(let digits): raw(digits)
        case .string(let text): self.value(text)
        case .array(let elements): array(elements) { $0.value($1) }
        case .object(let members):
            object { writer in
                for member in members {
                    writer.value(member.name)
                    writer.bytes.append(UInt8(ascii: ":"))
                    writer.needsComma = false
                    writer.value(member.value)
                }
            }
        }
    }

    // MARK: Text

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
    }

    private mutating func raw(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
        needsComma = true
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0..<0x20, 0x7F:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(Self.hexDigits[Int(byte >> 4)])
                bytes.append(Self.hexDigits[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)
}
