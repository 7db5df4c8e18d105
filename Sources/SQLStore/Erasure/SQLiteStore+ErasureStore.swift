package import AuthDomain
package import AuthService

extension SQLiteStore: ErasureStore {
    /// The erasure that is due longest.
    package func dueErasure(now: WallInstant) async throws(StoreUnavailable) -> Erasure? {
        try await read(.readAudit) { connection in
            try connection.first(ErasureStatements.due(now: now)) { row in
                Erasure(account: AccountID(row.text()), isLast: row.flag())
            }
        }
    }

    /// Takes the names out of the next rows; they are looked for on a reading connection.
    package func eraseRows(
        of account: AccountID, after place: ErasurePlace?, limit: Int
    ) async throws(StoreUnavailable) -> ErasureStep {
        let places = try await read(.readAudit) { connection in
            let own = try connection.rows(ErasureStatements.rows(of: account, after: place, limit: limit)) {
                ErasurePlace(row: &$0)
            }
            guard own.isEmpty else { return (own, own.last) }
            // These are found no more once they are changed, so there is no place to note.
            let others = try connection.rows(ErasureStatements.rowsOfNobody(naming: account, limit: limit)) {
                ErasurePlace(row: &$0)
            }
            return (others, others.isEmpty ? nil : place ?? .beginning)
        }
        guard !places.0.isEmpty else { return ErasureStep(rows: 0, next: nil) }
        let rows = try await write(.writeRegistry, changing: .nothing) { transaction in
            // A hold that was placed meanwhile stops it here.
            guard try !transaction.exists(LegalHoldStatements.isStanding(on: account)) else { return 0 }
            let pseudonym = try Pseudonym.read(of: account, from: transaction.connection)
            var count = 0
            for place in places.0 {
                let whole = AuditStatements.whole(chain: place.chain, number: place.number)
                guard var row = try transaction.first(whole, { ErasedRow(row: &$0) }) else { continue }
                let mac = row.erase(pseudonym, digest: transaction.chain.digest)
                count += try transaction.execute(ErasureStatements.replace(row, mac: mac))
            }
            return count
        }
        return ErasureStep(rows: rows, next: places.1)
    }

    /// Takes the names out of everything else, and forgets them after the last pass.
    package func finish(_ erasure: Erasure, lastAt: WallInstant) async throws(StoreUnavailable) {
        let account = erasure.account
        try await write(.writeRegistry) { transaction in
            guard try !transaction.exists(LegalHoldStatements.isStanding(on: account)) else { return }
            let pseudonym = try Pseudonym.read(of: account, from: transaction.connection)
            try transaction.execute(ErasureStatements.renameFormRows(of: account))
            for place in ErasureStatements.freeText {
                for column in place.columns {
                    try Self.erase(column, of: place.table, key: place.key, account, pseudonym, in: transaction)
                }
            }
            // What requests under way at the destruction have written since.
            for removal in AccountStatements.removals(of: account) { try transaction.execute(removal) }
            guard erasure.isLast else {
                try transaction.execute(ErasureStatements.postpone(account, until: lastAt))
                return
            }
            for statement in ErasureStatements.end(of: account) { try transaction.execute(statement) }
        }
    }

    private static func erase(
        _ column: SQLStatement, of table: SQLStatement, key: SQLStatement, _ account: AccountID,
        _ pseudonym: Pseudonym, in transaction: borrowing Transaction
    ) throws {
        let statement = ErasureStatements.freeText(column, of: table, key: key, account: account)
        for (id, text) in try transaction.rows(statement, { ($0.text(), $0.text()) }) {
            let erased = pseudonym.applied(to: text)
            guard erased != text else { continue }
            try transaction.execute(ErasureStatements.setText(erased, column, of: table, key: key, id: id))
        }
    }
}

extension Pseudonym {
    /// What an erasure puts in the place of which names.
    fileprivate static func read(of account: AccountID, from connection: SQLiteConnection) throws -> Pseudonym {
        Pseudonym(of: account, names: try connection.rows(ErasureStatements.names(of: account)) { $0.text() })
    }
}

extension ErasurePlace {
    /// Before every row.
    fileprivate static var beginning: ErasurePlace {
        ErasurePlace(time: WallInstant(milliseconds: .min), chain: "", number: 0)
    }

    /// Reads the columns of `ErasureStatements.rows`.
    fileprivate init(row: inout SQLRow) {
        self.init(time: row.instant(), chain: row.text(), number: row.integer())
    }
}
