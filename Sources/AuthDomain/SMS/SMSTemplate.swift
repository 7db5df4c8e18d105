/// The text of a short message with places for its values, known to fit whatever the values are (R-SMS-2, R-SMS-3).
///
/// Places: `{code}`, `{password}`, `{mailbox}` (the part before `@`, shortened in its middle where it has to be),
/// `{minutes}`, and `{origin}`, which stands alone in the last line and becomes `@host #code`, or nothing where no origin is set.
package struct SMSTemplate: Hashable, Sendable {
    /// The text as written in the settings, composed canonically.
    package let source: String
    /// What it is for.
    package let purpose: SMSPurpose
    /// The longest mailbox name that fits, 16…64 characters; nil when the template names none.
    package let mailboxWidth: Int?
    /// Encoding and parts with the longest values there can be.
    package let longest: SMSParts

    private let pieces: [Piece]
    private let limits: SMSTemplateLimits

    /// Reads and checks a template.
    /// - Parameters:
    ///   - source: 1…1,000 bytes.
    ///   - limits: What the settings say of length, code and origin.
    /// - Throws: `SMSTemplateError` by case.
    package init(_ source: String, purpose: SMSPurpose, limits: SMSTemplateLimits) throws(SMSTemplateError) {
        guard !source.isEmpty, source.utf8.count <= 1000 else { throw .wrongLength }
        let composed = UnicodeNormalisation.composed(source)
        let pieces = try Piece.parse(composed)
        try Self.checkCodes(pieces, purpose: purpose)
        try Self.checkPasswords(pieces, purpose: purpose)
        try Self.checkOrigin(pieces)
        try Self.checkLiterals(pieces)
        self.source = composed
        self.purpose = purpose
        self.pieces = pieces
        self.limits = limits
        (mailboxWidth, longest) = try Self.fit(pieces, limits: limits)
    }

    /// Writes the message.
    /// - Parameters:
    ///   - code: The code; nil for a purpose without one.
    ///   - password: The issued password; nil for a purpose without one.
    ///   - mailbox: Whose code it is; its domain is not shown, as phones make a link of it.
    ///   - validFor: How long the code is still accepted; shown to the nearest minute, at least one.
    /// - Returns: The text; nil when a code or password is missing, not wanted, or longer than the template was
    ///   measured with.
    package func text(
        code: SMSCode?, password: String? = nil, mailbox: MailboxAddress, validFor: Duration
    ) -> String? {
        guard (code != nil) == purpose.carriesCode, code?.code.digits.rawValue ?? 0 <= limits.digits.rawValue,
            (password != nil) == purpose.carriesPassword,
            password?.utf8.count ?? 0 <= TemporaryPassword.longestCount
        else { return nil }
        let name = mailboxWidth.map { Self.abbreviated(mailbox.localPart, width: $0) } ?? ""
        let minutes = min(max((validFor.components.seconds + 30) / 60, 1), 10)
        return Self.fill(
            pieces, code: code?.text ?? "", password: password ?? "", mailbox: name, minutes: String(minutes),
            origin: limits.origin)
    }

    /// Shortens a name in its middle, because names differ at both ends: person in front, unit behind.
    static func abbreviated(_ name: String, width: Int) -> String {
        guard name.count > width else { return name }
        let kept = width - 2
        return name.prefix(kept - kept / 2) + ".." + name.suffix(kept / 2)
    }

    /// Whether the template shows the name of the mailbox.
    package var namesMailbox: Bool { mailboxWidth != nil }

    // MARK: Writing and measuring

    private static func fill(
        _ pieces: [Piece], code: String, password: String, mailbox: String, minutes: String, origin: WebOrigin?
    ) -> String {
        var text = ""
        for piece in pieces {
            switch piece {
            case .literal(let literal): text += literal
            case .code: text += code
            case .password: text += password
            case .mailbox: text += mailbox
            case .minutes: text += minutes
            case .origin:
                if let origin { text += origin.line(code: code) } else { text.removeLast() }
            }
        }
        return text
    }

    private static func fit(
        _ pieces: [Piece], limits: SMSTemplateLimits
    ) throws(SMSTemplateError) -> (width: Int?, longest: SMSParts) {
        let code = String(repeating: "0", count: limits.digits.rawValue)
        // Every character of an issued password takes as much as a digit, in every encoding.
        let password = String(repeating: "0", count: TemporaryPassword.longestCount)
        let measure = { (width: Int) in
            let mailbox = String(repeating: "m", count: width)
            return fill(
                pieces, code: code, password: password, mailbox: mailbox, minutes: "10", origin: limits.origin)
        }
        guard pieces.contains(.mailbox) else {
            return (nil, try accepted(measure(0), limits: limits))
        }
        for width in stride(from: SMSTemplateLimits.mailboxWidths.upperBound, to: narrowest, by: -1) {
            let parts = SMSParts(measure(width))
            if parts.parts <= limits.maximumParts { return (width, parts) }
        }
        return (narrowest, try accepted(measure(narrowest), limits: limits))
    }

    private static let narrowest = SMSTemplateLimits.mailboxWidths.lowerBound

    private static func accepted(_ text: String, limits: SMSTemplateLimits) throws(SMSTemplateError) -> SMSParts {
        let parts = SMSParts(text)
        guard parts.parts <= limits.maximumParts else {
            var plain = ""
            plain.unicodeScalars.append(contentsOf: FoldedText.fold(text))
            throw .tooManyParts(parts, unaccented: SMSParts(plain))
        }
        return parts
    }
}
