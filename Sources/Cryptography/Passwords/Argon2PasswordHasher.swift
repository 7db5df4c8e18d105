package import AuthDomain
package import AuthService
package import Reactor

/// Why no hasher could be made.
package enum PasswordHasherError: Error, Hashable, Sendable {
    /// A cost outside the bounds of `PasswordCost`.
    case costOutOfBounds
    /// There is not as much memory as the hashing threads need.
    case outOfMemory
}

/// Makes and verifies password records on a bounded pool of threads, each with its own memory for Argon2.
///
/// New records are Argon2id or, by setting, PBKDF2 (T-16); verification follows the record. Nothing is computed for a
/// record that is malformed or whose cost is out of bounds: it fits no password.
package final class Argon2PasswordHasher: PasswordHasher {
    /// A record that no password fits: salt and hash are random, the cost is the one in force.
    package let unfittingRecord: String

    private let cost: PasswordCost
    private let random: any RandomSource
    private let pool: WorkerPool<HashingBench>

    /// Starts the threads and reserves their memory.
    /// - Parameters:
    ///   - cost: How new records are made.
    ///   - threads: How many hashes are computed at once, at least 1; one for each core.
    ///   - queueLimit: How many may wait, at least 1.
    ///   - niceness: 0 to 19; above 0 the threads yield the cores to the loops, so that a storm of passwords does not
    ///     slow down one-time codes.
    ///   - random: The source of salts.
    /// - Throws: `PasswordHasherError` by case.
    package init(
        cost: PasswordCost, threads: Int, queueLimit: Int, niceness: Int = 10, random: any RandomSource
    ) throws(PasswordHasherError) {
        guard cost.isInBounds else { throw .costOutOfBounds }
        self.cost = cost
        self.random = random
        unfittingRecord = cost.record(
            salt: random.bytes(count: PasswordCost.saltByteCount),
            hash: random.bytes(count: PasswordCost.hashByteCount))
        do throws(OutOfMemory) {
            pool = try WorkerPool(name: "hash", threads: threads, queueLimit: queueLimit, niceness: niceness) {
                (_: Int) throws(OutOfMemory) -> HashingBench in try HashingBench(cost: cost)
            }
        } catch {
            throw .outOfMemory
        }
    }

    /// A new record string with the parameters in force.
    /// - Throws: `Overloaded` when the queue is full or the pool is shut down.
    package func hash(_ password: SecretBytes) async throws(Overloaded) -> String {
        let salt = random.bytes(count: PasswordCost.saltByteCount)
        let cost = cost
        return try await run { bench throws(OutOfMemory) in
            let hash = try bench.hash(password, salt: salt)
            return hash.withBytes { cost.record(salt: salt, hash: $0) }
        }
    }

    /// Whether a password fits a stored record; a malformed record fits nothing.
    ///
    /// - Throws: `Overloaded` when the queue is full, the pool is shut down, or a record that needs more memory than
    ///   the cost in force finds none: none of them says anything about the password.
    package func verify(_ password: SecretBytes, record: String) async throws(Overloaded) -> Bool {
        guard let record = try? HashRecord(parsing: record) else { return false }
        return try await run { bench throws(OutOfMemory) in try bench.verify(password, record) }
    }

    /// Whether a record should be made anew: other scheme, other cost, shorter salt or hash; also when malformed.
    package func isOutdated(record: String) -> Bool {
        guard let record = try? HashRecord(parsing: record) else { return true }
        return !cost.isCost(of: record)
    }

    /// Counts and waiting times of the pool.
    package var statistics: PoolStatistics { pool.statistics }

    /// Refuses new work, finishes what is queued, and joins the threads; blocks until they have ended.
    package func shutdown() {
        pool.shutdown()
    }

    private func run<Value: Sendable>(
        _ work: @escaping @Sendable (borrowing HashingBench) throws(OutOfMemory) -> Value
    ) async throws(Overloaded) -> Value {
        do {
            return try await pool.run { bench in try work(bench) }
        } catch {
            throw Overloaded()
        }
    }
}
