internal import Glibc
import Synchronization

/// Progress of long work on standard error: a bar rewritten on a terminal, a line every few seconds in a pipe.
final class TerminalProgress: Sendable {
    private struct State {
        var last: ContinuousClock.Instant
        var isShown = false
    }

    private static let barWidth = 24

    private let noun: String
    private let total: Int64?
    private let isTerminal = isatty(2) == 1
    private let started = ContinuousClock.now
    private let state = Mutex(State(last: .now))

    /// - Parameters:
    ///   - noun: What is counted.
    ///   - total: How many there are, if that is known; then a bar and the time left are shown.
    init(noun: String, total: Int64? = nil) {
        self.noun = noun
        self.total = total
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
        let text = Self.text(count, of: total, noun, elapsed: started.duration(to: .now), isBar: isTerminal)
        write(isTerminal ? "\r\(text)\u{1B}[K" : text + "\n")
    }

    /// `[######……] 25 % of 4000 rows, 500 a second, 6 s left`; without a total the count and the rate.
    static func text(
        _ count: Int64, of total: Int64?, _ noun: String, elapsed: Duration, isBar: Bool
    ) -> String {
        let seconds = max(0.001, Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18)
        let rate = Double(count) / seconds
        guard let total, total > 0 else { return "\(count) \(noun), \(Int(rate)) a second" }
        let share = min(1, Double(count) / Double(total))
        let filled = Int(share * Double(barWidth))
        let bar = "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: barWidth - filled) + "] "
        let left = rate > 0 ? "\(Int((Double(total - count) / rate).rounded(.up))) s left" : "unknown time left"
        let words = "\(Int(share * 100)) % of \(total) \(noun), \(Int(rate)) a second, \(left)"
        return isBar ? bar + words : words
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
