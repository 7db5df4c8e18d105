/// What the settings allow a short message to be.
package struct SMSTemplateLimits: Hashable, Sendable {
    /// The most parts with the longest values, 1…3; one by default, as every part costs.
    package let maximumParts: Int
    /// How long codes are.
    package let digits: OTPDigits
    /// The host in the last line; nil where carriers refuse such a line (R-SMS-3).
    package let origin: WebOrigin?

    /// Between which widths a mailbox name is shortened; below sixteen characters it would name nobody.
    package static let mailboxWidths = 16...64

    /// Makes limits; a number of parts outside 1…3 is brought inside.
    package init(maximumParts: Int = 1, digits: OTPDigits = .six, origin: WebOrigin?) {
        self.maximumParts = min(max(maximumParts, 1), 3)
        self.digits = digits
        self.origin = origin
    }
}

/// What is wrong with a template; templates are no secrets, so that the cases may quote them.
package enum SMSTemplateError: Error, Hashable, Sendable {
    /// Nothing, or more than 1,000 bytes.
    case wrongLength
    /// A brace without its counterpart; braces have no other use here.
    case strayBrace
    /// A place that does not exist.
    case unknownPlace(String)
    /// No `{code}` where the purpose has one.
    case missingCode
    /// A second `{code}`, a `{code}` where the purpose has none, or four digits in a row that a phone would offer.
    case extraCode
    /// No `{password}` where the purpose has one.
    case missingPassword
    /// A second `{password}`, or one where the purpose has none.
    case extraPassword
    /// `{origin}` twice, not alone in the last line, with nothing before it, or without a code.
    case misplacedOrigin
    /// Something that a phone makes a link of: `@`, `://`, or a dot between letters or digits (R-SMS-5).
    case link
    /// A control character other than a line feed.
    case controlCharacter
    /// `{mailbox}` is missing in a text for phones that serve several mailboxes (R-OTP-7), or in one that brings a
    /// password: its reader has not heard of the mailbox before.
    case missingMailbox
    /// More parts than allowed with the longest values; beside it what the text would take without diacritics.
    case tooManyParts(SMSParts, unaccented: SMSParts)
}

extension SMSTemplate {
    /// A stretch of a template.
    enum Piece: Hashable, Sendable {
        case literal(String)
        case code, password, mailbox, minutes, origin

        private init(place: Substring) throws(SMSTemplateError) {
            switch place {
            case "code": self = .code
            case "password": self = .password
            case "mailbox": self = .mailbox
            case "minutes": self = .minutes
            case "origin": self = .origin
            default: throw .unknownPlace(String(place.prefix(32)))
            }
        }

        /// Cuts a template into stretches; no two literals follow each other.
        static func parse(_ source: String) throws(SMSTemplateError) -> [Piece] {
            var pieces: [Piece] = []
            var rest = source[...]
            while !rest.isEmpty {
                let literal = rest.prefix { $0 != "{" && $0 != "}" }
                if !literal.isEmpty { pieces.append(.literal(String(literal))) }
                rest = rest[literal.endIndex...]
                guard let brace = rest.first else { break }
                let place = rest.dropFirst().prefix { $0 != "{" && $0 != "}" }
                guard brace == "{", place.endIndex < rest.endIndex, rest[place.endIndex] == "}" else {
                    throw .strayBrace
                }
                pieces.append(try Piece(place: place))
                rest = rest[place.endIndex...].dropFirst()
            }
            return pieces
        }
    }

    static func checkCodes(_ pieces: [Piece], purpose: SMSPurpose) throws(SMSTemplateError) {
        let codes = pieces.filter { $0 == .code }.count
        if purpose.carriesCode, codes == 0 { throw .missingCode }
        if codes > (purpose.carriesCode ? 1 : 0) { throw .extraCode }
    }

    static func checkPasswords(_ pieces: [Piece], purpose: SMSPurpose) throws(SMSTemplateError) {
        let passwords = pieces.filter { $0 == .password }.count
        if purpose.carriesPassword, passwords == 0 { throw .missingPassword }
        if passwords > (purpose.carriesPassword ? 1 : 0) { throw .extraPassword }
    }

    /// A phone takes the code from the last line only when it stands there alone behind some text for people.
    static func checkOrigin(_ pieces: [Piece]) throws(SMSTemplateError) {
        guard let place = pieces.firstIndex(of: .origin) else { return }
        guard place == pieces.count - 1, pieces.contains(.code), place >= 1,
            case .literal(let before) = pieces[place - 1], before.unicodeScalars.last == "\n"
        else { throw .misplacedOrigin }
    }

    /// Looks at the text as people will see it, so that nothing is hidden in the joints.
    static func checkLiterals(_ pieces: [Piece]) throws(SMSTemplateError) {
        var scalars: [Unicode.Scalar] = []
        var digits = 0
        for piece in pieces {
            guard case .literal(let literal) = piece else {
                if piece != .origin { scalars.append("m") }
                digits = 0
                continue
            }
            for scalar in literal.unicodeScalars {
                if scalar != "\n", scalar.properties.generalCategory == .control { throw .controlCharacter }
                digits = ("0"..."9").contains(scalar) ? digits + 1 : 0
                if digits == 4 { throw .extraCode }
                scalars.append(scalar)
            }
        }
        let isWord = { (scalar: Unicode.Scalar) in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
        for (index, scalar) in scalars.enumerated() {
            switch scalar {
            case "@": throw .link
            case ".", ":":
                guard index > 0, index + 1 < scalars.count else { continue }
                let next = scalars[index + 1]
                if scalar == ".", isWord(scalars[index - 1]), isWord(next) { throw .link }
                if scalar == ":", next == "/" { throw .link }
            default: continue
            }
        }
    }
}
