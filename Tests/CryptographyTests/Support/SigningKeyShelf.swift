import AuthService
import Synchronization

/// Signing keys in memory, kept as the port says.
final class SigningKeyShelf: SigningKeyStore {
    private let records = Mutex<[SigningKeyRecord]>([])
    private let events = Mutex<[AuditEvent]>([])

    var made: [AuditEvent] { events.withLock { $0 } }

    func signingKeys() async throws(StoreUnavailable) -> [SigningKeyRecord] {
        records.withLock { $0 }
    }

    func addSigningKey(
        _ key: SigningKeyRecord, after newest: String?, event: AuditEvent
    ) async throws(StoreUnavailable) -> Bool {
        let isAdded = records.withLock { records in
            guard records.last?.id == newest else { return false }
            records.append(key)
            return true
        }
        if isAdded { events.withLock { $0.append(event) } }
        return isAdded
    }

    func removeSigningKeys(ids: [String]) async throws(StoreUnavailable) {
        records.withLock { records in records.removeAll { ids.contains($0.id) } }
    }
}
