extension SQLiteConnection {
    /// Folds as much of the log into the file as nobody's snapshot keeps it from, and makes nobody wait.
    func foldLogUnnoticed() throws -> Checkpoint { try checkpoint("PRAGMA wal_checkpoint(PASSIVE)") }

    /// Folds the log and has the next commit begin it anew, keeping writers out meanwhile.
    ///
    /// Waits about 10 ms for those who read, longer than a round of reads takes.
    func restartLog() throws -> Checkpoint {
        try waiting(naps: 100) { try checkpoint("PRAGMA wal_checkpoint(RESTART)") }
    }

    private func checkpoint(_ statement: SQLStatement) throws -> Checkpoint {
        let found = try first(statement) { row in
            (wasBlocked: row.flag(), length: Int(row.integer()), folded: Int(row.integer()))
        }
        guard let found else { throw SQLFailure.malformed("the answer of a checkpoint") }
        return Checkpoint(length: found.length, folded: found.folded, wasBlocked: found.wasBlocked)
    }
}
