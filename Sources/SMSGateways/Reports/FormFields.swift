/// The fields of a query or a form (`application/x-www-form-urlencoded`), at most 64 of them.
struct FormFields {
    private var values: [String: String] = [:]

    /// Reads the fields; nil for a broken escape, text that is not UTF-8, a name given twice, or too many fields.
    init?(_ bytes: [UInt8]) {
        let pairs = bytes.split(separator: UInt8(ascii: "&"))
        guard pairs.count <= 64 else { return nil }
        for pair in pairs {
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            guard let key = Self.decode(name), let value = Self.decode(pair.dropFirst(name.count + 1)),
                values.updateValue(value, forKey: key) == nil
            else { return nil }
        }
    }

    subscript(_ name: String) -> String? { values[name] }

    private static func decode(_ bytes: ArraySlice<UInt8>) -> String? {
        var decoded: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): decoded.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    return nil
                }
                decoded.append(high << 4 | low)
            default: decoded.append(byte)
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
    }
}
