import AuthDomain
import AuthService
import Cryptography
internal import Glibc
import SQLStore
import Settings

/// Fills the record of a database that `otpd` has made, through the store itself, so that the chains are right.
///
/// As of four processes one after the other, with rows as long as those of real sign-ins: of 50,000 made-up accounts,
/// or all of the one that `--account` and `--address` name.
enum AuditCommand {
    private static let chains = 4
    private static let rowsAtOnce = 4000

    static func run(_ options: Options) async throws {
        let rows = try options.number("rows")
        let key = try RingKeyFile.read(try options.text("key"))
        let path = try options.text("database")
        let account = try options.text("account", default: "")
        let owner = account.isEmpty ? nil : (account: account, address: try options.text("address"))
        let start = WallTime.monotonic()
        for chain in 0..<chains {
            let first = rows * chain / chains
            try await write(first..<rows * (chain + 1) / chains, of: owner, key, path)
        }
        print("rows=\(rows) seconds=\((WallTime.monotonic() - start) / 1_000_000_000)")
    }

    private static func write(
        _ rows: Range<Int>, of owner: (account: String, address: String)?, _ key: RingKey, _ path: String
    ) async throws {
        let random = SystemRandom()
        let box = RingSecretBox(ring: try KeyRing([(id: key.id, bytes: key.bytes)]), random: random)
        let chain = "bench/" + random.identifier(prefix: "")
        let settings = SQLiteSettings(
            path: path, readers: 1, writeQueueLimit: 2 * rowsAtOnce, groupLimit: rowsAtOnce, patience: .seconds(60))
        let store = try SQLiteStore(settings: settings) { records throws(StoreOpeningFailure) in
            var entries: [(id: String, bytes: SecretBytes)] = []
            for record in records {
                guard let opened = box.open(record.sealedKey, row: record.id, purpose: .digestKey) else {
                    throw .digestKeySealed(path: path, id: record.id)
                }
                entries.append((record.id, opened))
            }
            do throws(KeyRingError) {
                let digest = OpenSSLKeyedDigest(ring: try KeyRing(entries))
                return (AuditChainIdentity(instance: "bench", chain: chain, digest: digest), nil)
            } catch {
                throw .failed(path: path, reason: "it has no digest key: run otpd on it first")
            }
        }
        defer { store.close() }
        var next = rows.lowerBound
        while next < rows.upperBound {
            let group = next..<min(next + rowsAtOnce, rows.upperBound)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for number in group { tasks.addTask { try await store.append(event(number, of: owner)) } }
                try await tasks.waitForAll()
            }
            next = group.upperBound
        }
    }

    /// Somebody signs in, once a second.
    private static func event(_ number: Int, of owner: (account: String, address: String)?) -> AuditEvent {
        AuditEvent(
            time: WallInstant(seconds: 1_795_420_800 + Int64(number)), code: .signInCompleted, result: .success,
            account: AccountID(owner?.account ?? "acc_01JDG3Y6T0BENCH\(number % 50_000)"),
            address: owner?.address ?? BenchSecrets.address(number % 50_000), clause: "Điều 8.2.b", factor: "totp",
            authenticator: AuthenticatorID("aut_01JDG3Y6T0BENCH\(number % 50_000)"), detail: "complete",
            provenance: Provenance(
                client: "sso", actor: nil, clientAddress: "203.0.113.\(number % 250)",
                userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0",
                requestID: "req-01JDG3Y6T0-\(number)", entry: "web"))
    }
}
