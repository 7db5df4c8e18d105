import AuthDomain

/// What has gathered in memory and is written once more before the process ends: each for itself, so that one that
/// cannot be written takes nothing else with it.
package struct LastWrites: Sendable {
    /// Writes what has gathered.
    package typealias Write = @Sendable () async throws(StoreUnavailable) -> Void

    /// Something that could not be written.
    package struct Loss: Hashable, Sendable {
        /// What it is, in a few words for the log.
        package let name: String
        /// Why.
        package let reason: String
    }

    private let parts: [(name: String, write: Write)]

    /// Makes the writes, in their order.
    package init(_ parts: [(name: String, write: Write)]) {
        self.parts = parts
    }

    /// Writes all of it and returns what is lost.
    package func callAsFunction() async -> [Loss] {
        var losses: [Loss] = []
        for part in parts {
            do {
                try await part.write()
            } catch {
                losses.append(Loss(name: part.name, reason: error.reason))
            }
        }
        return losses
    }
}
