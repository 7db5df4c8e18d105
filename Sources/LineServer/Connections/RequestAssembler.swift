/// Cuts a stream of bytes into requests: lines, ended by an empty line.
///
/// What it holds is bounded by the limits: bytes that would pass them are refused, not kept.
struct RequestAssembler {
    /// What the bytes so far amount to.
    enum Progress: Equatable {
        /// No whole request yet.
        case incomplete
        /// One request; more may follow in what is held.
        case request([[UInt8]])
        /// Nothing that could become a request; the stream is of no further use.
        case refused(LineRefusal)
    }

    private let limits: LineLimits
    private var held: [UInt8] = []
    private var lines: [[UInt8]] = []
    private var lineStart = 0
    private var scanned = 0

    init(limits: LineLimits) {
        self.limits = limits
    }

    /// Whether no byte of a next request is there.
    var isEmpty: Bool { held.isEmpty }

    /// Takes bytes in; false when they are more than one request may be.
    ///
    /// A client that sends the next request before it has its answer may do so within the same bound.
    mutating func take(_ bytes: some Collection<UInt8>) -> Bool {
        guard held.count + bytes.count <= limits.maxRequestBytes else { return false }
        held += bytes
        return true
    }

    /// The next request in what is held.
    mutating func next() -> Progress {
        while scanned < held.count {
            let byte = held[scanned]
            scanned += 1
            guard byte == UInt8(ascii: "\n") else {
                if byte < 0x20, byte != UInt8(ascii: "\t") { return .refused(.malformed) }
                if scanned - lineStart > limits.maxLineBytes { return .refused(.tooLarge) }
                continue
            }
            let line = held[lineStart..<(scanned - 1)]
            lineStart = scanned
            if line.isEmpty { return finish() }
            guard lines.count < limits.maxLines else { return .refused(.tooLarge) }
            lines.append(Array(line))
        }
        return .incomplete
    }

    private mutating func finish() -> Progress {
        guard !lines.isEmpty else { return .refused(.malformed) }
        defer {
            held.removeFirst(scanned)
            lines = []
            lineStart = 0
            scanned = 0
        }
        return .request(lines)
    }
}
