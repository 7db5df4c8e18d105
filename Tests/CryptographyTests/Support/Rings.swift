import AuthDomain
import Cryptography

/// Ring keys for tests, told apart by a byte.
enum Rings {
    static func entry(_ byte: UInt8) -> (id: String, bytes: SecretBytes) {
        let digits = String(byte, radix: 16)
        let id = String(repeating: "0", count: 8 - digits.count) + digits
        return (id, SecretBytes([UInt8](repeating: byte, count: 32)))
    }

    /// A ring of the given keys; the first writes.
    static func ring(_ bytes: UInt8...) throws -> KeyRing {
        try KeyRing(bytes.map(entry))
    }
}
