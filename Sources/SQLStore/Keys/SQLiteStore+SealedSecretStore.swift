package import AuthService

extension SQLiteStore: SealedSecretStore {
    /// Every place that holds sealed secrets; a test holds the list to the schema.
    package var sealedColumns: [SealedColumn] { SealedPlace.all.map(\.column) }

    /// How many secrets a place holds.
    package func sealedCount(in column: SealedColumn) async throws(StoreUnavailable) -> Int {
        let place = try SealedPlace.of(column)
        return try await read(.readRegistry) { try $0.first(place.count) { Int($0.integer()) } ?? 0 }
    }

    /// How many secrets of a place begin with which bytes.
    package func sealedHeads(
        in column: SealedColumn, byteCount: Int
    ) async throws(StoreUnavailable) -> [[UInt8]: Int] {
        let place = try SealedPlace.of(column)
        return try await read(.readRegistry) { connection in
            let heads = try connection.rows(place.heads(byteCount: byteCount)) { ($0.blob(), Int($0.integer())) }
            return Dictionary(heads, uniquingKeysWith: +)
        }
    }

    /// The secrets of a place after a row.
    package func sealedRows(
        in column: SealedColumn, after row: String, limit: Int
    ) async throws(StoreUnavailable) -> [SealedRow] {
        let place = try SealedPlace.of(column)
        return try await read(.readRegistry) { connection in
            try connection.rows(place.page(after: row, limit: limit)) { row in
                SealedRow(row: row.text(), sealed: row.blob())
            }
        }
    }

    /// Replaces secrets that are still what was read.
    package func reseal(
        _ rows: [(old: SealedRow, sealed: [UInt8])], in column: SealedColumn
    ) async throws(StoreUnavailable) -> Int {
        let place = try SealedPlace.of(column)
        return try await write(.writeRegistry) { transaction in
            var count = 0
            for change in rows { count += try transaction.execute(place.replace(change.old, by: change.sealed)) }
            return count
        }
    }
}

/// A place of the schema that holds sealed secrets, and the SQL about it.
struct SealedPlace: Sendable {
    let column: SealedColumn
    /// The table, as SQL.
    let table: SQLStatement
    /// The column whose value the seal is bound to, as SQL.
    let row: SQLStatement
    /// The column that holds the seal, as SQL.
    let sealed: SQLStatement

    /// All of them.
    static let all = [
        SealedPlace("digest keys", .digestKey, "digest_keys", row: "id", sealed: "key_sealed"),
        SealedPlace("signing keys", .signingKey, "signing_keys", row: "id", sealed: "key_sealed"),
        SealedPlace("phones", .phone, "accounts", row: "id", sealed: "phone_sealed"),
        SealedPlace("pending phones", .phone, "accounts", row: "id", sealed: "pending_phone_sealed"),
        SealedPlace("passwords on their way", .temporaryPassword, "sms_orders", row: "id", sealed: "password_sealed"),
        SealedPlace("authenticators", .totpSecret, "authenticators", row: "id", sealed: "secret_sealed"),
        SealedPlace("kept answers", .callAnswer, "idempotent_calls", row: "id", sealed: "answer_sealed"),
    ]

    private init(
        _ name: String, _ purpose: SealPurpose, _ table: SQLStatement, row: SQLStatement, sealed: SQLStatement
    ) {
        column = SealedColumn(name: name, purpose: purpose)
        self.table = table
        self.row = row
        self.sealed = sealed
    }

    /// The place that a column names.
    static func of(_ column: SealedColumn) throws(StoreUnavailable) -> SealedPlace {
        guard let place = all.first(where: { $0.column == column }) else {
            throw StoreUnavailable(reason: "no sealed secrets are called \(column.name)")
        }
        return place
    }

    var count: SQLStatement { "SELECT count(*) FROM \(table) WHERE \(sealed) IS NOT NULL" }

    func heads(byteCount: Int) -> SQLStatement {
        """
        SELECT substr(\(sealed), 1, \(byteCount)), count(*) FROM \(table) WHERE \(sealed) IS NOT NULL GROUP BY 1
        """
    }

    func page(after last: String, limit: Int) -> SQLStatement {
        """
        SELECT \(row), \(sealed) FROM \(table) WHERE \(row) > \(last) AND \(sealed) IS NOT NULL
        ORDER BY \(row) LIMIT \(limit)
        """
    }

    func replace(_ old: SealedRow, by new: [UInt8]) -> SQLStatement {
        "UPDATE \(table) SET \(sealed) = \(new) WHERE \(row) = \(old.row) AND \(sealed) = \(old.sealed)"
    }
}
