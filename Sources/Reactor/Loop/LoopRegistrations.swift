internal import Synchronization

/// A closure that a loop runs once, later.
package final class LoopTimer: Sendable {
    private let loop: EventLoop
    private let settled = Atomic<Bool>(false)
    // Unsafe because it is cleared: only whoever turns `settled` to true, which happens once, touches it after `init`.
    private nonisolated(unsafe) var body: (@Sendable () -> Void)?

    init(loop: EventLoop, body: @escaping @Sendable () -> Void) {
        self.loop = loop
        self.body = body
    }

    /// Whether the timer has fired or was cancelled.
    var isSettled: Bool { settled.load(ordering: .acquiring) }

    /// Drops the closure unless it already runs or ran; callable from any thread, any number of times.
    package func cancel() {
        guard take() != nil else { return }
        if loop.isCurrent {
            loop.core.disarm(self)
        } else {
            loop.execute { [self] in loop.core.disarm(self) }
        }
    }

    func fire() {
        let body = take()
        loop.core.disarm(self)
        body?()
    }

    /// The closure, for the one caller that settles the timer.
    private func take() -> (@Sendable () -> Void)? {
        settled.exchange(true, ordering: .acquiringAndReleasing) ? nil : body.take()
    }
}

/// A closure that a loop runs whenever a descriptor can be read.
package final class DescriptorWatch: Sendable {
    private let loop: EventLoop
    private let body: @Sendable () -> Void

    init(loop: EventLoop, body: @escaping @Sendable () -> Void) {
        self.loop = loop
        self.body = body
    }

    /// Ends the watch; on the loop's thread only, before the descriptor is closed.
    ///
    /// A second call does nothing.
    package func close() {
        loop.core.disarm(self)
    }

    func ready() {
        body()
    }
}

/// A closure that a loop runs at the end of each turn.
package final class TurnEndHook: Sendable {
    private let loop: EventLoop
    let body: @Sendable () -> Void

    init(loop: EventLoop, body: @escaping @Sendable () -> Void) {
        self.loop = loop
        self.body = body
    }

    /// Removes the hook; on the loop's thread only.
    ///
    /// A second call does nothing.
    package func close() {
        loop.core.hooks.removeAll { $0 === self }
    }
}
