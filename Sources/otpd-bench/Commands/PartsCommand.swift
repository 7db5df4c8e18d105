import AuthDomain
import AuthService
import Cryptography
internal import Glibc
import Reactor
import RedisCounters
import SQLStore
import Settings

/// Measures the parts of a code's verification one by one, without HTTP: 64 tasks on one loop for each core.
enum PartsCommand {
    static func run(_ options: Options) async throws {
        let parts = try Parts(options)
        for name in try options.text("parts").split(separator: ",") {
            let (rate, cpu) = try await parts.measure(String(name))
            print("part=\(name) rate=\(Int(rate)) cpu_us=\(Double(Int(cpu * 100)) / 100)")
            fflush(nil)
        }
        await parts.close()
    }
}

/// The adapters under load.
private struct Parts: Sendable {
    private static let tasks = 64

    private let group: EventLoopGroup
    private let client: RedisClient
    private let budget: RedisAttemptBudget
    private let store: SQLiteStore
    private let random = SystemRandom()
    private let clock = WallTime()
    private let accounts: Int
    private let seconds: Int64

    init(_ options: Options) throws {
        group = EventLoopGroup(count: sysconf(Int32(_SC_NPROCESSORS_ONLN)), name: "bench")
        client = RedisClient(
            settings: RedisSettings(endpoint: .unix(path: try options.text("redis"))), loops: group.loops)
        budget = RedisAttemptBudget(client: client)
        let key = try RingKeyFile.read(try options.text("key"))
        let ring = try KeyRing([(id: key.id, bytes: key.bytes)])
        store = try SQLiteStore(
            settings: SQLiteSettings(path: try options.text("database")),
            audit: AuditChainIdentity(
                instance: "bench", chain: "bench/" + random.identifier(prefix: ""),
                digest: OpenSSLKeyedDigest(ring: ring)))
        accounts = try options.number("accounts")
        seconds = Int64(try options.number("seconds", default: 3))
    }

    func close() async {
        await client.shutdown()
        store.close()
        group.shutdown()
    }

    /// Operations in a second and processor time of this process for each, in microseconds.
    func measure(_ name: String) async throws -> (rate: Double, cpu: Double) {
        let operation = try operation(name)
        let start = WallTime.monotonic()
        let cpu = Self.processorTime()
        let end = start + seconds * 1_000_000_000
        let count = try await withThrowingTaskGroup(of: Int.self) { tasks in
            for index in 0..<Self.tasks {
                tasks.addTask(executorPreference: group.loops[index % group.loops.count]) {
                    var number = index
                    while WallTime.monotonic() < end {
                        // A stride without a common factor: accounts come in no order of the file.
                        try await operation((number &* 7_368_787) % accounts)
                        number += Self.tasks
                    }
                    return number / Self.tasks
                }
            }
            return try await tasks.reduce(0, +)
        }
        let elapsed = Double(WallTime.monotonic() - start)
        return (Double(count) * 1e9 / elapsed, (Self.processorTime() - cpu) * 1e6 / Double(count))
    }

    private func operation(_ name: String) throws -> @Sendable (Int) async throws -> Void {
        switch name {
        case "hop": { _ in await Task.yield() }
        case "reserve-settle": reserveAndSettle
        case "read-account": { number in _ = try await account(number) }
        case "accept": accept
        default: throw BenchFailure("no part \(name)")
        }
    }

    private func reserveAndSettle(_ number: Int) async throws {
        let key = BudgetKey(subject: BenchSecrets.address(number), kind: .oneTimeCode, lane: .shared)
        let ticket = random.identifier(prefix: "")
        _ = try await budget.reserve(key, ticket: ticket, durable: .fresh, limit: 5)
        await budget.settle(key, ticket: ticket, judged: nil)
    }

    private func account(_ number: Int) async throws -> Account {
        let address = try MailboxAddress(parsing: BenchSecrets.address(number), domains: ["hanoi.gov.vn"])
        guard let account = try await store.account(at: address) else { throw BenchFailure("no account \(address)") }
        return account
    }

    /// Reads the account and consumes its next step, whatever the time.
    private func accept(_ number: Int) async throws {
        let account = try await account(number)
        let now = clock.now()
        let provenance = Provenance(client: "bench", clientAddress: "10.1.2.3", requestID: "bench", entry: "api")
        for authenticator in account.authenticators {
            let step = TimeStep((authenticator.lastAcceptedStep?.number ?? 0) + 1)
            let verdict = try await store.accept(
                .totp(authenticator.id, step: step),
                guard: StepGuard(
                    account: account.id, passwordVersion: nil, kind: .oneTimeCode, lane: .shared, limit: 5),
                now: now, resetting: true,
                event: AuditEvent(
                    time: now, code: .factorAccepted, result: .success, account: account.id,
                    address: BenchSecrets.address(number), factor: "totp", authenticator: authenticator.id,
                    provenance: provenance),
                completion: nil)
            guard case .committed = verdict else { throw BenchFailure("verdict \(verdict)") }
        }
    }

    private static func processorTime() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }
}
