internal import Glibc
import JSONText
import Synchronization

/// Progress of long work on standard error: a line rewritten on a terminal, a line every few seconds in a pipe.
final class TerminalProgress: Sendable {
    private struct State {
        var last: ContinuousClock.Instant
        var isShown = false
    }

    private static let barWidth = 30

    private let noun: String
    private let isTerminal = isatty(2) == 1
    private let started = ContinuousClock.now
    private let state = Mutex(State(last: .now))

    init(noun: String) {
        self.noun = noun
    }

    /// Reports how much is done, and of how much where that is known: then with a bar and the time left.
    func report(_ count: Int64, of total: Int64? = nil) {
        let pause: Duration = isTerminal ? .milliseconds(200) : .seconds(5)
        let isDue = state.withLock { state in
            guard state.last.duration(to: .now) >= pause else { return false }
            state.last = .now
            state.isShown = isTerminal
            return true
        }
        guard isDue else { return }
        let (seconds, attoseconds) = started.duration(to: .now).components
        let elapsed = max(0.001, Double(seconds) + Double(attoseconds) * 1e-18)
        guard isTerminal || !Terminal.isJSON else { return write(json(count, of: total, after: elapsed)) }
        let text = text(count, of: total, after: elapsed)
        write(isTerminal ? "\r\(text)   " : text + "\n")
    }

    /// Takes the rewritten line away, so that other output starts clean.
    func clear() {
        let wasShown = state.withLock { state in
            defer { state.isShown = false }
            return state.isShown
        }
        if wasShown { write("\r\u{1B}[K") }
    }

    private func text(_ count: Int64, of total: Int64?, after elapsed: Double) -> String {
        let rate = Double(count) / elapsed
        guard let total, total > 0 else { return "\(count) \(noun), \(Int(rate)) a second" }
        let share = min(1, Double(count) / Double(total))
        let filled = Int(share * Double(Self.barWidth))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.barWidth - filled)
        let left = rate > 0 ? Int(Double(max(0, total - count)) / rate) : 0
        let time = left >= 3600 ? "\(left / 3600) h \(left / 60 % 60) min" : "\(left / 60) min \(left % 60) s"
        return "\(bar) \(Int(share * 100)) %  \(count) of \(total) \(noun), \(Int(rate)) a second, \(time) left"
    }

    /// The same for programs: a JSON object on a line.
    private func json(_ count: Int64, of total: Int64?, after elapsed: Double) -> String {
        let bytes = JSONWriter.object { json in
            json.field("progress", noun)
            json.field("done", Int(count))
            if let total { json.field("of", Int(total)) }
            json.field("per_second", Int(Double(count) / elapsed))
        }
        return String(decoding: bytes, as: UTF8.self) + "\n"
    }

    private func write(_ text: String) {
        var bytes = Array(text.utf8)
        _ = Glibc.write(2, &bytes, bytes.count)
    }
}
