package import AuthDomain

/// A root key of the keyed digests, as stored: sealed under a ring key, so that ring keys can be exchanged while the
/// digests made with it (client keys, recovery codes, the audit chain) stay what they are.
package struct DigestKeyRecord: Hashable, Sendable {
    /// Eight lower-case hexadecimal digits; stored beside every digest made with it.
    package let id: String
    /// The 32 bytes of the key, sealed.
    package let sealedKey: [UInt8]
    /// When it was made.
    package let createdAt: WallInstant

    /// Makes a record.
    package init(id: String, sealedKey: [UInt8], createdAt: WallInstant) {
        self.id = id
        self.sealedKey = sealedKey
        self.createdAt = createdAt
    }
}

/// A place of the database that holds sealed secrets.
package struct SealedColumn: Hashable, Sendable {
    /// What it holds, in a word or two for the operator: `authenticators`.
    package let name: String
    /// What its seals are for.
    package let purpose: SealPurpose

    /// Names a place.
    package init(name: String, purpose: SealPurpose) {
        self.name = name
        self.purpose = purpose
    }
}

/// One sealed secret.
package struct SealedRow: Hashable, Sendable {
    /// The row that its seal is bound to.
    package let row: String
    /// The sealed secret.
    package let sealed: [UInt8]

    /// Makes a row.
    package init(row: String, sealed: [UInt8]) {
        self.row = row
        self.sealed = sealed
    }
}

/// Goes through everything that is sealed, for the exchange of ring keys.
package protocol SealedSecretStore: Sendable {
    /// Every place that holds sealed secrets.
    var sealedColumns: [SealedColumn] { get }

    /// How many secrets a place holds.
    func sealedCount(in column: SealedColumn) async throws(StoreUnavailable) -> Int

    /// How many secrets of a place begin with which bytes, for what tells their keys; no secret leaves the database.
    func sealedHeads(
        in column: SealedColumn, byteCount: Int
    ) async throws(StoreUnavailable) -> [[UInt8]: Int]

    /// The secrets of a place after a row, in the order of rows.
    func sealedRows(
        in column: SealedColumn, after row: String, limit: Int
    ) async throws(StoreUnavailable) -> [SealedRow]

    /// Replaces secrets that are still what was read, in one transaction, and returns how many were.
    func reseal(
        _ rows: [(old: SealedRow, sealed: [UInt8])], in column: SealedColumn
    ) async throws(StoreUnavailable) -> Int
}

/// A box that tells which key sealed a secret.
package protocol RotatingSecretBox: SecretBox {
    /// The id of the key that seals.
    var writingKey: String { get }

    /// How many bytes at the beginning of a sealed secret tell its key.
    var headByteCount: Int { get }

    /// The id of the key that a secret, or the beginning of one, names; nil for what is no sealed secret. The key need not be in the ring.
    func key(of sealed: [UInt8]) -> String?
}
