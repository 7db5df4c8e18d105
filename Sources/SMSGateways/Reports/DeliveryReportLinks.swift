internal import AuthDomain

/// The addresses that gateways report to, each with a token that only this service can make.
package struct DeliveryReportLinks: Sendable {
    private let base: String
    private let token: @Sendable (String) -> String

    /// Prepares links.
    ///
    /// - Parameters:
    ///   - base: An http or https URL without query and `%`, such as `https://sso.example/v1/sms/reports`.
    ///   - token: Makes the token of a text (gateway and reference) under a secret key; letters, digits, `-` and `_`.
    package init?(base: String, token: @escaping @Sendable (String) -> String) {
        guard base.hasPrefix("https://") || base.hasPrefix("http://"), base.utf8.count <= 512,
            base.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !base.contains(where: { "%?#{}".contains($0) })
        else { return nil }
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
        self.token = token
    }

    /// Where reports on one message go: `<base>/<gateway>/<reference>/<token>`.
    package func url(gateway: String, reference: String) -> String {
        "\(base)/\(gateway)/\(reference)/\(token("\(gateway)/\(reference)"))"
    }

    /// Whether a token belongs to a gateway and reference; takes the same time wherever it differs.
    package func accepts(_ offered: String, gateway: String, reference: String) -> Bool {
        ConstantTime.equal(Array(offered.utf8), Array(token("\(gateway)/\(reference)").utf8))
    }
}
