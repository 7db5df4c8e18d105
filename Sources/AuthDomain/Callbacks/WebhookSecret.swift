/// The symmetric secret of a webhook: `whsec_` and 24 to 64 bytes in base64 (Standard Webhooks 1.0.0).
package struct WebhookSecret: Sendable {
    /// The bytes that sign.
    package let key: SecretBytes

    /// Reads a secret; nil when it is something else.
    package init?(_ text: SecretBytes) {
        let prefix = Array("whsec_".utf8)
        let key = text.withBytes { bytes -> SecretBytes? in
            guard bytes.count <= 128, bytes.starts(with: prefix) else { return nil }
            guard let decoded = Base64.decode(Array(bytes.dropFirst(prefix.count)), .padded),
                (24...64).contains(decoded.count)
            else { return nil }
            return SecretBytes(decoded)
        }
        guard let key else { return nil }
        self.key = key
    }
}
