/// What one transfer sends and has received so far; used on the handle's thread alone.
final class CurlTransfer {
    private static let headerByteLimit = 32 * 1024
    private static let headerFieldLimit = 64

    private let body: [UInt8]
    private let responseLimit: Int
    private var sentCount = 0
    private var headers: [String: String] = [:]
    private var headerByteCount = 0
    private var received: [UInt8] = []
    private(set) var isOverLimit = false

    init(body: [UInt8], responseLimit: Int) {
        self.body = body
        self.responseLimit = responseLimit
    }

    var hasSentBody: Bool { sentCount > 0 }

    /// The answer, when its status is one of HTTP.
    func response(status: Int) -> OutgoingResponse? {
        guard (200...599).contains(status) else { return nil }
        return OutgoingResponse(status: status, headers: headers, body: received)
    }

    /// Fills a buffer with the next part of the body; 0 at its end.
    func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, body.count - sentCount)
        buffer.copyBytes(from: body[sentCount..<sentCount + count])
        sentCount += count
        return count
    }

    /// Takes a part of the answer; false ends the transfer.
    func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard received.count + bytes.count <= responseLimit else {
            isOverLimit = true
            return false
        }
        received.append(contentsOf: bytes)
        return true
    }

    /// Takes one header line; false ends the transfer.
    func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
        headerByteCount += bytes.count
        guard headerByteCount <= Self.headerByteLimit, headers.count < Self.headerFieldLimit else {
            isOverLimit = true
            return false
        }
        let line = String(decoding: bytes, as: UTF8.self)
        guard !line.hasPrefix("HTTP/") else {
            // Fields of an interim answer (1xx) are not those of the answer.
            headers = [:]
            return true
        }
        guard let colon = line.firstIndex(of: ":") else { return true }
        let name = line[..<colon].lowercased()
        if headers[name] == nil { headers[name] = Self.trimmed(line[line.index(after: colon)...]) }
        return true
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}

// File-level functions, called by the library on the thread that performs the transfer. They must not trap: the
// context is the transfer that `perform` keeps alive.

func readRequestBody(
    _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let buffer, let context else { return 0 }
    let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.fill(UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
}

func writeResponseBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context else { return 0 }
    guard let bytes else { return size * count }
    let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
    // Anything but the full count tells the library to end the transfer.
    return transfer.take(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}

func writeResponseHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context else { return 0 }
    guard let bytes else { return size * count }
    let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}
