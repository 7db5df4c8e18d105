package import AuthDomain

/// Which accounts a page of a report shows, in the order of their ids.
package struct ReportQuery: Sendable {
    /// Only accounts of one organisation, as it is written in their data.
    package var organisation: String?
    /// Where the page before ended.
    package var after: AccountID?
    /// Accounts on a page, 1…500.
    package var limit: Int

    /// Makes a query.
    package init(organisation: String?, after: AccountID?, limit: Int) {
        self.organisation = organisation
        self.after = after
        self.limit = limit
    }
}

/// How many there are of what the regulation speaks of, at one moment.
package struct ReportCounts: Sendable {
    /// Accounts by type and stage of life, destroyed ones left out.
    package var accounts: [AccountKind: [Lifecycle: Int]] = [:]
    /// Standing locks by cause.
    package var locks: [LockCause: Int] = [:]
    /// Accounts in use with their first, issued password.
    package var firstPasswords = 0
    /// Those of them whose owners were never told, so that no deadline runs (R-FIRST-4).
    package var withoutNotice = 0
    /// Accounts in use that have to change the password before anything else.
    package var mustChange = 0
    /// Accounts in use with an authenticator.
    package var withAuthenticator = 0
    /// Accounts in use with a telephone.
    package var withPhone = 0
    /// Accounts in use without either.
    package var withoutFactor = 0
    /// Accounts in use whose password is older than the limit.
    package var oldPasswords = 0
    /// Accounts in use without a sign-in for 45 days.
    package var inactive45Days = 0
    /// Locks and restorations of the last 365 days.
    package var locksOfYear = 0
    /// Restorations of the last 365 days.
    package var restorationsOfYear = 0
    /// Rows of the audit log.
    package var auditRows = 0
    /// The oldest of them.
    package var oldestAuditRow: WallInstant?

    /// Nothing at all.
    package init() {}

    /// Accounts in use that a person signs in to.
    package var inUse: Int {
        accounts.filter { $0.key.canSignIn }.values.reduce(0) { $0 + ($1[.active] ?? 0) + ($1[.transferred] ?? 0) }
    }

    /// Accounts in a stage of life.
    package func count(_ lifecycle: Lifecycle) -> Int {
        accounts.values.reduce(0) { $0 + ($1[lifecycle] ?? 0) }
    }
}

/// The instants that counts are taken against.
package struct ReportHorizon: Sendable {
    /// Passwords set before it are old.
    package let oldPassword: WallInstant
    /// Whoever signed in last before it has been away for 45 days.
    package let inactive45Days: WallInstant
    /// A year ago.
    package let year: WallInstant
}

/// Reads accounts page by page and counts them; never a whole table at once.
package protocol ReportStore: Sendable {
    /// The next accounts that are not destroyed.
    func accounts(_ query: ReportQuery) async throws(StoreUnavailable) -> [Account]

    /// The counts.
    func counts(_ horizon: ReportHorizon) async throws(StoreUnavailable) -> ReportCounts
}
