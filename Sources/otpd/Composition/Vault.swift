import AuthDomain
import AuthService
import Cryptography
import Settings

/// What is made of the key ring: seals, digests, randomness.
struct Vault: Sendable {
    let digest: OpenSSLKeyedDigest
    let box: RingSecretBox
    let random = SystemRandom()

    init(_ settings: Settings) throws {
        let ring = try KeyRing(settings.keys.map { (id: $0.id, bytes: $0.bytes) })
        digest = OpenSSLKeyedDigest(ring: ring)
        box = RingSecretBox(ring: ring, random: SystemRandom())
    }
}
