package import AuthDomain
package import AuthService
internal import Synchronization

/// Signs compact JWS with ES256 (RFC 7515, RFC 7518 §3.4, RFC 8725) and publishes the public keys.
package final class ES256TokenSigner: TokenSigner {
    /// What the loaded keys come to; replaced as a whole.
    private struct Loaded {
        var current: (id: String, key: ES256Key)?
        var keySet = Array("{\"keys\":[]}".utf8)
    }

    private let box: any SecretBox
    private let loaded = Mutex(Loaded())

    /// Makes a signer without keys.
    /// - Parameter box: Opens the stored keys.
    package init(box: any SecretBox) {
        self.box = box
    }

    /// Takes the keys as they are stored now; call it at the start and every few minutes, for keys take turns.
    ///
    /// - Returns: The ids of records that do not open, or hold another key than their id says: they neither sign nor
    ///   are published.
    package func load(records: [SigningKeyRecord], now: WallInstant) -> [String] {
        var keys: [String: ES256Key] = [:]
        for record in records {
            guard let secret = box.open(record.sealedKey, row: record.id, purpose: .signingKey),
                let key = ES256Key(pkcs8: secret), key.thumbprint == record.id
            else {
                continue
            }
            keys[record.id] = key
        }
        let usable = records.filter { keys[$0.id] != nil }
        var next = Loaded()
        next.keySet = Self.keySet(usable.compactMap { record in keys[record.id].map { (record.id, $0) } })
        if let current = SigningKeyRotation.current(usable, now: now), let key = keys[current.id] {
            next.current = (current.id, key)
        }
        loaded.withLock { [next] in $0 = next }
        return records.map(\.id).filter { keys[$0] == nil }
    }

    /// A compact JWS over the payload.
    /// - Parameter type: The `typ` of the header; a media type without characters that JSON escapes.
    /// - Throws: `StoreUnavailable` when no signing key is loaded.
    package func sign(payload: [UInt8], type: String) throws(StoreUnavailable) -> String {
        precondition(
            type.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }, "not a media type")
        guard let (id, key) = loaded.withLock({ $0.current }) else {
            throw StoreUnavailable(reason: "no signing key is loaded")
        }
        let header = "{\"alg\":\"ES256\",\"kid\":\"\(id)\",\"typ\":\"\(type)\"}"
        let input = Base64.encode(header.utf8, .urlSafe) + "." + Base64.encode(payload, .urlSafe)
        guard let signature = key.sign(Array(input.utf8)) else {
            throw StoreUnavailable(reason: "signing failed")
        }
        return input + "." + Base64.encode(signature, .urlSafe)
    }

    /// The public keys as a JWK set (RFC 7517), in JSON.
    package func keySet() -> [UInt8] {
        loaded.withLock { $0.keySet }
    }

    /// Whether a signature of 64 bytes is one of the key in use over a message.
    package func verify(signature: [UInt8], message: [UInt8]) -> Bool {
        loaded.withLock { $0.current }?.key.verify(signature, message: message) ?? false
    }

    // Ids are thumbprints and coordinates base64url: nothing needs escaping.
    private static func keySet(_ keys: [(id: String, key: ES256Key)]) -> [UInt8] {
        let members = keys.map { id, key in
            """
            {"kty":"EC","crv":"P-256","x":"\(key.x)","y":"\(key.y)","use":"sig","alg":"ES256","kid":"\(id)"}
            """
        }
        return Array("{\"keys\":[\(members.joined(separator: ","))]}".utf8)
    }
}
