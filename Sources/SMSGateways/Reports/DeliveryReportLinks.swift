internal import AuthDomain

/// The addresses that gateways report to, each with a token that only this service can make.
package struct DeliveryReportLinks: Sendable {
    private let base: String
    private let tokens: @Sendable (String) -> [String]

    /// Prepares links.
    ///
    /// - Parameters:
    ///   - base: An http or https URL without query and `%`, such as `https://sso.example/v1/sms/reports`.
    ///   - tokens: Makes the tokens of a text (gateway and reference) under every key of a ring, never none: the first is
    ///     given out, all are taken, so that a new key does not orphan messages. Letters, digits, `-` and `_`.
    package init?(base: String, tokens: @escaping @Sendable (String) -> [String]) {
        guard base.hasPrefix("https://") || base.hasPrefix("http://"), base.utf8.count <= 512,
            base.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !base.contains(where: { "%?#{}".contains($0) })
        else { return nil }
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
        self.tokens = tokens
    }

    /// Where reports on one message go: `<base>/<gateway>/<reference>/<token>`.
    package func url(gateway: String, reference: String) -> String {
        "\(base)/\(gateway)/\(reference)/\(tokens("\(gateway)/\(reference)").first ?? "")"
    }

    /// Whether a token belongs to a gateway and reference; each comparison takes the same time wherever it differs.
    package func accepts(_ offered: String, gateway: String, reference: String) -> Bool {
        guard !offered.isEmpty else { return false }
        return tokens("\(gateway)/\(reference)").reduce(false) { found, token in
            ConstantTime.equal(Array(offered.utf8), Array(token.utf8)) || found
        }
    }
}
