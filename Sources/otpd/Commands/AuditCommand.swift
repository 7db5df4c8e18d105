import AuthService
import Settings
import SQLStore

/// `otpd audit verify`: names every row that is not what was written.
enum AuditCommand {
    static func run(_ words: [String]) async throws {
        guard words.first == "verify" else { throw Arguments.UsageError(message: "audit knows only: verify") }
        let arguments = try Arguments(Array(words.dropFirst()), allowed: ["config"])
        let settings = try CheckConfigCommand.load(arguments)
        let vault = try Vault(settings)
        let store = try Database.open(settings, vault: vault, role: "-cli")
        defer { store.close() }
        let progress = TerminalProgress(noun: "rows")
        do {
            let result = try await AuditVerifier(store: store, digest: vault.digest).verify(
                progress: { progress.report($0) },
                finding: { finding in
                    progress.clear()
                    Terminal.line("\(finding)")
                })
            progress.clear()
            Terminal.line("\(result.rows) rows in \(result.chains) chains: \(result.findings) findings")
            guard result.isClean else { throw ExitCode.failure }
        } catch let error as StoreUnavailable {
            Terminal.complain("otpd: the database is not available: \(error.reason)")
            throw ExitCode.unavailable
        }
    }
}
