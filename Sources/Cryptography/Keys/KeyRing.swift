package import AuthDomain

/// Why a list of keys is not a ring.
package enum KeyRingError: Error, Hashable, Sendable {
    /// There is no key.
    case empty
    /// An id is not eight lower-case hexadecimal digits.
    case malformedID(String)
    /// Two keys have the same id.
    case repeatedID(String)
    /// A key is not 32 bytes long.
    case wrongLength(id: String)
}

/// The keys that everything stored is sealed or digested under: the first writes, all read.
///
/// None of the keys is used itself; each purpose has a key of its own, derived by HKDF-SHA-256 (RFC 5869).
package struct KeyRing: Sendable {
    /// One key of the ring.
    package struct Key: Sendable {
        /// Eight lower-case hexadecimal digits.
        package let id: String
        /// The key, 32 bytes.
        package let bytes: SecretBytes
        /// The id as it is stored, four bytes.
        let storedID: [UInt8]
    }

    /// The keys; the first is the one that writes.
    package let keys: [Key]

    /// Makes a ring.
    /// - Throws: `KeyRingError` by case.
    package init(_ entries: [(id: String, bytes: SecretBytes)]) throws(KeyRingError) {
        guard !entries.isEmpty else { throw .empty }
        var keys: [Key] = []
        for entry in entries {
            guard let storedID = Self.storedID(entry.id) else { throw .malformedID(entry.id) }
            guard entry.bytes.count == 32 else { throw .wrongLength(id: entry.id) }
            guard !keys.contains(where: { $0.id == entry.id }) else { throw .repeatedID(entry.id) }
            keys.append(Key(id: entry.id, bytes: entry.bytes, storedID: storedID))
        }
        self.keys = keys
    }

    private static func storedID(_ id: String) -> [UInt8]? {
        let digits = id.utf8.compactMap { digit -> UInt8? in
            switch digit {
            case 0x30...0x39: digit - 0x30
            case 0x61...0x66: digit - 0x61 + 10
            default: nil
            }
        }
        guard id.utf8.count == 8, digits.count == 8 else { return nil }
        return stride(from: 0, to: 8, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
