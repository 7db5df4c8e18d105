import AuthDomain
import Cryptography

/// What all seeded accounts share, so that one code and one password fit each of them.
///
/// The databases hold nothing else and are thrown away.
enum BenchSecrets {
    static let totp = SecretBytes(Array("otpd-bench-secret-20".utf8))
    static let password = "Bench-Matkhau-2026#"

    /// The code of a time step.
    static func code(at step: TimeStep, mac: OpenSSLOneTimeCodeMAC) -> String {
        TOTP.code(secret: totp, step: step, parameters: .standard, mac: mac.mac).text
    }

    /// The address of an account by its number, from 0; always of one length.
    static func address(_ number: Int) -> String {
        let digits = String(number)
        return "u" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits + "@hanoi.gov.vn"
    }

    /// The phone of an account by its number: spread over nine prefixes, its last seven digits the number.
    static func phone(_ number: Int) -> String {
        let digits = String(number % 10_000_000)
        return "+849\(number % 9)" + String(repeating: "0", count: 7 - digits.count) + digits
    }
}
