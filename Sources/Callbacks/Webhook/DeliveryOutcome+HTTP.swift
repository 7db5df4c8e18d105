internal import AuthDomain
internal import AuthService
internal import HTTPClient

extension DeliveryOutcome {
    /// What a receiver's answer means (R-HOOK-1).
    init(_ response: OutgoingResponse, at now: WallInstant) {
        let wait = response.headers["retry-after"].flatMap { RetryAfter.parse($0, now: now) }
        switch response.status {
        case 200..<300: self = .delivered
        case 300..<400: self = .failed(.redirected, retryAfter: nil)
        case 410: self = .failed(.gone, retryAfter: nil)
        case 429, 502, 503, 504: self = .failed(.throttled, retryAfter: wait)
        default: self = .failed(.refused, retryAfter: wait)
        }
    }

    /// What a call without an answer means.
    init(_ failure: OutgoingFailure) {
        switch failure.reason {
        case .resolve, .connect, .tls: self = .failed(.unreachable, retryAfter: nil)
        case .timeout: self = .failed(.timeout, retryAfter: nil)
        case .reset, .truncated: self = .failed(.interrupted, retryAfter: nil)
        case .malformed, .tooLarge: self = .failed(.malformed, retryAfter: nil)
        case .poolFull, .shutDown, .invalidRequest, .other: self = .failed(.failed, retryAfter: nil)
        }
    }
}

/// The header field `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date in the preferred form.
enum RetryAfter {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// The time to wait; nil when the text is neither.
    static func parse(_ text: String, now: WallInstant) -> Duration? {
        guard text.utf8.count <= 64 else { return nil }
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return Int64(text).map { .seconds(min($0, 31_536_000)) }
        }
        guard let date = date(text) else { return nil }
        return .milliseconds(max(0, date.milliseconds - now.milliseconds))
    }

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func date(_ text: String) -> WallInstant? {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 6, words[5] == "GMT", words[0].hasSuffix(","), words[1].count == 2, words[3].count == 4,
            let month = months.firstIndex(of: String(words[2]))
        else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return RFC3339.parse("\(words[3])-\(number)-\(words[1])T\(words[4])Z")
    }
}
