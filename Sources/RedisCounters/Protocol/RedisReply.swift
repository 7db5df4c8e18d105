internal import CHiredis

/// An answer of the server, copied out of the library's memory.
enum RedisReply: Hashable, Sendable {
    case integer(Int64)
    case bytes([UInt8])
    case none
    case array([RedisReply])
    /// The first word of an error (`NOSCRIPT`, `OOM`); the rest may repeat arguments and is dropped.
    case error(code: String)

    /// Copies an answer; nested deeper than two levels it reads as none, for nothing asked here answers so.
    init(_ reply: redisReply, depth: Int = 0) {
        switch reply.type {
        case REDIS_REPLY_INTEGER: self = .integer(reply.integer)
        case REDIS_REPLY_STRING, REDIS_REPLY_STATUS: self = .bytes(Self.bytes(of: reply))
        case REDIS_REPLY_ERROR: self = .error(code: Self.firstWord(of: Self.bytes(of: reply)))
        case REDIS_REPLY_ARRAY where depth < 2:
            let elements = UnsafeBufferPointer(start: reply.element, count: Int(reply.elements))
            self = .array(elements.map { $0.map { RedisReply($0.pointee, depth: depth + 1) } ?? .none })
        default: self = .none
        }
    }

    /// The bytes as text; nil for an answer of another kind.
    var text: String? {
        guard case .bytes(let bytes) = self else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func bytes(of reply: redisReply) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: reply.str, count: Int(reply.len)))
    }

    private static func firstWord(of bytes: [UInt8]) -> String {
        let word = bytes.prefix(24).prefix { (65...90).contains($0) }
        return word.isEmpty ? "ERR" : String(decoding: word, as: UTF8.self)
    }
}
