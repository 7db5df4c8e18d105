package import AuthDomain
package import AuthService

extension SQLiteStore: AuditLog {
    /// Adds one row.
    package func append(_ event: AuditEvent) async throws(StoreUnavailable) {
        try await write(.appendAudit, changing: .nothing) { try $0.append(event) }
    }

    /// Writes the row that opens this process's chain, unless a row was written already.
    ///
    /// A service calls it at its start: the start is on record, and a database that cannot be written shows at once.
    package func openAuditChain(now: WallInstant) async throws(StoreUnavailable) {
        try await write(.appendAudit, changing: .nothing) { transaction in
            try transaction.chain.open(at: now, in: transaction.connection)
        }
    }

    /// One page in the order of time.
    package func page(_ query: AuditQuery) async throws(StoreUnavailable) -> (rows: [AuditRow], next: String?) {
        let limit = min(max(query.limit, 1), 500)
        let statement = AuditStatements.page(
            account: query.account, since: query.since, until: query.until,
            after: query.cursor.flatMap(AuditCursor.init(text:)), limit: limit + 1)
        let found = try await read(.readAudit) { connection in
            try connection.rows(statement) { try AuditRow(row: &$0) }
        }
        // The row beyond the page only tells that there is a next one.
        let rows = Array(found.prefix(limit))
        guard found.count > limit, let last = rows.last else { return (rows, nil) }
        return (rows, AuditCursor(last).text)
    }
}

/// A place in the order of time.
struct AuditCursor: Equatable {
    let time: WallInstant
    let chain: String
    let number: Int64

    /// The place of a row.
    init(_ row: AuditRow) {
        time = row.event.time
        chain = row.chain
        number = row.number
    }

    /// Reads what `text` made; nil when it is something else.
    init?(text: String) {
        guard text.utf8.count <= 1024 else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let time = Int64(parts[0], radix: 36), let number = Int64(parts[1], radix: 36),
            let chain = Hex.decode(parts[2]).flatMap({ String(validating: $0, as: UTF8.self) })
        else { return nil }
        self.time = WallInstant(milliseconds: time)
        self.number = number
        self.chain = chain
    }

    /// The opaque form.
    var text: String {
        "\(String(time.milliseconds, radix: 36)).\(String(number, radix: 36)).\(Hex.encode(Array(chain.utf8)))"
    }
}

extension AuditRow {
    /// Reads the columns of `AuditStatements.page`.
    init(row: inout SQLRow) throws {
        let chain = row.text()
        let number = row.integer()
        let time = row.instant()
        _ = row.text()
        let event = AuditEvent(
            time: time, code: try row.member(of: AuditCode.self), result: try row.member(of: AuditResult.self),
            account: row.optionalText().map { AccountID($0) }, address: row.optionalText(),
            cause: try row.optionalMember(of: LockCause.self), clause: row.optionalText(),
            factor: row.optionalText(), authenticator: row.optionalText().map { AuthenticatorID($0) },
            document: row.optionalText(), detail: row.optionalText(),
            provenance: Provenance(
                client: row.text(), actor: row.optionalText(), clientAddress: row.optionalText(),
                userAgent: row.optionalText(), requestID: row.optionalText(), entry: row.text()))
        self.init(chain: chain, number: number, event: event)
    }
}
