internal import Glibc

/// The measuring tool behind `make bench`: seeds databases, finds ceilings, makes open-loop load.
///
/// `Tests/Bench/run.sh` calls it; each command prints values as `name=value` on one line.
@main
enum Main {
    static func main() async {
        let words = Array(CommandLine.arguments.dropFirst())
        do {
            let options = try Options(Array(words.dropFirst()))
            switch words.first {
            case "seed": try await SeedCommand.run(options)
            case "audit": try await AuditCommand.run(options)
            case "codes": try CodesCommand.run(options)
            case "script": try ScriptCommand.run(options)
            case "hash-rate": try await HashRateCommand.run(options)
            case "start-up": try StartUpCommand.run(options)
            case "open-loop": try await OpenLoopCommand.run(options)
            case "parts": try await PartsCommand.run(options)
            default: throw BenchFailure("commands: seed audit codes script hash-rate start-up open-loop parts")
            }
        } catch {
            let line = Array("otpd-bench: \(error)\n".utf8)
            _ = write(2, line, line.count)
            exit(1)
        }
    }
}

/// Why a measurement could not be made.
struct BenchFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
