package import AuthService
internal import AuthDomain
internal import Synchronization

/// The calling systems by the public part of their keys, in memory, so that a request reads no database for it.
///
/// `refresh` is called again and again by the composition root; a revoked key stops working with the next one. A key
/// that is not known yet brings a refresh of its own, at most twenty a second, so that a client just added may call at once.
package final class ClientDirectory: Sendable {
    /// A client that proved its key.
    final class Client: Sendable {
        let name: String
        /// The public part of its key; no two keys share one, whatever their clients are called.
        let prefix: String
        let scopes: [ClientScope]
        /// The causes for which it may lock, and nothing else; nil for every other client.
        let lockCauses: [LockCause]?

        fileprivate let record: ClientRecord
        /// The key itself, once it was proven: what is the same byte for byte needs no digest.
        private let key = AtomicLazyReference<SecretBytes>()

        fileprivate init(_ record: ClientRecord) {
            self.record = record
            name = record.name
            prefix = record.prefix
            scopes = record.scopes
            lockCauses = record.lockCauses
        }

        /// Whether bytes are the key that was proven before.
        fileprivate func isKnown(by bytes: ArraySlice<UInt8>) -> Bool {
            key.load()?.isEqual(to: bytes) ?? false
        }

        /// Remembers the key for as long as the client is not read anew.
        fileprivate func remember(_ proven: SecretBytes) { _ = key.storeIfNil(proven) }
    }

    private struct State {
        var clients: [String: Client] = [:]
        var isLoaded = false
        var refreshedAt: Int64?
    }

    private static let patience: Int64 = 50

    private let store: any ClientStore
    private let digest: any KeyedDigest
    private let clock: any MonotonicClock
    private let state = Mutex(State())

    /// Makes an empty directory.
    package init(store: any ClientStore, digest: any KeyedDigest, clock: any MonotonicClock) {
        self.store = store
        self.digest = digest
        self.clock = clock
    }

    /// Reads all clients anew; when the database cannot answer, the clients known so far stay.
    package func refresh() async throws(StoreUnavailable) {
        let now = clock.milliseconds()
        state.withLock { $0.refreshedAt = now }
        reload(try await store.clients())
    }

    /// Replaces what is known.
    package func reload(_ records: [ClientRecord]) {
        var known: [String: Client] = [:]
        for record in records where record.revokedAt == nil { known[record.prefix] = Client(record) }
        state.withLock { [known] state in
            state.clients = known
            state.isLoaded = true
        }
    }

    /// The client whose key was presented; nil for a wrong, unknown or revoked one.
    ///
    /// - Throws: `StoreUnavailable` while no client was ever read.
    func client(presenting text: ArraySlice<UInt8>) async throws(StoreUnavailable) -> Client? {
        guard let prefix = ClientKey.prefix(of: text) else { return nil }
        let named = client(of: prefix)
        if let named, named.isKnown(by: text) { return named }
        guard let key = ClientKey(parsing: text) else { return nil }
        if let named { return proven(named, by: key) }
        let mayRefresh = state.withLock { state in
            state.refreshedAt.map { clock.milliseconds() - $0 >= Self.patience } ?? true
        }
        if mayRefresh {
            do {
                try await refresh()
            } catch {
                guard state.withLock({ $0.isLoaded }) else { throw error }
            }
        }
        return client(of: prefix).flatMap { proven($0, by: key) }
    }

    private func client(of prefix: String) -> Client? {
        state.withLock { $0.clients[prefix] }
    }

    private func proven(_ client: Client, by key: ClientKey) -> Client? {
        guard key.fits(client.record, digest: digest) else { return nil }
        client.remember(key.bytes)
        return client
    }
}
