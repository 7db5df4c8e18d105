/// The credentials of a request's one `Authorization` field (RFC 9110 section 11.6.2): a scheme and a token behind it.
package struct Credentials: Sendable {
    /// The schemes that somebody here reads.
    package enum Scheme: Sendable {
        case basic, bearer
    }

    /// The longest field that is read, in bytes.
    private static let fieldLimit = 512

    /// The scheme, read without regard to case.
    package let scheme: Scheme
    /// What follows it, as sent; holds no space.
    package let token: ArraySlice<UInt8>

    /// Reads the field; nil when there is none, more than one, one of another scheme or one that is too long.
    package init?(_ request: HTTPRequest) {
        guard let field = request.headers.only("Authorization"), field.count <= Self.fieldLimit,
            let gap = field.firstIndex(of: 0x20), let scheme = Self.scheme(field[..<gap])
        else { return nil }
        var token = field[gap...]
        while token.first == 0x20 { token.removeFirst() }
        while token.last == 0x20 { token.removeLast() }
        guard !token.isEmpty, !token.contains(0x20) else { return nil }
        self.scheme = scheme
        self.token = token
    }

    /// The token of the scheme `Bearer`; nil for any other.
    package static func bearer(_ request: HTTPRequest) -> ArraySlice<UInt8>? {
        guard let credentials = Credentials(request), credentials.scheme == .bearer else { return nil }
        return credentials.token
    }

    private static func scheme(_ word: ArraySlice<UInt8>) -> Scheme? {
        switch word.count {
        case 5 where matches(word, "basic"): .basic
        case 6 where matches(word, "bearer"): .bearer
        default: nil
        }
    }

    private static func matches(_ word: ArraySlice<UInt8>, _ expected: StaticString) -> Bool {
        let expected = UnsafeBufferPointer(start: expected.utf8Start, count: expected.utf8CodeUnitCount)
        return word.elementsEqual(expected) { ASCII.lowercased($0) == $1 }
    }
}
