internal import AuthDomain

/// One command, its arguments encoded as RESP bulk strings: binary safe, and no format string anywhere.
///
/// The head is written on the loop, because the digest of a script is known to the connection alone.
struct RedisCommand: Sendable {
    /// What stands before the arguments.
    enum Head: Hashable, Sendable {
        /// A command of the server by its name.
        case plain(String)
        /// A script by the digest that the server gave it.
        case digest(RedisScript)
        /// A script by its text, after the server forgot it.
        case text(RedisScript)
    }

    /// What stands before the arguments.
    var head: Head
    private var arguments: [UInt8] = []
    private var argumentCount = 0

    /// A command without arguments yet.
    init(_ head: Head) {
        self.head = head
        arguments.reserveCapacity(192)
    }

    /// A script on some keys, which are to be added first.
    init(_ script: RedisScript, keyCount: Int = 1) {
        self.init(.digest(script))
        append(Int64(keyCount))
    }

    /// Its name in metrics and log lines, from a closed set.
    var name: String {
        switch head {
        case .plain(let name): name
        case .digest(let script), .text(let script): script.name
        }
    }

    /// The command with the script's text, when the answer says that the server does not know its digest.
    func spelledOut(after reply: RedisReply) -> RedisCommand? {
        guard case .digest(let script) = head, reply == .error(code: "NOSCRIPT") else { return nil }
        var command = self
        command.head = .text(script)
        return command
    }

    /// Adds text as an argument.
    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(bytes: UnsafeRawBufferPointer($0)) }
    }

    /// Adds an argument put together from pieces, as keys are.
    mutating func append(joining pieces: String...) {
        arguments.appendHeader(UInt8(ascii: "$"), pieces.reduce(0) { $0 + $1.utf8.count })
        for piece in pieces { arguments.append(contentsOf: piece.utf8) }
        arguments.appendLineEnd()
        argumentCount += 1
    }

    /// Adds a number in decimal.
    mutating func append(_ number: Int64) {
        arguments.appendHeader(UInt8(ascii: "$"), DecimalDigits.count(of: number))
        DecimalDigits.append(number, to: &arguments)
        arguments.appendLineEnd()
        argumentCount += 1
    }

    /// Adds bytes as an argument.
    mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append(bytes: $0) }
    }

    /// Adds lent bytes as an argument.
    mutating func append(bytes: UnsafeRawBufferPointer) {
        arguments.appendBulk(bytes)
        argumentCount += 1
    }

    /// Writes the whole command behind what the buffer holds.
    ///
    /// - Parameter digests: The hex digests of the scripts, by raw value; empty until the server told them.
    func encode(into buffer: inout [UInt8], digests: [[UInt8]]) {
        switch head {
        case .plain(let name):
            buffer.appendHeader(UInt8(ascii: "*"), argumentCount + 1)
            buffer.appendBulk(name)
        case .digest(let script) where digests.indices.contains(script.rawValue):
            buffer.appendHeader(UInt8(ascii: "*"), argumentCount + 2)
            buffer.appendBulk("EVALSHA")
            digests[script.rawValue].withUnsafeBytes { buffer.appendBulk($0) }
        case .digest(let script), .text(let script):
            buffer.appendHeader(UInt8(ascii: "*"), argumentCount + 2)
            buffer.appendBulk("EVAL")
            buffer.appendBulk(script.body)
        }
        buffer.append(contentsOf: arguments)
    }
}

extension [UInt8] {
    fileprivate mutating func appendHeader(_ kind: UInt8, _ number: Int) {
        append(kind)
        DecimalDigits.append(Int64(number), to: &self)
        appendLineEnd()
    }

    fileprivate mutating func appendLineEnd() {
        append(13)
        append(10)
    }

    fileprivate mutating func appendBulk(_ bytes: UnsafeRawBufferPointer) {
        appendHeader(UInt8(ascii: "$"), bytes.count)
        append(contentsOf: bytes)
        appendLineEnd()
    }

    fileprivate mutating func appendBulk(_ text: String) {
        var text = text
        text.withUTF8 { appendBulk(UnsafeRawBufferPointer($0)) }
    }
}
