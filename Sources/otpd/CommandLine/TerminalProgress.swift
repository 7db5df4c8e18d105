internal import Glibc
import Synchronization

/// Progress of long work on standard error: a line rewritten on a terminal, a line every few seconds in a pipe.
final class TerminalProgress: Sendable {
    private struct State {
        var last: ContinuousClock.Instant
        var isShown = false
    }

    private let noun: String
    private let isTerminal = isatty(2) == 1
    private let started = ContinuousClock.now
    private let state = Mutex(State(last: .now))

    init(noun: String) {
        self.noun = noun
    }

    /// Reports how much is done.
    func report(_ count: Int64) {
        let pause: Duration = isTerminal ? .milliseconds(200) : .seconds(5)
        let isDue = state.withLock { state in
            guard state.last.duration(to: .now) >= pause else { return false }
            state.last = .now
            state.isShown = isTerminal
            return true
        }
        guard isDue else { return }
        let elapsed = max(0.001, Double(started.duration(to: .now).components.seconds))
        let text = "\(count) \(noun), \(Int(Double(count) / elapsed)) a second"
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

    private func write(_ text: String) {
        var bytes = Array(text.utf8)
        _ = Glibc.write(2, &bytes, bytes.count)
    }
}
