import AuthDomain
import AuthService
import Synchronization

/// Ports of secrets that are quick and transparent; what they protect elsewhere is tested elsewhere.
struct PlainHasher: PasswordHasher {
    func hash(_ password: SecretBytes) async throws(Overloaded) -> String {
        "plain:" + password.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    func verify(_ password: SecretBytes, record: String) async throws(Overloaded) -> Bool {
        record == "plain:" + password.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    func isOutdated(record: String) -> Bool { false }

    var unfittingRecord: String { "none" }
}

struct PlainBox: SecretBox {
    func seal(_ secret: SecretBytes, row: String, purpose: SealPurpose) -> [UInt8] {
        secret.withBytes { Array($0) }
    }

    func open(_ sealed: [UInt8], row: String, purpose: SealPurpose) -> SecretBytes? { SecretBytes(sealed) }
}

struct PlainDigest: KeyedDigest {
    func digest(_ message: [UInt8], purpose: DigestPurpose) -> [UInt8] {
        Array(purpose.rawValue.utf8) + [0] + message
    }

    func verify(_ digest: [UInt8], message: [UInt8], purpose: DigestPurpose) -> Bool {
        ConstantTime.equal(digest, self.digest(message, purpose: purpose))
    }

    func candidates(_ message: [UInt8], purpose: DigestPurpose) -> [[UInt8]] { [digest(message, purpose: purpose)] }
}

/// Not HMAC: any function of key and message serves where both sides of a test use it.
struct MixingMAC: OneTimeCodeMAC {
    func mac(_ algorithm: HashAlgorithm, key: SecretBytes, message: [UInt8]) -> [UInt8] {
        var state: UInt64 = 14_695_981_039_346_656_037
        for byte in key.withBytes({ Array($0) }) + message { state = (state ^ UInt64(byte)) &* 1_099_511_628_211 }
        return (0..<algorithm.outputByteCount).map { index in
            state = (state ^ UInt64(index)) &* 1_099_511_628_211
            return UInt8(truncatingIfNeeded: state >> 24)
        }
    }
}

struct PlainSigner: TokenSigner {
    func sign(payload: [UInt8], type: String) throws(StoreUnavailable) -> String {
        "\(type).\(String(decoding: payload, as: UTF8.self))"
    }

    func keySet() -> [UInt8] { Array(#"{"keys":[]}"#.utf8) }
}

struct SoundClock: ClockHealth {
    var isTrustworthy: Bool { true }
}

final class CountingObserver: ServiceObserver {
    let evaluations = Mutex(0)

    func evaluating(_ kind: BudgetKind) { evaluations.withLock { $0 += 1 } }
    func judgedFailure(_ kind: BudgetKind) {}
    func locked(_ cause: LockCause) {}
    func signIn(_ outcome: SignInOutcome) {}
    func secretUnreadable(_ authenticator: AuthenticatorID) {}
}
