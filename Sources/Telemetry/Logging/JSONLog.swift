package import AuthDomain
internal import Dispatch
internal import Glibc
internal import Synchronization

/// The service log: one JSON object per line, written by a thread of its own.
///
/// A call formats the line and queues it; it never waits for the descriptor. The thread gathers lines for a moment
/// and writes them together. A full queue drops lines and counts them. After `close` lines are written by the caller, so that the last words of a failing start are not lost.
package final class JSONLog: Sendable {
    /// Lines that may wait to be written.
    package static let queueLimit = 8192
    /// Bytes that may wait to be written.
    package static let queueByteLimit = 4 << 20

    /// How long the thread gathers lines, in microseconds.
    private static let gathering: UInt32 = 2000

    private struct Queue {
        var bytes: [UInt8] = []
        var lineCount = 0
        var isClosed = false
        /// Whether the writer has been woken for the lines that wait.
        var isSignalled = false
    }

    private let level: LogLevel
    private let now: @Sendable () -> WallInstant
    private let sink: any LogSink
    private let queue = Mutex(Queue())
    private let wake = DispatchSemaphore(value: 0)
    /// Held while lines are taken and written, so that their order stays; keeps the memory of those written last.
    private let writing = Mutex<[UInt8]>([])
    /// Memory beyond it is given back after a write.
    private static let keptLimit = 256 << 10
    private let dropped = Atomic<Int>(0)
    private let droppedTold = Atomic<Int>(0)

    /// Starts a log and its thread.
    ///
    /// - Parameters:
    ///   - level: Lines below it are not made.
    ///   - sink: Where lines go.
    ///   - now: The wall clock.
    package init(
        level: LogLevel, sink: any LogSink = DescriptorSink.standardError, now: @escaping @Sendable () -> WallInstant
    ) {
        self.level = level
        self.sink = sink
        self.now = now
        startWriter()
    }

    /// Logs what only a developer asks for.
    package func debug(_ message: StaticString, _ metadata: KeyValuePairs<StaticString, LogValue> = [:]) {
        log(.debug, message, metadata)
    }

    /// Logs the course of things.
    package func info(_ message: StaticString, _ metadata: KeyValuePairs<StaticString, LogValue> = [:]) {
        log(.info, message, metadata)
    }

    /// Logs what somebody should look at.
    package func warning(_ message: StaticString, _ metadata: KeyValuePairs<StaticString, LogValue> = [:]) {
        log(.warning, message, metadata)
    }

    /// Logs what failed.
    package func error(_ message: StaticString, _ metadata: KeyValuePairs<StaticString, LogValue> = [:]) {
        log(.error, message, metadata)
    }

    /// Logs one line at a level.
    ///
    /// The message is a literal, so that what varies stands in the metadata; values under names like `password` or
    /// `code` are written as `***`, long ones are cut to 1 KiB.
    ///
    /// - Parameter requestID: The request that it is about, where the caller is not its task.
    package func log(
        _ level: LogLevel, _ message: StaticString, _ metadata: KeyValuePairs<StaticString, LogValue>,
        requestID: String? = RequestContext.id
    ) {
        guard level >= self.level else { return }
        let line = LogLine(time: now(), level: level, message: message, requestID: requestID, metadata: metadata)
        enqueue(line.bytes)
    }

    /// Whether lines of a level are written; for metadata that is costly to make.
    package func isEnabled(_ level: LogLevel) -> Bool { level >= self.level }

    /// Lines lost since the start, by a full queue or a failed write.
    package var droppedCount: Int { dropped.load(ordering: .relaxed) }

    /// Writes every waiting line in the calling thread; never to be called on a loop.
    ///
    /// The first piece that the sink refuses takes those behind it along: waiting for each in turn would hold up the
    /// end of the process.
    package func flush() {
        writing.withLock { spare in
            takeLines(into: &spare)
            defer { spare.removeAll(keepingCapacity: spare.count <= Self.keptLimit) }
            var rest = spare[...]
            while !rest.isEmpty {
                let piece = piece(of: rest)
                guard sink.write(piece) else {
                    let lost = rest.count { $0 == UInt8(ascii: "\n") }
                    dropped.wrappingAdd(lost, ordering: .relaxed)
                    return
                }
                rest = rest[piece.endIndex...]
            }
            tellDropped()
        }
    }

    /// As many whole lines as the sink takes at once, at least one.
    private func piece(of lines: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard lines.count > sink.pieceLimit else { return lines }
        let lineBreak = UInt8(ascii: "\n")
        let end =
            lines.prefix(sink.pieceLimit).lastIndex(of: lineBreak) ?? lines.firstIndex(of: lineBreak)
            ?? lines.endIndex - 1
        return lines[...end]
    }

    /// Ends the thread and writes what waits; later lines are written by their caller.
    package func close() {
        let wasOpen = queue.withLock { queue in
            defer { queue.isClosed = true }
            return !queue.isClosed
        }
        if wasOpen { wake.signal() }
        flush()
    }
}

// MARK: - The queue and its writer

extension JSONLog {
    private enum Placing { case queued, wakes, refused, writesItself }

    private func enqueue(_ line: [UInt8]) {
        let placing: Placing = queue.withLock { queue in
            guard !queue.isClosed else { return .writesItself }
            guard queue.lineCount < Self.queueLimit, queue.bytes.count + line.count <= Self.queueByteLimit else {
                return .refused
            }
            queue.bytes.append(contentsOf: line)
            queue.lineCount += 1
            defer { queue.isSignalled = true }
            return queue.isSignalled ? .queued : .wakes
        }
        switch placing {
        case .queued: break
        case .wakes: wake.signal()
        case .refused: dropped.wrappingAdd(1, ordering: .relaxed)
        case .writesItself:
            let isWritten = writing.withLock { _ in sink.write(line[...]) }
            if !isWritten { dropped.wrappingAdd(1, ordering: .relaxed) }
        }
    }

    /// Changes places with what waits.
    private func takeLines(into spare: inout [UInt8]) {
        var taken = spare
        spare = []
        queue.withLock { queue in
            swap(&queue.bytes, &taken)
            queue.lineCount = 0
            queue.isSignalled = false
        }
        spare = taken
    }

    /// Tells of lines lost since it was last told; called with `writing` held.
    private func tellDropped() {
        let count = dropped.load(ordering: .relaxed)
        let fresh = count - droppedTold.load(ordering: .relaxed)
        guard fresh > 0 else { return }
        let line = LogLine(
            time: now(), level: .warning, message: "log lines dropped", requestID: nil,
            metadata: ["count": .number(fresh)])
        if sink.write(line.bytes[...]) { droppedTold.store(count, ordering: .relaxed) }
    }

    private func startWriter() {
        // The thread owns one reference and gives it back when the log is closed; a start that fails leaves a log
        // that writes in its callers' threads.
        let context = Unmanaged.passRetained(self)
        var thread = pthread_t()
        guard pthread_create(&thread, nil, runLogWriter, context.toOpaque()) == 0 else {
            context.release()
            queue.withLock { $0.isClosed = true }
            return
        }
        pthread_detach(thread)
    }

    fileprivate func writeUntilClosed() {
        while true {
            wake.wait()
            // Under load one wake-up and one write serve many lines; a single line is not missed for this long.
            if !queue.withLock({ $0.isClosed }) { usleep(Self.gathering) }
            flush()
            if queue.withLock({ $0.isClosed }) { return }
        }
    }
}

private func runLogWriter(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<JSONLog>.fromOpaque(context).takeRetainedValue().writeUntilClosed()
    return nil
}
