/// A message ready for a gateway; its text may hold a code, so that nothing but the masked number is ever described.
package struct OutgoingSMS: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Where it goes.
    package let phone: PhoneNumber
    /// What the person reads.
    package let text: String
    /// The code inside the text, for gateways that want registered templates with parameters; nil for a notice.
    package let code: SMSCode?
    /// Our name for the message, 1…64 letters, digits, `-` and `_`; the same at every gateway and in every report.
    package let reference: String
    /// How long the message is worth delivering; a carrier should drop it afterwards.
    package let validity: Duration
    /// Encoding and number of parts of the text.
    package let parts: SMSParts

    /// Checks and counts a message; nil for a number that takes no SMS, an empty text, one of more than ten parts, or a
    /// reference with other characters.
    ///
    /// Some gateways send an empty message for an empty text and split a field at spaces: neither may reach them.
    package init?(phone: PhoneNumber, text: String, code: SMSCode? = nil, reference: String, validity: Duration) {
        guard phone.takesSMS, text.utf8.count <= 6120, text.contains(where: { !$0.isWhitespace }),
            (1...64).contains(reference.utf8.count), reference.utf8.allSatisfy(Self.isReferenceByte)
        else { return nil }
        let parts = SMSParts(text)
        guard parts.parts <= 10 else { return nil }
        self.phone = phone
        self.text = text
        self.code = code
        self.reference = reference
        self.validity = validity
        self.parts = parts
    }

    /// The reference and the masked number.
    package var description: String { "SMS \(reference) to \(phone.masked)" }

    /// The reference and the masked number.
    package var debugDescription: String { description }

    /// No children: a dump shows nothing.
    package var customMirror: Mirror { Mirror(self, children: []) }

    private static func isReferenceByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
        default: false
        }
    }
}
