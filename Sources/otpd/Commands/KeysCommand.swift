import AuthService
import Cryptography
import Settings

/// `otpd keys new`: a fresh ring key.
enum KeysCommand {
    static func run(_ words: [String]) throws {
        guard words == ["new"] else {
            throw Arguments.UsageError(message: "keys knows only: new")
        }
        let random = SystemRandom()
        Terminal.line(RingKeyFile.line(id: random.bytes(count: 4), key: random.bytes(count: 32)))
    }
}
