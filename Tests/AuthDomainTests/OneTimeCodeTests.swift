import AuthDomain
import TestKit
import Testing

@Suite("One-time codes")
struct OneTimeCodeTests {
    @Test("RFC 4226 appendix D: truncation of every vector (R-TOTP-2)", arguments: RFCVectors.hotp)
    func hotp(vector: HOTPVector) {
        let secret = SecretBytes(RFCVectors.hotpSecret)
        let code = HOTP.code(secret: secret, counter: vector.counter, algorithm: .sha1, digits: .six) {
            _, key, message in
            #expect(key === secret)
            #expect(message == [0, 0, 0, 0, 0, 0, 0, UInt8(vector.counter)])
            return bytes(vector.mac)
        }
        #expect(code.text == vector.code)
    }

    @Test(
        "RFC 6238 appendix B: step and truncation of all 18 vectors, also past 2038 (R-TOTP-4)",
        arguments: RFCVectors.totp)
    func totp(vector: TOTPVector) throws {
        let parameters = try #require(
            TOTPParameters(algorithm: vector.algorithm, digits: .eight, stepLength: .seconds(30)))
        let step = TimeStep(at: WallInstant(seconds: vector.seconds), stepLength: parameters.stepLength)
        let secret = SecretBytes(RFCVectors.totpSecret(vector.algorithm))
        let code = TOTP.code(secret: secret, step: step, parameters: parameters) { algorithm, _, message in
            #expect(algorithm == vector.algorithm)
            #expect(message.reduce(0) { $0 << 8 | Int64($1) } == vector.seconds / 30)
            return bytes(vector.mac)
        }
        #expect(code.text == vector.code)
    }

    @Test(
        "RFC 6238: steps are floors, before the epoch too",
        arguments: [(59_999, 1), (60_000, 2), (0, 0), (29_999, 0), (-1, -1), (-30_000, -1), (-30_001, -2)]
            as [(Int64, Int64)])
    func step(milliseconds: Int64, number: Int64) {
        #expect(TimeStep(at: WallInstant(milliseconds: milliseconds), stepLength: .seconds(30)).number == number)
    }

    /// A MAC whose code is the low byte of the counter, the same for all codes with that byte.
    private static func mac(_: HashAlgorithm, _: SecretBytes, _ message: [UInt8]) -> [UInt8] {
        [0, 0, 0, message[7]] + [UInt8](repeating: 0, count: 16)
    }

    private let secret = SecretBytes([UInt8](repeating: 1, count: 20))
    private let now = WallInstant(seconds: 30 * 100)

    @Test(
        "R-TOTP-5, R-TOTP-6: the window decides, and a used step or one before it does not serve again",
        arguments: [
            ("000100", nil, .accepted(TimeStep(100))),
            ("000099", nil, .accepted(TimeStep(99))),
            ("000101", nil, .accepted(TimeStep(101))),
            ("000098", nil, .wrong),
            ("000102", nil, .wrong),
            ("000100", 99, .accepted(TimeStep(100))),
            ("000100", 100, .alreadyUsed(TimeStep(100))),
            ("000099", 100, .alreadyUsed(TimeStep(99))),
            ("000101", 100, .accepted(TimeStep(101))),
            ("000101", 5000, .alreadyUsed(TimeStep(101))),
            ("00000100", nil, .wrong),
            ("0000100", nil, .wrong),
        ] as [(String, Int64?, TOTPVerdict)])
    func judge(digits: String, last: Int64?, verdict: TOTPVerdict) throws {
        let code = try OTPCode(parsing: digits)
        #expect(
            TOTP.judge(
                code, secret: secret, lastAccepted: last.map(TimeStep.init), at: now, parameters: .standard,
                window: .standard, mac: Self.mac) == verdict)
    }

    @Test(
        "R-TOTP-1: every step of the window is evaluated, whatever matches", arguments: ["000099", "000100", "999999"])
    func wholeWindow(digits: String) throws {
        var evaluated: [UInt8] = []
        _ = TOTP.matchingStep(
            try OTPCode(parsing: digits), secret: secret, at: now, parameters: .standard,
            window: ValidationWindow(stepsBack: 2, stepsAhead: 1)
        ) { algorithm, key, message in
            evaluated.append(message[7])
            return Self.mac(algorithm, key, message)
        }
        #expect(evaluated == [98, 99, 100, 101])
    }

    @Test("Of two steps with the same code the later one is taken")
    func latestStep() throws {
        let step = TOTP.matchingStep(
            try OTPCode(parsing: "000000"), secret: secret, at: now, parameters: .standard, window: .standard
        ) { _, _, _ in [UInt8](repeating: 0, count: 20) }
        #expect(step == TimeStep(101))
    }

    @Test("A MAC that fails is passed on")
    func failingMAC() throws {
        struct Broken: Error {}
        let code = try OTPCode(parsing: "000000")
        #expect(throws: Broken.self) {
            try TOTP.matchingStep(
                code, secret: secret, at: now, parameters: .standard, window: .standard
            ) { _, _, _ throws(Broken) in throw Broken() }
        }
    }

    @Test("Windows and step lengths are kept within their limits")
    func limits() {
        let window = ValidationWindow(stepsBack: -3, stepsAhead: 99)
        #expect(window.stepsBack == 0 && window.stepsAhead == 10)
        for length in [Duration.zero, .seconds(-30), .seconds(3601), .milliseconds(1500)] {
            #expect(TOTPParameters(algorithm: .sha1, digits: .six, stepLength: length) == nil)
        }
    }

    @Test("Codes keep leading zeros and skip spaces (R-TOTP-1)", arguments: ["012345", " 012 345 ", "012\u{A0}345"])
    func parsed(raw: String) throws {
        let code = try OTPCode(parsing: raw)
        #expect(code.text == "012345")
        #expect(code == OTPCode(truncated: 12345, digits: .six))
        #expect(
            "\(code)" == "***" && String(reflecting: code) == "***"
                && !"\(Mirror(reflecting: code).children)".contains("0"))
    }

    @Test(
        "Codes: rubbish is refused",
        arguments: [
            ("", .wrongLength), ("12345", .wrongLength), ("123456789", .wrongLength), ("12345a", .notDigits),
            ("１２３４５６", .notDigits), ("-12345", .notDigits), ("12345\u{0}", .notDigits), ("12345\n", .notDigits),
            ("١٢٣٤٥٦", .notDigits), (String(repeating: "1", count: 100_000), .wrongLength), ("      ", .wrongLength),
        ] as [(String, OTPCodeError)])
    func rubbish(raw: String, error: OTPCodeError) {
        #expect(throws: error) { try OTPCode(parsing: raw) }
    }

    @Test("Codes of other digits or length differ")
    func unequal() {
        #expect(OTPCode(truncated: 1, digits: .six) != OTPCode(truncated: 2, digits: .six))
        #expect(OTPCode(truncated: 1, digits: .six) != OTPCode(truncated: 1, digits: .seven))
    }

    private func bytes(_ hexadecimal: String) -> [UInt8] {
        stride(from: 0, to: hexadecimal.utf8.count, by: 2).compactMap { offset in
            UInt8(hexadecimal.dropFirst(offset).prefix(2), radix: 16)
        }
    }
}
