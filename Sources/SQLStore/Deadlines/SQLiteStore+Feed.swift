package import AuthDomain
package import AuthService

extension SQLiteStore {
    /// Notes how far the mail system's reports reach without a gap.
    package func noteFeed(silence: Duration) async throws(StoreUnavailable) -> FeedHealth? {
        try await read(.readDeadlines) { try FeedHealth.read(from: $0) }
    }
}
