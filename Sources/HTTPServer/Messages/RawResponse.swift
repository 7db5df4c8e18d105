internal import CMicrohttpd
internal import Glibc

/// The bytes of a refusal that is written past the library, at a point where the library takes no response.
enum RawResponse {
    static func bytes(_ response: HTTPResponse, withoutBody: Bool) -> [UInt8] {
        let phrase = MHD_get_reason_phrase_for(UInt32(clamping: response.status)).map { String(cString: $0) } ?? ""
        var head = "HTTP/1.1 \(response.status) \(phrase)\r\nDate: \(date())\r\n"
        for (name, value) in response.headers where isSafe(name) && isSafe(value) {
            head += "\(name): \(value)\r\n"
        }
        head += "Content-Length: \(response.body.count)\r\nConnection: close\r\n\r\n"
        return Array(head.utf8) + (withoutBody ? [] : response.body)
    }

    private static func isSafe(_ text: String) -> Bool {
        text.utf8.allSatisfy(ASCII.isFieldContent)
    }

    /// The wall clock in the form of RFC 9110 section 5.6.7; only a header for the client, no rule depends on it.
    private static func date() -> String {
        var now = time(nil)
        var parts = tm()
        gmtime_r(&now, &parts)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 40) { text in
            guard let start = text.baseAddress else { return "" }
            let count = strftime(start, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
            return String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
        }
    }
}
