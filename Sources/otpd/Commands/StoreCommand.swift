import AuthService
import Settings
import SQLStore

/// What commands that work on the database have in common: settings, keys, the open store, and clear endings.
enum StoreCommand {
    /// Opens the database of `--config` for the time of a command.
    static func run(
        _ arguments: Arguments, _ body: (SQLiteStore, Vault, Settings) async throws -> Void
    ) async throws {
        let settings = try CheckConfigCommand.load(arguments)
        let (store, vault) = try Database.open(settings, role: "-cli")
        defer { store.close() }
        do {
            try await body(store, vault, settings)
        } catch let error as StoreUnavailable {
            throw unavailable(error.reason)
        } catch OperatorRefusal.unavailable(let reason) {
            throw unavailable(reason)
        }
    }

    private static func unavailable(_ reason: String) -> ExitCode {
        Terminal.complain("otpd: the database is not available: \(reason)")
        return .unavailable
    }
}
