import AuthDomain
import Cryptography
internal import Glibc

/// How many passwords a number of threads verify in a second when they do nothing else: the ceiling of sign-ins.
enum HashRateCommand {
    static func run(_ options: Options) async throws {
        let threads = try options.number("threads")
        let seconds = try options.number("seconds", default: 4)
        let hasher = try Argon2PasswordHasher(
            cost: .standard, threads: threads, queueLimit: 4 * threads, random: SystemRandom())
        let password = SecretBytes(Array(BenchSecrets.password.utf8))
        let record = try await hasher.hash(password)
        let start = WallTime.monotonic()
        let end = start + Int64(seconds) * 1_000_000_000
        // Two callers for each thread, so that none waits for work.
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<2 * threads {
                group.addTask {
                    var count = 0
                    while WallTime.monotonic() < end {
                        guard try await hasher.verify(password, record: record) else {
                            throw BenchFailure("the right password was refused")
                        }
                        count += 1
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        let elapsed = Double(WallTime.monotonic() - start) / 1e9
        hasher.shutdown()
        print("rate=\(Double(count) / elapsed)")
    }
}
