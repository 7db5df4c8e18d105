internal import AuthDomain

/// The fields of a query or a form (`application/x-www-form-urlencoded`), at most 64 of them.
struct FormFields {
    private var values: [String: String] = [:]

    /// Reads the fields; nil for a broken escape, text that is not UTF-8, a name given twice, or too many fields.
    init?(_ bytes: [UInt8]) {
        let pairs = bytes.split(separator: UInt8(ascii: "&"))
        guard pairs.count <= 64 else { return nil }
        for pair in pairs {
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            guard let key = PercentCoding.decode(name, .form),
                let value = PercentCoding.decode(pair.dropFirst(name.count + 1), .form),
                values.updateValue(value, forKey: key) == nil
            else { return nil }
        }
    }

    subscript(_ name: String) -> String? { values[name] }
}
