import AuthDomain
import AuthService
import Cryptography
import Settings
import SQLStore

/// What is made of the keys: seals under the ring keys of the settings, digests under the digest keys of the database.
///
/// A ring key can be exchanged, since everything it holds can be sealed anew (`otpd keys rotate`). A digest cannot be
/// made anew without what was digested, hence the keys in between: they stay, only their seals change.
struct Vault: Sendable {
    let digest: OpenSSLKeyedDigest
    let box: RingSecretBox
    let random = SystemRandom()

    /// Opens the digest keys, or makes the first one.
    ///
    /// - Parameters:
    ///   - ring: The ring keys.
    ///   - records: The digest keys of the database, newest first.
    ///   - path: The database, for the failure.
    static func open(
        ring: KeyRing, records: [DigestKeyRecord], path: String
    ) throws(StoreOpeningFailure) -> (vault: Vault, new: DigestKeyRecord?) {
        let random = SystemRandom()
        let box = RingSecretBox(ring: ring, random: random)
        var entries: [(id: String, bytes: SecretBytes)] = []
        for record in records {
            guard let key = box.open(record.sealedKey, row: record.id, purpose: .digestKey) else {
                throw .digestKeySealed(path: path, id: record.id)
            }
            entries.append((record.id, key))
        }
        var new: DigestKeyRecord?
        if entries.isEmpty {
            let id = Hex.encode(random.bytes(count: 4))
            let key = SecretBytes(random.bytes(count: 32))
            entries = [(id, key)]
            new = DigestKeyRecord(
                id: id, sealedKey: box.seal(key, row: id, purpose: .digestKey), createdAt: SystemWallClock().now())
        }
        do throws(KeyRingError) {
            let digest = OpenSSLKeyedDigest(ring: try KeyRing(entries))
            return (Vault(digest: digest, box: box), new)
        } catch {
            throw .failed(path: path, reason: "its digest keys are not what was written")
        }
    }

    private init(digest: OpenSSLKeyedDigest, box: RingSecretBox) {
        self.digest = digest
        self.box = box
    }
}
