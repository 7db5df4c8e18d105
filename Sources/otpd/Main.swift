internal import Glibc

/// The program: one command, then an exit code of sysexits.h.
@main
enum Main {
    static func main() async {
        let words = Array(CommandLine.arguments.dropFirst())
        do {
            try await run(words)
        } catch let error as Arguments.UsageError {
            Terminal.complain("otpd: \(error.message)\nRun \"otpd --help\" for the commands.")
            leave(.usage)
        } catch let code as ExitCode {
            leave(code)
        } catch {
            Terminal.complain("otpd: \(error)")
            leave(.failure)
        }
    }

    /// Ends the process at once: after a failed start threads still run, and must not meet what `exit` takes apart.
    private static func leave(_ code: ExitCode) -> Never {
        fflush(nil)
        _exit(code.rawValue)
    }

    private static func run(_ words: [String]) async throws {
        if words.contains("--help") || words.contains("-h") || words == ["help"] {
            Terminal.line(Help.text(for: words))
            return
        }
        let rest = Array(words.dropFirst())
        switch words.first {
        case "serve": try await ServeCommand.run(rest)
        case "check-config": try CheckConfigCommand.run(rest)
        case "client": try await ClientCommand.run(rest)
        case "audit": try await AuditCommand.run(rest)
        case "holidays": try await HolidaysCommand.run(rest)
        case "maintenance": try await MaintenanceCommand.run(rest)
        case "outbox": try await OutboxCommand.run(rest)
        case "account": try await AccountCommand.run(rest)
        case "forms": try await FormsCommand.run(rest)
        case "report": try await ReportCommand.run(rest)
        case "keys": try await KeysCommand.run(rest)
        case "backup": try await BackupCommand.run(rest)
        case "restore": try await RestoreCommand.run(rest)
        case "qr": try QRCommand.run()
        case "version", "--version": Terminal.line("otpd \(Help.version)")
        case .some(let unknown): throw Arguments.UsageError(message: "unknown command \"\(unknown)\"")
        case nil: throw Arguments.UsageError(message: "a command is missing")
        }
    }
}
