package import AuthDomain

/// A private key just made, not yet stored.
package struct NewSigningKey: Sendable {
    /// Its `kid`: the thumbprint of the public key (RFC 7638).
    package let id: String
    /// The private key in the form that the maker's signer reads.
    package let secret: SecretBytes

    /// Makes a key.
    package init(id: String, secret: SecretBytes) {
        self.id = id
        self.secret = secret
    }
}

/// Makes private keys for signing.
package protocol SigningKeyMaker: Sendable {
    /// A fresh key.
    func makeKey() -> NewSigningKey
}

/// Keeps the signing keys in turn: makes the one that is due, removes those long retired.
///
/// Run at the start and every few minutes by every instance; the store lets one of them add a key, the others then
/// find it there.
package struct RotateSigningKeys: Sendable {
    private let store: any SigningKeyStore
    private let box: any SecretBox
    private let maker: any SigningKeyMaker
    private let clock: any WallClock
    private let rotation: SigningKeyRotation
    private let provenance: Provenance

    /// Makes the use case.
    /// - Parameter provenance: Who the making of a key is recorded for.
    package init(
        store: any SigningKeyStore, box: any SecretBox, maker: any SigningKeyMaker, clock: any WallClock,
        rotation: SigningKeyRotation, provenance: Provenance
    ) {
        self.store = store
        self.box = box
        self.maker = maker
        self.clock = clock
        self.rotation = rotation
        self.provenance = provenance
    }

    /// Brings the keys up to date.
    /// - Returns: The keys as they are now, for the signer to load.
    /// - Throws: `StoreUnavailable`; the keys loaded before go on serving.
    package func callAsFunction() async throws(StoreUnavailable) -> [SigningKeyRecord] {
        let stored = try await store.signingKeys()
        let usable = stored.filter { box.open($0.sealedKey, row: $0.id, purpose: .signingKey) != nil }
        let now = clock.now()
        let plan = rotation.plan(keys: usable, now: now)
        if let signsFrom = plan.newKeySignsFrom {
            // Losing to another instance is as good as winning: either way the store now has the key.
            _ = try await addKey(signsFrom: signsFrom, now: now, after: stored.last?.id)
        }
        if !plan.removals.isEmpty { try await store.removeSigningKeys(ids: plan.removals) }
        guard plan.newKeySignsFrom != nil || !plan.removals.isEmpty else { return stored }
        return try await store.signingKeys()
    }

    private func addKey(
        signsFrom: WallInstant, now: WallInstant, after newest: String?
    ) async throws(StoreUnavailable) -> Bool {
        let key = maker.makeKey()
        let record = SigningKeyRecord(
            id: key.id, sealedKey: box.seal(key.secret, row: key.id, purpose: .signingKey), createdAt: now,
            signsFrom: signsFrom)
        let event = AuditEvent(
            time: now, code: .signingKeyMade, result: .success, detail: "kid \(key.id)", provenance: provenance)
        return try await store.addSigningKey(record, after: newest, event: event)
    }
}
