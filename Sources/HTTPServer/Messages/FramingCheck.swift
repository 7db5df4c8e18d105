/// Walks the header of one request and judges its framing more strictly than the library does.
///
/// A request that two readers may read in two ways (the front and this server) is refused: RFC 9112 sections 3.2, 5,
/// 6.1 and 6.3.
struct FramingCheck {
    private(set) var headers = HTTPHeaders()
    /// The declared length; `nil` when there is none.
    private(set) var contentLength: UInt64?
    private(set) var expectsContinue = false
    private var isMalformed = false
    private var lengths = 0
    private var codings = 0
    private var hosts = 0

    /// Whether a body follows.
    var hasBody: Bool { codings > 0 || (contentLength ?? 0) > 0 }

    init() {
        headers.reserve()
    }

    /// Takes one field; false when there is no point in going on.
    mutating func add(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) -> Bool {
        guard !name.isEmpty, name.allSatisfy(ASCII.isToken), value.allSatisfy(ASCII.isFieldContent) else {
            isMalformed = true
            return false
        }
        headers.append(name: name, value: value)
        switch name.count {
        case 4 where Self.matches(name, "host"):
            hosts += 1
        case 6 where Self.matches(name, "expect"):
            expectsContinue = true
        case 14 where Self.matches(name, "content-length"):
            lengths += 1
            contentLength = Self.length(value)
            if contentLength == nil { isMalformed = true }
        case 17 where Self.matches(name, "transfer-encoding"):
            codings += 1
            if !value.elementsEqual("chunked".utf8) { isMalformed = true }
        default: break
        }
        return true
    }

    /// The judgement once all fields are in.
    func verdict(version: UnsafeBufferPointer<UInt8>, limits: HTTPLimits) -> Refusal.Reason? {
        if isMalformed || hosts != 1 || lengths > 1 || codings > 1 || (lengths > 0 && codings > 0) { return .malformed }
        // A coding in HTTP/1.0 may have been forwarded by something that did not understand it.
        if codings > 0 && !version.elementsEqual("HTTP/1.1".utf8) { return .malformed }
        if headers.count > limits.maxHeaderCount || headers.byteCount > limits.maxHeaderBytes {
            return .headersTooLarge
        }
        return nil
    }

    private static func matches(_ name: UnsafeRawBufferPointer, _ expected: StaticString) -> Bool {
        let expected = UnsafeBufferPointer(start: expected.utf8Start, count: expected.utf8CodeUnitCount)
        return zip(name, expected).allSatisfy { ASCII.lowercased($0) == $1 }
    }

    /// Digits only: no sign, no space, no list, no number beyond 18 digits.
    private static func length(_ value: UnsafeRawBufferPointer) -> UInt64? {
        guard !value.isEmpty, value.count <= 18 else { return nil }
        var result: UInt64 = 0
        for byte in value {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            result = result * 10 + UInt64(byte - 0x30)
        }
        return result
    }
}
