package import AuthDomain

/// Signs messages as Standard Webhooks 1.0.0 says: HMAC-SHA-256 over `id.timestamp.body` (R-HOOK-1).
package struct WebhookSigner: Sendable {
    /// HMAC-SHA-256 of a message under a key.
    package typealias MAC = @Sendable (_ key: SecretBytes, _ message: [UInt8]) -> [UInt8]

    private let secrets: [WebhookSecret]
    private let mac: MAC

    /// Makes a signer.
    ///
    /// - Parameters:
    ///   - secrets: The secrets in force: one, or two while the receiver changes over from one to the other.
    ///   - mac: HMAC-SHA-256.
    package init(secrets: [WebhookSecret], mac: @escaping MAC) {
        self.secrets = secrets
        self.mac = mac
    }

    /// The value of `webhook-signature`: one signature for each secret, with spaces between them.
    ///
    /// - Parameters:
    ///   - id: The identifier of the message, without a full stop.
    ///   - timestamp: The time of this attempt, in seconds since 1970.
    ///   - body: The body as it is sent.
    package func signature(id: String, timestamp: Int64, body: [UInt8]) -> String {
        let message = Array("\(id).\(timestamp).".utf8) + body
        return secrets.map { "v1,\(Base64.encode(mac($0.key, message), .padded))" }.joined(separator: " ")
    }
}
