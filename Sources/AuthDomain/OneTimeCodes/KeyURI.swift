/// Why a key URI cannot be built or read.
package enum KeyURIError: Error, Hashable, Sendable {
    /// Longer than `KeyURI.byteLimit`.
    case tooLong
    /// Not `otpauth://totp/` with a label and parameters.
    case notKeyURI
    /// An issuer or account that is empty, not printable ASCII, or holds `:`.
    case badLabel
    /// An issuer parameter that is missing or differs from the label.
    case issuerMismatch
    /// Broken percent-encoding, or `+` for a space.
    case badEncoding
    /// A parameter that is unknown, given twice, or has a value outside its range; names it.
    case badParameter(String)
    /// No secret, or one that is not 16…128 bytes of upper-case base 32 without padding.
    case badSecret
}

/// What an authenticator app reads from the QR code: `otpauth://totp/Issuer:account?secret=…` (R-URI-1).
///
/// It carries the secret: shown once, never logged.
package struct KeyURI: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The longest URI built or read, in bytes.
    package static let byteLimit = 1024
    /// The length in bytes up to which a QR code stays easy to scan (R-URI-3).
    package static let readableByteCount = 180

    /// Who issued the secret; ASCII.
    package let issuer: String
    /// Whose secret it is: a mailbox address, perhaps with a suffix behind a space.
    package let account: String
    /// The shared secret.
    package let secret: SecretBytes
    /// How codes are made.
    package let parameters: TOTPParameters

    /// Makes a key URI.
    /// - Parameters:
    ///   - issuer: Printable ASCII without `:`, at most 64 bytes.
    ///   - account: Printable ASCII without `:`, at most 300 bytes.
    ///   - suffix: Text to tell a new enrolment from an old one in the app, as `suffix(for:)` gives it.
    ///   - secret: 16…128 bytes (R-TOTP-1).
    ///   - parameters: How codes are made.
    /// - Throws: `badLabel`, `badSecret` or `tooLong`.
    package init(
        issuer: String, account: String, suffix: String? = nil, secret: SecretBytes,
        parameters: TOTPParameters = .standard
    ) throws(KeyURIError) {
        let label = suffix.map { "\(account) \($0)" } ?? account
        guard Self.isLabelPart(issuer, limit: 64), Self.isLabelPart(label, limit: 300) else { throw .badLabel }
        guard (HOTP.shortestKey...HOTP.longestKey).contains(secret.count) else { throw .badSecret }
        self.issuer = issuer
        self.account = label
        self.secret = secret
        self.parameters = parameters
        guard text.utf8.count <= Self.byteLimit else { throw .tooLong }
    }

    /// The suffix that marks a repeated enrolment, as in `(2026-11)` (R-URI-4).
    package static func suffix(for date: CivilDate) -> String { "(\(date.yearAndMonth))" }

    /// The URI; holds the secret.
    ///
    /// When the whole form would pass 180 bytes, parameters that every app assumes anyway are left out.
    package var text: String {
        let label = "\(PercentCoding.encode(issuer)):\(PercentCoding.encode(account, alsoAllowing: "@"))"
        let head = "otpauth://totp/\(label)?secret=\(Self.base32(secret))&issuer=\(PercentCoding.encode(issuer))"
        let step = parameters.stepLength.components.seconds
        let tail = "&algorithm=\(parameters.algorithm.rawValue)&digits=\(parameters.digits.rawValue)&period=\(step)"
        let isShort = head.utf8.count + tail.utf8.count <= Self.readableByteCount
        return isShort || parameters != .standard ? head + tail : head
    }

    /// Whether the URI is short enough for a QR code that is easy to scan.
    package var isReadable: Bool { text.utf8.count <= Self.readableByteCount }

    /// The secret in base 32, in groups of four characters, to be typed by hand.
    package var groupedSecret: String {
        let characters = Array(Self.base32(secret).utf8)
        return stride(from: 0, to: characters.count, by: 4)
            .map { String(decoding: characters[$0..<min($0 + 4, characters.count)], as: UTF8.self) }
            .joined(separator: " ")
    }

    /// Always `***`.
    package var description: String { "***" }

    /// Always `***`.
    package var debugDescription: String { "***" }

    /// No children: a dump shows nothing.
    package var customMirror: Mirror { Mirror(self, children: []) }

    private static func base32(_ secret: SecretBytes) -> String {
        secret.withBytes { Base32.encode($0) }
    }

    private static func isLabelPart(_ text: String, limit: Int) -> Bool {
        guard !text.isEmpty, text.utf8.count <= limit, !text.hasPrefix(" "), !text.hasSuffix(" ") else { return false }
        return text.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x3A }
    }
}
