import AuthDomain

/// The two keyed digests of an app password: one finds it, the other proves it and what it is good for.
struct AppPasswordDigests: Sendable {
    /// Bytes of the look-up: the ring key's id and 64 bits, so that what is stored says nothing useful of 80.
    private static let lookupByteCount = 12

    let digest: any KeyedDigest

    /// What a new one is found by.
    func lookup(of password: AppPassword) -> [UInt8] {
        Self.cut(digest.digest(password.canonical.copy, purpose: .appPasswordLookup))
    }

    /// What one is looked up by, uncut: a digest for each key of the ring.
    func whole(_ password: AppPassword) -> [[UInt8]] {
        digest.candidates(password.canonical.copy, purpose: .appPasswordLookup)
    }

    /// The part of a digest that is stored and searched for.
    static func cut(_ digest: [UInt8]) -> [UInt8] { Array(digest.prefix(lookupByteCount)) }

    /// The record that a password is of, unchanged since it was made; nil when it is of none.
    ///
    /// - Parameter whole: What `whole` told of the password.
    func record(of password: AppPassword, _ whole: [[UInt8]], in snapshot: MailLoginSnapshot) -> AppPasswordRecord? {
        if let known = snapshot.proven(by: whole) { return known }
        guard let record = snapshot.candidates.first(where: { fits($0, password) }) else { return nil }
        if let digest = whole.first { snapshot.remember(record, provenBy: digest) }
        return record
    }

    /// The digest of a new one.
    func proof(
        of password: AppPassword, id: AppPasswordID, account: AccountID, terms: AppPasswordTerms
    ) -> [UInt8] {
        digest.digest(Self.message(password, id, account, terms), purpose: .appPassword)
    }

    /// Whether a record is that of a password, unchanged since it was made: neither moved nor widened.
    private func fits(_ record: AppPasswordRecord, _ password: AppPassword) -> Bool {
        digest.verify(
            record.digest, message: Self.message(password, record.id, record.account, record.terms),
            purpose: .appPassword)
    }

    private static func message(
        _ password: AppPassword, _ id: AppPasswordID, _ account: AccountID, _ terms: AppPasswordTerms
    ) -> [UInt8] {
        var writer = RecordWriter()
        writer.put(id.text)
        writer.put(account.text)
        writer.put(terms.services.map(\.rawValue).joined(separator: " "))
        writer.put(terms.networks.map(\.text).joined(separator: " "))
        writer.put(terms.expiresAt?.milliseconds ?? -1)
        writer.put(password.canonical.copy)
        return writer.bytes
    }
}
