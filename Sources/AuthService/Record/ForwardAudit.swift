import AuthDomain

/// Sends the record to a collector, in order within each chain and at least once (R-SIEM-1, R-LOG-2).
///
/// A stream gives no receipt: bytes that a collector's machine has taken may never reach the collector. So a row counts
/// as forwarded only when the connection still stood some seconds after it was sent; when it broke before, the rows
/// go again. A collector tells repeated rows by `chain` and `number`.
///
/// Sign-ins never wait for it: it reads what they have committed.
package actor ForwardAudit {
    /// What one turn came to.
    package enum Turn: Hashable, Sendable {
        /// Another instance forwards.
        case resting
        /// Rows were handed over, possibly none.
        case sent(Int)
    }

    private static let rowsAtOnce = 200
    private static let rowsPerTurn = 5000
    private static let settling = Duration.seconds(3)
    private static let lease = Duration.seconds(30)

    private let store: any AuditForwardingStore
    private let collector: any RecordCollector
    private let clock: any WallClock
    private let monotonic: any MonotonicClock
    private let format: SyslogFormat
    private let holder: String
    private let version: String

    /// How far rows were handed over on the standing connection, by chain.
    private var sent: [String: Int64] = [:]
    /// Places that wait for their connection to prove itself, oldest first.
    private var unsettled: [(position: AuditPosition, at: Int64)] = []

    /// Makes the use case.
    ///
    /// - Parameter holder: Names this process among all instances.
    package init(
        store: any AuditForwardingStore, collector: any RecordCollector, clock: any WallClock,
        monotonic: any MonotonicClock, format: SyslogFormat, holder: String, version: String
    ) {
        self.store = store
        self.collector = collector
        self.clock = clock
        self.monotonic = monotonic
        self.format = format
        self.holder = holder
        self.version = version
    }

    /// Sends what has come since the last turn; to be called about every second.
    ///
    /// - Throws: `CollectorUnreachable`, `StoreUnavailable`; the next turn begins where forwarding is sure to have come.
    package func turn() async throws -> Turn {
        guard let turn = try await store.forwardingTurn(holder: holder, now: clock.now(), lease: Self.lease) else {
            forget()
            return .resting
        }
        do {
            try await settle()
            var count = 0
            for start in turn {
                var position = AuditPosition(chain: start.chain, number: max(start.number, sent[start.chain] ?? 0))
                while count < Self.rowsPerTurn {
                    let rows = try await store.rows(after: position, limit: Self.rowsAtOnce)
                    guard let last = rows.last else { break }
                    try await collector.send(rows.flatMap { SyslogMessage($0, version: version).frame(format) })
                    position = AuditPosition(chain: last.chain, number: last.number)
                    sent[position.chain] = position.number
                    unsettled.append((position, monotonic.milliseconds()))
                    count += rows.count
                }
            }
            return .sent(count)
        } catch {
            forget()
            throw error
        }
    }

    /// Notes the places whose connection has stood long enough.
    private func settle() async throws {
        guard !unsettled.isEmpty else { return }
        guard await collector.isStanding() else { throw CollectorUnreachable(reason: "the connection was closed") }
        let horizon = monotonic.milliseconds() - Self.settling.wholeMilliseconds
        let settled = unsettled.prefix { $0.at <= horizon }.map(\.position)
        guard !settled.isEmpty else { return }
        try await store.noteForwarded(settled)
        unsettled.removeFirst(settled.count)
    }

    /// Begins again where the notes say.
    private func forget() {
        sent = [:]
        unsettled = []
    }
}
