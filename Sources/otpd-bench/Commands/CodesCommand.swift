import AuthDomain
import Cryptography
import RedisCounters

/// Prints the codes of the coming time steps, one `step code` in each line, for load generators that compute none.
enum CodesCommand {
    static func run(_ options: Options) throws {
        let mac = OpenSSLOneTimeCodeMAC()
        let first = TimeStep(at: WallTime().now(), stepLength: .seconds(30)).number - 2
        for step in first..<first + Int64(try options.number("steps", default: 120)) {
            print("\(step) \(BenchSecrets.code(at: TimeStep(step), mac: mac))")
        }
    }
}

/// Prints the Lua text of a script, so that the ceiling is that of the script in use.
enum ScriptCommand {
    static func run(_ options: Options) throws {
        switch try options.text("name") {
        case "reservation": print(RedisAttemptBudget.reservationScript)
        case "rate": print(RedisThrottle.askScript)
        case let name: throw BenchFailure("no script \(name)")
        }
    }
}
