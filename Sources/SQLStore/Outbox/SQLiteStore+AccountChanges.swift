package import AuthService
internal import AuthDomain

extension SQLiteStore: AccountChanges {
    /// Accounts in the order of their last change.
    package func changes(
        from start: ChangeStart, limit: Int
    ) async throws(StoreUnavailable) -> [ChangedAccount] {
        try await read(.readAccount) { connection in
            try connection.snapshot {
                let place = try Self.place(of: start, in: connection)
                let found = try connection.rows(ChangeStatements.page(after: place, limit: limit)) { row in
                    (
                        id: AccountID(row.text()), number: row.integer(), sequence: row.integer(),
                        changedAt: row.instant()
                    )
                }
                return try found.compactMap { change in
                    let statement = AccountStatements.account(id: change.id)
                    guard let account = try AccountRecord.read(statement, from: connection) else { return nil }
                    return ChangedAccount(
                        account: account, sequence: change.sequence, changedAt: change.changedAt,
                        cursor: ChangeCursor(number: change.number, account: change.id))
                }
            }
        }
    }

    private static func place(of start: ChangeStart, in connection: SQLiteConnection) throws -> ChangeCursor {
        switch start {
        case .beginning: ChangeCursor(number: -1, account: AccountID(""))
        case .after(let cursor): cursor
        case .instant(let instant):
            // The first number since then; all later ones follow it, whatever the clock did meanwhile.
            ChangeCursor(
                number: try connection.first(ChangeStatements.firstNumber(since: instant)) { row in
                    row.optionalInteger().map { $0 - 1 } ?? .max
                } ?? .max, account: AccountID("~"))
        }
    }
}
