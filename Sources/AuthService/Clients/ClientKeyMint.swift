package import AuthDomain

/// Makes client keys and the records that know them again.
package struct ClientKeyMint: Sendable {
    private let random: any RandomSource
    private let digest: any KeyedDigest

    /// Makes a mint.
    package init(random: any RandomSource, digest: any KeyedDigest) {
        self.random = random
        self.digest = digest
    }

    /// A new key, to be shown once, and the record to store.
    package func mint(
        name: String, scopes: [ClientScope], now: WallInstant
    ) -> (key: ClientKey, record: ClientRecord) {
        let key = ClientKey(random: random.bytes(count: ClientKey.randomByteCount))
        let message = key.bytes.copy
        let record = ClientRecord(
            name: name, prefix: key.prefix, digest: digest.digest(message, purpose: .clientKey), scopes: scopes,
            createdAt: now, revokedAt: nil)
        return (key, record)
    }
}
