import AuthDomain
import AuthService
import Cryptography
internal import Glibc
import Settings

/// Prints SQL that fills a database with accounts, to be run by `sqlite3`.
///
/// Written past the service because a million provisionings would take minutes: each account has one address, the
/// common password and one authenticator with the common secret, sealed for its own row. Identifiers are random as
/// real ones are, so that indexes are as scattered. Their deadlines count as looked at, as those of all accounts are
/// once the sweeper has passed: else the first decision about each would write a second time. The last `--used`
/// authenticators have all their steps used.
enum SeedCommand {
    private static let rowsPerStatement = 500

    static func run(_ options: Options) async throws {
        let accounts = try options.number("accounts")
        let used = try options.number("used", default: 0)
        let key = try RingKeyFile.read(try options.text("key"))
        let random = SystemRandom()
        let box = RingSecretBox(ring: try KeyRing([(id: key.id, bytes: key.bytes)]), random: random)
        let hasher = try Argon2PasswordHasher(cost: .standard, threads: 1, queueLimit: 1, random: random)
        let record = try await hasher.hash(SecretBytes(Array(BenchSecrets.password.utf8)))
        hasher.shutdown()

        print(opening)
        var line = ""
        for number in 0..<accounts {
            let authenticator = random.identifier(prefix: "aut_")
            let sealed = box.seal(BenchSecrets.totp, row: authenticator, purpose: .totpSecret)
            line += number % rowsPerStatement == 0 ? "INSERT INTO seed VALUES " : ","
            line += "(\(number),'\(random.identifier(prefix: "acc_"))','\(authenticator)',X'\(hexadecimal(sealed))')"
            if number % rowsPerStatement == rowsPerStatement - 1 || number == accounts - 1 {
                print(line, terminator: ";\n")
                line = ""
            }
        }
        print(closing(record: record, accounts: accounts, used: used))
    }

    private static let opening = """
        PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA temp_store = MEMORY;
        BEGIN;
        CREATE TEMP TABLE seed (number INTEGER PRIMARY KEY, account TEXT, authenticator TEXT, sealed BLOB);
        """

    private static func closing(record: String, accounts: Int, used: Int) -> String {
        let now = WallTime().now().milliseconds
        let address = "printf('u%08d@hanoi.gov.vn', number)"
        return """
            INSERT INTO accounts (id, kind, display_name, organisation, lifecycle, password_record, password_version,
                password_changed_at, must_change, password_issued, notified_at, created_at, look_at)
            SELECT account, 'personal', 'Nguyễn Văn ' || number, 'Sở Khoa học và Công nghệ', 'active', '\(record)', 2,
                \(now), 0, 0, \(now), \(now), \(now + 86_400_000) FROM seed;
            INSERT INTO addresses (address, account_id, is_main) SELECT \(address), account, 1 FROM seed;
            INSERT INTO authenticators (id, account_id, label, secret_sealed, algorithm, digits, step_seconds,
                last_step, created_at, confirmed_at)
            SELECT authenticator, account, 'Điện thoại', sealed, 'SHA1', 6, 30,
                CASE WHEN number >= \(accounts - used) THEN 4000000000 END, \(now), \(now) FROM seed;
            COMMIT;
            PRAGMA journal_mode = WAL;
            """
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        return String(unsafeUninitializedCapacity: bytes.count * 2) { text in
            for (index, byte) in bytes.enumerated() {
                text[2 * index] = digits[Int(byte >> 4)]
                text[2 * index + 1] = digits[Int(byte & 15)]
            }
            return bytes.count * 2
        }
    }
}
