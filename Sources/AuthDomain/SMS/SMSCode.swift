/// A code drawn here to be sent by SMS; one that a person typed is an `OTPCode` (R-SMSOTP-1).
package struct SMSCode: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Bytes that one draw takes.
    package static let randomByteCount = 16

    /// The digits, to be compared with what comes back.
    package let code: OTPCode

    /// Draws a code; every code is equally likely when every byte is.
    ///
    /// A 64-bit number times the number of codes has the code in its upper half; the few numbers that would make some
    /// codes likelier are passed over for the second eight bytes. Both are passed over once in 2⁷⁴ draws.
    /// - Parameters:
    ///   - random: At least sixteen bytes from a secure source, or of a keyed hash.
    ///   - digits: Six unless the settings say more.
    package init(random: some Collection<UInt8>, digits: OTPDigits = .six) {
        precondition(random.count >= Self.randomByteCount, "see the parameters")
        let modulus = UInt64(digits.modulus)
        let uneven = (0 &- modulus) % modulus
        var product = modulus.multipliedFullWidth(by: Self.word(random.prefix(8)))
        if product.low < uneven { product = modulus.multipliedFullWidth(by: Self.word(random.dropFirst(8).prefix(8))) }
        code = OTPCode(truncated: UInt32(truncatingIfNeeded: product.high), digits: digits)
    }

    /// Takes the digits of a code that was drawn before, as unsealed for sending it again.
    package init(drawn code: OTPCode) {
        self.code = code
    }

    /// The digits, for the text of the message alone.
    package var text: String { code.text }

    /// Always `***`.
    package var description: String { "***" }

    /// Always `***`.
    package var debugDescription: String { "***" }

    /// No children: a dump shows nothing.
    package var customMirror: Mirror { Mirror(self, children: []) }

    private static func word(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
