/// What the service reads of a request of Postfix' policy delegation protocol (SMTPD_POLICY_README).
struct PolicyRequest: Equatable {
    /// Text that is no request of this protocol.
    struct Malformed: Error {}

    /// The name the session signed in with; empty for one that did not.
    let login: String
    /// The stage that the session is at, such as `RCPT` or `END-OF-MESSAGE`.
    let stage: String

    /// Reads `name=value` lines, cut at the first `=`; names it does not know are passed over.
    init(lines: [[UInt8]]) throws(Malformed) {
        var fields: [String: [UInt8]] = [:]
        for line in lines {
            guard let equals = line.firstIndex(of: UInt8(ascii: "=")), equals > 0 else { throw Malformed() }
            let name = String(decoding: line[..<equals], as: UTF8.self)
            guard Self.known.contains(name) else { continue }
            // A name that stands twice has two meanings: whose would count?
            guard fields.updateValue(Array(line[(equals + 1)...]), forKey: name) == nil else { throw Malformed() }
        }
        guard fields["request"] == Array("smtpd_access_policy".utf8) else { throw Malformed() }
        login = String(decoding: fields["sasl_username"] ?? [], as: UTF8.self)
        stage = String(decoding: fields["protocol_state"] ?? [], as: UTF8.self)
    }

    private static let known: Set<String> = ["request", "sasl_username", "protocol_state"]
}
