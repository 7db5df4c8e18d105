internal import AuthDomain
internal import AuthService

/// Puts an account together from its rows.
struct AccountRecord {
    private let id: AccountID
    private let kind: AccountKind
    private let displayName: String?
    private let organisation: String?
    private let lifecycle: Lifecycle
    private let password: PasswordCredential
    private let budgets: [BudgetKind: BudgetState]
    private let sealedPhone: [UInt8]?
    private let maskedPhone: String?
    private let notifiedAt: WallInstant?
    private let createdAt: WallInstant
    private let lastSignInAt: WallInstant?
    private let nextLookAt: WallInstant
    private let recoveryCodesLeft: Int
    private let enrolmentCode: EnrolmentCodeRecord?
    private let phone: RegisteredPhone?
    private let pendingPhone: String?

    /// Reads the account that a statement finds, with everything that hangs on it; to be called in a snapshot.
    static func read(_ statement: SQLStatement, from connection: SQLiteConnection) throws -> Account? {
        guard let record = try connection.first(statement, { try AccountRecord(&$0) }) else { return nil }
        var addresses = try connection.rows(AccountStatements.addresses(of: record.id)) { row in
            MailboxAddress(canonical: row.text())
        }
        let main = addresses.isEmpty ? MailboxAddress(canonical: "") : addresses.removeFirst()
        var account = Account(
            id: record.id, address: main, aliases: addresses, kind: record.kind, displayName: record.displayName,
            organisation: record.organisation, lifecycle: record.lifecycle, password: record.password,
            budgets: record.budgets,
            locks: try connection.rows(LockStatements.standing(of: record.id)) { try Lock(row: &$0) },
            authenticators: try connection.rows(CredentialStatements.authenticators(of: record.id)) { row in
                try Authenticator(row: &row)
            },
            recoveryCodesLeft: record.recoveryCodesLeft, enrolmentCode: record.enrolmentCode,
            sealedPhone: record.sealedPhone, maskedPhone: record.maskedPhone, notifiedAt: record.notifiedAt,
            createdAt: record.createdAt, lastSignInAt: record.lastSignInAt, phone: record.phone,
            pendingPhone: record.pendingPhone)
        account.nextLookAt = record.nextLookAt
        return account
    }

    /// Reads the columns of `AccountStatements.columns`, in that order.
    private init(_ row: inout SQLRow) throws {
        id = AccountID(row.text())
        kind = try row.member(of: AccountKind.self)
        displayName = row.optionalText()
        organisation = row.optionalText()
        lifecycle = try row.member(of: Lifecycle.self)
        password = PasswordCredential(
            record: row.text(), version: row.integer(), changedAt: row.instant(), mustChange: row.flag(),
            isIssued: row.flag(), expiresAt: row.optionalInstant())
        budgets = BudgetRow.sharedStates(failuresFirst: &row)
        sealedPhone = row.optionalBlob()
        maskedPhone = row.optionalText()
        notifiedAt = row.optionalInstant()
        createdAt = row.instant()
        lastSignInAt = row.optionalInstant()
        nextLookAt = row.instant()
        recoveryCodesLeft = Int(row.integer())
        let codeID = row.optionalText()
        let digest = row.blob()
        let expiresAt = row.instant()
        enrolmentCode = codeID.map { EnrolmentCodeRecord(id: $0, digest: digest, expiresAt: expiresAt) }
        let (index, takesSMS, confirmedAt) = (row.optionalBlob(), row.flag(), row.optionalInstant())
        phone = index.map { RegisteredPhone(index: $0, takesSMS: takesSMS, confirmedAt: confirmedAt) }
        pendingPhone = row.optionalText()
    }
}

/// Reads budget states.
enum BudgetRow {
    /// A state from the columns epoch and failures.
    static func state(_ row: inout SQLRow) -> BudgetState {
        BudgetState(epoch: row.integer(), failures: Int(row.integer()))
    }

    /// All states of the shared lane from pairs of failures and epoch.
    static func sharedStates(failuresFirst row: inout SQLRow) -> [BudgetKind: BudgetState] {
        var states: [BudgetKind: BudgetState] = [:]
        for kind in [BudgetKind.password, .oneTimeCode, .recoveryCode] {
            let failures = Int(row.integer())
            states[kind] = BudgetState(epoch: row.integer(), failures: failures)
        }
        return states
    }

    /// All states of the shared lane from pairs of epoch and failures.
    static func sharedStates(_ row: inout SQLRow) -> [BudgetKind: BudgetState] {
        var states: [BudgetKind: BudgetState] = [:]
        for kind in [BudgetKind.password, .oneTimeCode, .recoveryCode] { states[kind] = state(&row) }
        return states
    }
}

extension Lock {
    /// Reads the columns of `LockStatements.standing`.
    init(row: inout SQLRow) throws {
        self.init(
            id: row.text(), cause: try row.member(of: LockCause.self), source: try row.member(of: LockSource.self),
            lockedAt: row.instant(), actor: row.text(), note: row.optionalText(), document: row.optionalText())
    }
}

extension Authenticator {
    /// Reads the columns of `CredentialStatements.authenticators`.
    init(row: inout SQLRow) throws {
        self.init(
            id: AuthenticatorID(row.text()), label: row.text(), sealedSecret: row.blob(),
            parameters: try StoredParameters(
                algorithm: row.text(), digits: row.integer(), stepSeconds: row.integer()
            ).parameters(),
            lastAcceptedStep: row.optionalInteger().map { TimeStep($0) }, createdAt: row.instant(),
            confirmedAt: row.optionalInstant(), lastUsedAt: row.optionalInstant())
    }
}
