extension KeyURI {
    /// Reads a key URI strictly.
    ///
    /// The label must be `issuer:account` and the issuer parameter must repeat it; no parameter may be unknown or
    /// given twice; a space is `%20`, never `+`; the secret is upper-case base 32 without padding.
    /// - Throws: `KeyURIError` by case.
    package init(parsing text: String) throws(KeyURIError) {
        guard text.utf8.count <= Self.byteLimit else { throw .tooLong }
        guard text.hasPrefix(Self.prefix), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .notKeyURI
        }
        let parts = text.utf8.dropFirst(Self.prefix.utf8.count)
            .split(separator: 0x3F, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw .notKeyURI }
        let label = try Self.decoded(parts[0]).split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard label.count == 2 else { throw .badLabel }
        let fields = try Self.fields(parts[1])
        guard fields["issuer"] == label[0] else { throw .issuerMismatch }
        try self.init(
            issuer: label[0], account: label[1], secret: Self.secret(fields["secret"]),
            parameters: Self.parameters(fields))
    }

    private static let prefix = "otpauth://totp/"
    private static let names: Set<String> = ["secret", "issuer", "algorithm", "digits", "period"]

    private static func decoded(_ bytes: Substring.UTF8View) throws(KeyURIError) -> String {
        guard let text = PercentCoding.decode(bytes, .keyURI) else { throw .badEncoding }
        return text
    }

    private static func fields(_ query: Substring.UTF8View) throws(KeyURIError) -> [String: String] {
        var fields: [String: String] = [:]
        for field in query.split(separator: 0x26, omittingEmptySubsequences: false) {
            let pair = field.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { throw .notKeyURI }
            let name = try decoded(pair[0])
            guard names.contains(name), fields[name] == nil else { throw .badParameter(String(name.prefix(32))) }
            fields[name] = try decoded(pair[1])
        }
        return fields
    }

    private static func secret(_ text: String?) throws(KeyURIError) -> SecretBytes {
        guard let text, let bytes = Base32.decode(text), Base32.encode(bytes).utf8.elementsEqual(text.utf8) else {
            throw .badSecret
        }
        return SecretBytes(bytes)
    }

    private static func parameters(_ fields: [String: String]) throws(KeyURIError) -> TOTPParameters {
        guard let algorithm = HashAlgorithm(rawValue: fields["algorithm"] ?? "SHA1") else {
            throw .badParameter("algorithm")
        }
        guard let digits = number(fields["digits"] ?? "6").flatMap(OTPDigits.init) else {
            throw .badParameter("digits")
        }
        guard let seconds = number(fields["period"] ?? "30"),
            let parameters = TOTPParameters(
                algorithm: algorithm, digits: digits, stepLength: .seconds(seconds))
        else { throw .badParameter("period") }
        return parameters
    }

    private static func number(_ text: String) -> Int? {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}
