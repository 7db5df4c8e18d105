internal import Glibc

/// The program: one command, then an exit code of sysexits.h.
@main
enum Main {
    static func main() async {
        let words = Array(CommandLine.arguments.dropFirst())
        do {
            try await run(words)
        } catch let error as Arguments.UsageError {
            Terminal.complain("otpd: \(error.message)", hint: "Run \"otpd --help\" for the commands.")
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
        if words.contains("--help") || words.contains("-h") {
            Terminal.line(CommandTable.help(words))
            return
        }
        let (command, rest) = try CommandTable.find(words == ["--version"] ? ["version"] : words)
        try await command.run(rest)
    }
}
