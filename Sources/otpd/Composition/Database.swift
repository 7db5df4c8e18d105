import AuthService
import Settings
import SQLStore
import Telemetry

/// Opens the database that the settings name.
enum Database {
    /// Opens it for a process whose audit chain is named after the instance and something never used before.
    static func open(
        _ settings: Settings, vault: Vault, role: String = "", observer: StoreObserver = StoreObserver()
    ) throws -> SQLiteStore {
        let chain = vault.random.identifier(prefix: settings.instance + role + "/")
        let identity = AuditChainIdentity(instance: settings.instance + role, chain: chain, digest: vault.digest)
        guard case .sqlite(let path) = settings.database else { throw ExitCode.configuration }
        let sqlite = SQLiteSettings(
            path: path, readers: settings.sqlite.readers, readQueueLimit: settings.sqlite.queue,
            writeQueueLimit: settings.sqlite.queue)
        do {
            return try SQLiteStore(
                settings: sqlite, audit: identity, subscriptions: settings.callbacks.subscriptions, observer: observer)
        } catch {
            Terminal.complain("otpd: \(error)")
            throw ExitCode.unavailable
        }
    }
}
