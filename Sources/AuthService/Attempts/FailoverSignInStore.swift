/// Sign-ins of the shared store and, for those begun while it cannot be reached, of this instance.
///
/// A sign-in that the twin knows belongs to the twin alone, also after the shared store is back: a call that timed
/// out may have left a copy there that is older.
package struct FailoverSignInStore: SignInStore {
    private let primary: any SignInStore
    private let twin: any SignInStore
    private let memory: Duration

    /// Makes the pair.
    ///
    /// - Parameters:
    ///   - primary: The shared store.
    ///   - twin: The store of this instance.
    ///   - memory: How long the end of one of the twin's sign-ins is remembered; at least a sign-in's lifetime.
    package init(primary: any SignInStore, twin: any SignInStore, memory: Duration = .seconds(3600)) {
        self.primary = primary
        self.twin = twin
        self.memory = memory
    }

    /// Stores a new sign-in where it can be stored; see the port.
    package func create(id: String, record: [UInt8], lifetime: Duration) async throws(CountersUnavailable) {
        do {
            try await primary.create(id: id, record: record, lifetime: lifetime)
            // A live code is stored again under its name: what the twin held of it must not be found instead.
            try? await twin.remove(id: id)
        } catch {
            try await twin.create(id: id, record: record, lifetime: lifetime)
        }
    }

    /// Reads a sign-in; see the port.
    package func find(id: String) async throws(CountersUnavailable) -> (record: [UInt8], version: Int64)? {
        if let own = try await twin.find(id: id) { return own.record.isEmpty ? nil : own }
        return try await primary.find(id: id)
    }

    /// Replaces a record in the store it belongs to; see the port.
    package func replace(
        id: String, version: Int64, record: [UInt8], lifetime: Duration
    ) async throws(CountersUnavailable) -> Bool {
        guard let own = try await twin.find(id: id) else {
            return try await primary.replace(id: id, version: version, record: record, lifetime: lifetime)
        }
        guard !own.record.isEmpty else { return false }
        return try await twin.replace(id: id, version: version, record: record, lifetime: lifetime)
    }

    /// Ends a sign-in; see the port.
    package func remove(id: String) async throws(CountersUnavailable) {
        guard try await twin.find(id: id) != nil else { return try await primary.remove(id: id) }
        // An empty record stands for the end, so that an older copy in the shared store is not found instead.
        try await twin.create(id: id, record: [], lifetime: memory)
    }
}
