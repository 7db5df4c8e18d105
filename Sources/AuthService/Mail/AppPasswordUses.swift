import AuthDomain
internal import Synchronization

/// Last uses of app passwords, gathered in memory so that a login writes nothing (architecture, what is written when).
package final class AppPasswordUses: Sendable {
    /// Uses held at most; beyond it only ones already held are renewed, and what is lost is a date.
    private static let capacity = 50_000

    private struct Use {
        /// Held, so that no other record comes to have its place in memory.
        let record: AppPasswordRecord
        let number: Int
        let time: WallInstant
        let address: NetworkAddress?
        let service: MailService
    }

    private struct Waiting {
        /// By the record as it was read: to compare names would cost more than all the rest of it.
        var uses: [ObjectIdentifier: Use] = [:]
        var noted = 0
    }

    private let store: any AppPasswordStore
    private let waiting = Mutex(Waiting())

    init(store: any AppPasswordStore) {
        self.store = store
    }

    /// Notes a use.
    func note(
        _ record: AppPasswordRecord, at time: WallInstant, from address: NetworkAddress?, for service: MailService
    ) {
        let key = ObjectIdentifier(record)
        waiting.withLock { waiting in
            guard waiting.uses.count < Self.capacity || waiting.uses[key] != nil else { return }
            waiting.noted += 1
            waiting.uses[key] = Use(
                record: record, number: waiting.noted, time: time, address: address, service: service)
        }
    }

    /// Stores what was noted; when the database cannot, it is kept for the next time.
    package func flush() async throws(StoreUnavailable) {
        let uses = waiting.withLock { waiting in
            defer { waiting.uses = [:] }
            return waiting.uses
        }
        guard !uses.isEmpty else { return }
        var latest: [AppPasswordID: Use] = [:]
        // One that was read anew meanwhile has two records.
        for use in uses.values where latest[use.record.id].map({ $0.number < use.number }) ?? true {
            latest[use.record.id] = use
        }
        let told = latest.mapValues { AppPasswordUse(time: $0.time, address: $0.address?.text, service: $0.service) }
        do {
            try await store.noteUses(told)
        } catch {
            waiting.withLock { waiting in waiting.uses.merge(uses) { newer, _ in newer } }
            throw error
        }
    }
}
