import AuthDomain
internal import Synchronization

/// Last uses of app passwords, gathered in memory so that a login writes nothing (architecture, what is written when).
package final class AppPasswordUses: Sendable {
    /// Uses held at most; beyond it only ones already held are renewed, and what is lost is a date.
    private static let capacity = 50_000

    private let store: any AppPasswordStore
    private let waiting = Mutex<[AppPasswordID: AppPasswordUse]>([:])

    init(store: any AppPasswordStore) {
        self.store = store
    }

    /// Notes a use.
    func note(_ id: AppPasswordID, _ use: AppPasswordUse) {
        waiting.withLock { waiting in
            guard waiting.count < Self.capacity || waiting[id] != nil else { return }
            waiting[id] = use
        }
    }

    /// Stores what was noted; when the database cannot, it is kept for the next time.
    package func flush() async throws(StoreUnavailable) {
        let uses = waiting.withLock { waiting in
            defer { waiting = [:] }
            return waiting
        }
        guard !uses.isEmpty else { return }
        do {
            try await store.noteUses(uses)
        } catch {
            waiting.withLock { waiting in waiting.merge(uses) { newer, _ in newer } }
            throw error
        }
    }
}
