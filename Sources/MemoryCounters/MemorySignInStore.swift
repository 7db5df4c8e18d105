internal import AuthDomain
package import AuthService
internal import Synchronization

/// Sign-ins in progress of one instance, in its memory.
package final class MemorySignInStore: SignInStore {
    private struct Entry {
        var record: [UInt8]
        var version: Int64
        var expiresAt: Int64
    }

    private struct Entries {
        var byID: [String: Entry] = [:]
        var nextSweep = Int64.min
    }

    private let clock: any MonotonicClock
    private let capacity: Int
    private let entries = Mutex(Entries())

    /// Makes an empty store.
    ///
    /// - Parameters:
    ///   - clock: For expiry.
    ///   - capacity: Sign-ins held at most; beyond, a new one is refused.
    package init(clock: any MonotonicClock, capacity: Int = 100_000) {
        self.clock = clock
        self.capacity = capacity
    }

    /// Stores a new sign-in; see the port.
    package func create(id: String, record: [UInt8], lifetime: Duration) async throws(CountersUnavailable) {
        let now = clock.milliseconds()
        let stored = entries.withLock { entries in
            if entries.byID[id] == nil, entries.byID.count >= capacity {
                guard now >= entries.nextSweep else { return false }
                entries.nextSweep = now + 1000
                entries.byID = entries.byID.filter { $0.value.expiresAt > now }
                guard entries.byID.count < capacity else { return false }
            }
            let expiresAt = now + max(1, lifetime.wholeMilliseconds)
            entries.byID[id] = Entry(record: record, version: 1, expiresAt: expiresAt)
            return true
        }
        guard stored else { throw CountersUnavailable() }
    }

    /// Reads a sign-in; see the port.
    package func find(id: String) async throws(CountersUnavailable) -> (record: [UInt8], version: Int64)? {
        let now = clock.milliseconds()
        let entry = entries.withLock { $0.byID[id] }
        guard let entry, entry.expiresAt > now else { return nil }
        return (entry.record, entry.version)
    }

    /// Replaces a record of an unchanged version; see the port.
    package func replace(
        id: String, version: Int64, record: [UInt8], lifetime: Duration
    ) async throws(CountersUnavailable) -> Bool {
        let now = clock.milliseconds()
        return entries.withLock { entries in
            guard let entry = entries.byID[id], entry.expiresAt > now, entry.version == version else { return false }
            let expiresAt = now + max(1, lifetime.wholeMilliseconds)
            entries.byID[id] = Entry(record: record, version: version + 1, expiresAt: expiresAt)
            return true
        }
    }

    /// Ends a sign-in; see the port.
    package func remove(id: String) async throws(CountersUnavailable) {
        entries.withLock { $0.byID[id] = nil }
    }
}
