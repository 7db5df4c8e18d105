import AuthDomain
import Cryptography
import TestKit
import Testing

@Suite("One-time codes through OpenSSL's HMAC")
struct OneTimeCodeMACTests {
    private let mac = OpenSSLOneTimeCodeMAC()

    @Test("R-TOTP-2: RFC 4226 appendix D", arguments: RFCVectors.hotp)
    func hotp(vector: HOTPVector) {
        let secret = SecretBytes(RFCVectors.hotpSecret)
        let code = HOTP.code(
            secret: secret, counter: vector.counter, algorithm: .sha1, digits: .six,
            mac: { mac.mac($0, key: $1, message: $2) })
        #expect(code.text == vector.code)
        let message = (0..<8).map { UInt8(truncatingIfNeeded: vector.counter >> UInt64(56 - 8 * $0)) }
        #expect(mac.mac(.sha1, key: secret, message: message) == hex(vector.mac))
    }

    @Test("R-TOTP-4: RFC 6238 appendix B", arguments: RFCVectors.totp)
    func totp(vector: TOTPVector) throws {
        let parameters = try #require(
            TOTPParameters(algorithm: vector.algorithm, digits: .eight, stepLength: .seconds(30)))
        let step = TimeStep(at: WallInstant(seconds: vector.seconds), stepLength: .seconds(30))
        let code = TOTP.code(
            secret: SecretBytes(RFCVectors.totpSecret(vector.algorithm)), step: step, parameters: parameters,
            mac: { mac.mac($0, key: $1, message: $2) })
        #expect(code.text == vector.code)
    }

    @Test("The vectors are all there")
    func counts() {
        #expect(RFCVectors.hotp.count == 10)
        #expect(RFCVectors.totp.count == 18)
    }

    @Test("RFC 2202 case 2, RFC 4231 cases 2 and 6")
    func published() {
        let jefe = SecretBytes(text: "Jefe")
        let question = Array("what do ya want for nothing?".utf8)
        #expect(mac.mac(.sha1, key: jefe, message: question) == hex("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"))
        #expect(
            mac.mac(.sha256, key: jefe, message: question)
                == hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"))
        #expect(
            mac.mac(.sha512, key: jefe, message: question)
                == hex(
                    "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a"
                        + "6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"))
        let long = SecretBytes([UInt8](repeating: 0xAA, count: 131))
        let text = Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)
        #expect(
            mac.mac(.sha256, key: long, message: text)
                == hex("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"))
    }

    @Test("No key and no message give a MAC, too")
    func empty() {
        // HMAC_SHA1("", "") as Wikipedia and every library have it.
        #expect(
            mac.mac(.sha1, key: SecretBytes([]), message: []) == hex("fbdb1d1b18aa6c08324b7d64b71fb76370690e1d"))
    }

    @Test("One value serves many tasks")
    func concurrent() async {
        let mac = mac
        let expected = mac.mac(.sha1, key: SecretBytes(RFCVectors.hotpSecret), message: [1])
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let secret = SecretBytes(RFCVectors.hotpSecret)
                    return (0..<200).allSatisfy { _ in mac.mac(.sha1, key: secret, message: [1]) == expected }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }
}
