import AuthService
internal import Foundation
import Settings
import SQLStore

/// What the commands that open the database by themselves have in common.
enum StoreCommand {
    /// Who runs the command, for the record.
    static var provenance: Provenance {
        Provenance(
            client: "cli", actor: ProcessInfo.processInfo.environment["USER"].map { String($0.prefix(64)) },
            entry: "cli")
    }

    /// Opens the database that the settings name, and says what is wrong when it cannot be used.
    static func withStore(
        _ arguments: Arguments, _ body: (SQLiteStore, Vault) async throws -> Void
    ) async throws {
        let settings = try CheckConfigCommand.load(arguments)
        let vault = try Vault(settings)
        let store = try Database.open(settings, vault: vault, role: "-cli")
        defer { store.close() }
        do {
            try await body(store, vault)
        } catch let error as StoreUnavailable {
            Terminal.complain("otpd: the database is not available: \(error.reason)")
            throw ExitCode.unavailable
        } catch OperatorRefusal.unavailable(let reason) {
            Terminal.complain("otpd: the database is not available: \(reason)")
            throw ExitCode.unavailable
        }
    }
}
