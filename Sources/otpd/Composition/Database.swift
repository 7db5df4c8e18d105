import AuthService
import Cryptography
import Settings
import SQLStore
import Synchronization
import Telemetry

/// Opens the database that the settings name, and the vault with the keys in it.
enum Database {
    /// Opens it for a process whose audit chain is named after the instance and something never used before.
    static func open(
        _ settings: Settings, role: String = "", observer: StoreObserver = StoreObserver()
    ) throws -> (store: SQLiteStore, vault: Vault) {
        guard case .sqlite(let path) = settings.database else { throw ExitCode.configuration }
        return try open(path: path, settings, role: role, observer: observer)
    }

    /// Opens a database at a path of its own, such as a backup.
    static func open(
        path: String, _ settings: Settings, role: String, observer: StoreObserver = StoreObserver()
    ) throws -> (store: SQLiteStore, vault: Vault) {
        let ring = try KeyRing(settings.keys.map { (id: $0.id, bytes: $0.bytes) })
        let instance = settings.instance + role
        let chain = SystemRandom().identifier(prefix: instance + "/")
        let sqlite = SQLiteSettings(
            path: path, readers: settings.sqlite.readers, readQueueLimit: settings.sqlite.queue,
            writeQueueLimit: settings.sqlite.queue)
        let opened = Mutex<Vault?>(nil)
        do {
            let store = try SQLiteStore(
                settings: sqlite, subscriptions: settings.callbacks.subscriptions, observer: observer
            ) { records throws(StoreOpeningFailure) in
                let (vault, new) = try Vault.open(ring: ring, records: records, path: path)
                opened.withLock { $0 = vault }
                return (AuditChainIdentity(instance: instance, chain: chain, digest: vault.digest), new)
            }
            guard let vault = opened.withLock({ $0 }) else { throw ExitCode.failure }
            return (store, vault)
        } catch let failure as StoreOpeningFailure {
            Terminal.complain("otpd: \(failure)")
            throw ExitCode.unavailable
        }
    }
}
