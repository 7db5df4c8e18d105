extension SQLiteConnection {
    /// Folds as much of the log into the file as nobody's snapshot keeps it from, and makes nobody wait.
    ///
    /// - Returns: Nil when somebody else makes a checkpoint just now.
    func foldLogUnnoticed() throws -> Checkpoint? { try checkpoint("PRAGMA wal_checkpoint(PASSIVE)") }

    /// Folds the log and has the next commit begin it anew, keeping writers out meanwhile.
    ///
    /// Waits about 10 ms for those who read, longer than a round of reads takes.
    ///
    /// - Returns: Nil when somebody else makes a checkpoint just now.
    func restartLog() throws -> Checkpoint? {
        try waiting(naps: 100) { try checkpoint("PRAGMA wal_checkpoint(RESTART)") }
    }

    private func checkpoint(_ statement: SQLStatement) throws -> Checkpoint? {
        let found = try first(statement) { row in
            (wasBlocked: row.flag(), length: Int(row.integer()), folded: Int(row.integer()))
        }
        guard let found else { throw SQLFailure.malformed("the answer of a checkpoint") }
        // The library tells of no log when it could not even look at it.
        guard found.length >= 0 else { return nil }
        return Checkpoint(length: found.length, folded: found.folded, wasBlocked: found.wasBlocked)
    }
}
