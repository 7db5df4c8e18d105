package import AuthDomain

/// A place in the record: a row of a chain.
package struct AuditPosition: Hashable, Sendable {
    /// The chain.
    package let chain: String
    /// The row's number.
    package let number: Int64

    /// Names a place.
    package init(chain: String, number: Int64) {
        self.chain = chain
        self.number = number
    }
}

/// The record as a queue to a collector: the rows themselves wait, so nothing is kept twice and nothing can be full.
package protocol AuditForwardingStore: Sendable {
    /// Takes or renews the lease of the one instance that forwards, and returns how far forwarding has come in every
    /// chain that has further rows; nil while another instance holds the lease.
    func forwardingTurn(
        holder: String, now: WallInstant, lease: Duration
    ) async throws(StoreUnavailable) -> [AuditPosition]?

    /// The next rows of a chain, in order.
    func rows(after position: AuditPosition, limit: Int) async throws(StoreUnavailable) -> [AuditRow]

    /// Notes how far forwarding has come; a place never goes back.
    func noteForwarded(_ positions: [AuditPosition]) async throws(StoreUnavailable)

    /// Rows that no note covers.
    func waitingToForward() async throws(StoreUnavailable) -> Int
}

/// A collector that cannot be reached, or went away.
package struct CollectorUnreachable: Error {
    /// Why, for the log.
    package let reason: String

    /// Makes the error.
    package init(reason: String) {
        self.reason = reason
    }
}

/// A stream to a collector.
package protocol RecordCollector: Sendable {
    /// Hands bytes over, on the standing connection or a new one; the collector may be gone before it has read them.
    func send(_ bytes: [UInt8]) async throws(CollectorUnreachable)

    /// Whether the connection that the last bytes went over still stands.
    func isStanding() async -> Bool
}
