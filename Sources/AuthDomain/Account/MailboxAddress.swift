/// Why text is not the address of a mailbox here; callers outside are told none of this (R-LOCK-17).
package enum AddressError: Error, Hashable, Sendable {
    /// Nothing but white space.
    case empty
    /// More than 254 characters, or a local part of more than 64.
    case tooLong
    /// A character outside ASCII: names are without diacritics, and look-alikes are refused (R-ADDR-5).
    case notASCII
    /// Not one local part of letters, digits, `.`, `_`, `-`, `+` with at most one domain.
    case malformed
    /// A domain that the service does not keep.
    case foreignDomain
}

/// A mailbox address in canonical form: lower-case, with its domain (R-ADDR-5).
///
/// The same name under two domains makes two addresses; they are one mailbox only where an alias is recorded (R-SCOPE-1).
package struct MailboxAddress: Hashable, Sendable, CustomStringConvertible {
    /// The whole canonical address.
    package let text: String

    /// Wraps an address that was parsed before, as read from the store.
    package init(canonical text: String) {
        self.text = text
    }

    /// Reads a login name as typed, with or without a domain.
    ///
    /// White space around it is dropped and ASCII letters lowered. Text outside ASCII is refused before any
    /// normalisation, because Form C would turn some look-alikes (the Kelvin sign) into ASCII.
    /// Dots, hyphens and capitals of addresses older than the naming rule are accepted (R-ADDR-3).
    /// - Parameters:
    ///   - raw: What the person typed.
    ///   - domains: The domains kept here, lower-case; a name without a domain belongs to the first.
    /// - Throws: `AddressError` by case.
    package init(parsing raw: String, domains: [String]) throws(AddressError) {
        guard raw.utf8.count <= 1024 else { throw .tooLong }
        let bytes = raw.utf8.allSatisfy(Self.isVisible) ? raw.utf8.map(Self.lowered) : try Self.trimmed(raw)
        guard !bytes.isEmpty else { throw .empty }
        let at = bytes.firstIndex(of: 0x40) ?? bytes.endIndex
        let local = bytes[..<at]
        let rest = bytes[at...].dropFirst()
        guard !rest.contains(0x40), Self.isLocalPart(local) else { throw .malformed }
        guard local.count <= 64 else { throw .tooLong }
        let domain =
            at == bytes.endIndex ? domains.first : domains.first { $0.utf8.elementsEqual(rest) }
        guard let domain else { throw at < bytes.endIndex && rest.isEmpty ? .malformed : .foreignDomain }
        let text = String(decoding: local, as: UTF8.self) + "@" + domain
        guard text.utf8.count <= 254 else { throw .tooLong }
        self.text = text
    }

    /// The bytes of a name without the white space around it, lowered.
    private static func trimmed(_ raw: String) throws(AddressError) -> [UInt8] {
        var scalars = raw.unicodeScalars[...]
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        guard scalars.allSatisfy(\.isASCII) else { throw .notASCII }
        return scalars.map { lowered(UInt8($0.value)) }
    }

    private static func isVisible(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }

    /// The part before `@`.
    package var localPart: String { String(text.prefix { $0 != "@" }) }

    /// The part after `@`.
    package var domain: String { String(text.drop { $0 != "@" }.dropFirst()) }

    /// The canonical address.
    package var description: String { text }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte + 0x20 : byte
    }

    private static func isLocalPart(_ bytes: ArraySlice<UInt8>) -> Bool {
        var isAfterDot = true
        for byte in bytes {
            switch byte {
            case 0x61...0x7A, 0x30...0x39, 0x5F, 0x2D, 0x2B: isAfterDot = false
            case 0x2E where !isAfterDot: isAfterDot = true
            default: return false
            }
        }
        return !isAfterDot
    }
}
