package import AuthService

/// How the events of one target are delivered.
package struct DispatchSettings: Sendable {
    /// When failed deliveries are tried again.
    package var schedule: RetrySchedule
    /// Deliveries at once.
    package var parallel: Int
    /// The longest that one delivery takes.
    package var limit: Duration
    /// How long a message is ours; longer than `limit`, so that nobody else sends it meanwhile.
    package var lease: Duration
    /// How often the outbox is asked for what other instances left.
    package var poll: Duration
    /// Messages in hand at most, delivered or waiting for their turn.
    package var window: Int

    /// Makes settings.
    package init(
        schedule: RetrySchedule, parallel: Int = 8, limit: Duration = .seconds(15), lease: Duration? = nil,
        poll: Duration = .seconds(1), window: Int = 64
    ) {
        self.schedule = schedule
        self.parallel = parallel
        self.limit = limit
        self.lease = lease ?? limit + .seconds(5)
        self.poll = poll
        self.window = window
    }
}

/// Hears what a dispatcher does, for metrics and the log; must not wait.
package struct CallbackObserver: Sendable {
    /// An attempt at a target ended after a time.
    package let attempted: @Sendable (String, DeliveryResult, Duration) -> Void
    /// A message was given up.
    package let died: @Sendable (OutboxMessage, DeliveryResult) -> Void
    /// A target wants no more (410).
    package let stopped: @Sendable (String) -> Void
    /// The outbox cannot be read or written.
    package let outboxFailed: @Sendable (String, StoreUnavailable) -> Void

    /// Makes an observer.
    package init(
        attempted: @escaping @Sendable (String, DeliveryResult, Duration) -> Void = { _, _, _ in },
        died: @escaping @Sendable (OutboxMessage, DeliveryResult) -> Void = { _, _ in },
        stopped: @escaping @Sendable (String) -> Void = { _ in },
        outboxFailed: @escaping @Sendable (String, StoreUnavailable) -> Void = { _, _ in }
    ) {
        self.attempted = attempted
        self.died = died
        self.stopped = stopped
        self.outboxFailed = outboxFailed
    }
}
