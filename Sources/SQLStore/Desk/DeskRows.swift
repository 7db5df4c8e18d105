internal import AuthDomain
internal import AuthService

extension RestorationRequest {
    /// Reads the columns of `DeskStatements.request`.
    init(row: inout SQLRow) throws {
        self.init(
            id: row.text(), account: AccountID(row.text()), address: row.text(), organisation: row.text(),
            document: row.text(), requestedBy: row.text(), channel: row.text(), receivedAt: row.instant(),
            dueAt: row.instant(), recordedAt: row.instant(), recordedBy: row.text())
        guard let closedAt = row.optionalInstant() else { return }
        let closedBy = row.text()
        closing = Closing(
            outcome: try row.member(of: Outcome.self), at: closedAt, actor: closedBy, note: row.optionalText(),
            restoration: row.optionalText())
    }

    /// The request with the causes that stand now, if it is open.
    func withCauses(from connection: SQLiteConnection) throws -> RestorationRequest {
        guard closing == nil else { return self }
        var request = self
        request.causes = try connection.rows(LockStatements.standing(of: account)) { try Lock(row: &$0).cause }
        return request
    }
}

extension RestorationReview {
    /// Reads the columns of `DeskStatements.review`.
    init(row: inout SQLRow) {
        let (restoration, account, address) = (row.text(), AccountID(row.text()), row.text())
        self.init(
            restoration: restoration, account: account, reason: row.text(), actedBy: row.text(),
            actedAt: row.instant(), dueAt: row.instant())
        self.address = address
        guard let reviewedAt = row.optionalInstant() else { return }
        finding = Finding(at: reviewedAt, actor: row.text(), document: row.text(), text: row.text())
    }
}

/// Where a page of a list by due time ended.
struct DeskCursor {
    let due: WallInstant
    let id: String

    init(due: WallInstant, id: String) {
        self.due = due
        self.id = id
    }

    /// Reads a cursor; what is none begins the list anew.
    init(_ text: String?) {
        let parts = (text ?? "").split(separator: "-", maxSplits: 1)
        guard parts.count == 2, let due = Int64(parts[0]) else {
            self.init(due: WallInstant(milliseconds: .min), id: "")
            return
        }
        self.init(due: WallInstant(milliseconds: due), id: String(parts[1]))
    }

    /// The cursor as sent.
    var text: String { "\(due.milliseconds)-\(id)" }
}
