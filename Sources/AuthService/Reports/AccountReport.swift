package import AuthDomain

/// The reports about accounts.
package enum AccountReportKind: String, CaseIterable, Sendable {
    /// The state of an organisation's mailboxes (R-SCOPE-6, Đ10.1.e).
    case organisation
    /// The list for the review each six months, with what is worth a look (Đ14.7).
    case review
    /// Mailboxes in use without a sign-in for 45 days (T-10).
    case inactive45
}

/// What the reviewer of an account should look at.
package enum ReviewFinding: String, CaseIterable, Sendable {
    case neverSignedIn = "never_signed_in"
    case inactive45Days = "inactive_45_days"
    case locked
    case firstPassword = "first_password"
    case noticeMissing = "notice_missing"
    case oldPassword = "old_password"
    case noFactor = "no_factor"
    case phoneMissing = "phone_missing"
    case recalled
    case organisationMissing = "organisation_missing"

    /// What it means, for people.
    package var message: String {
        switch self {
        case .neverSignedIn: "chưa từng đăng nhập"
        case .inactive45Days: "không đăng nhập từ 45 ngày trở lên"
        case .locked: "đang bị tạm khóa"
        case .firstPassword: "vẫn dùng mật khẩu cấp phát lần đầu"
        case .noticeMissing: "chưa ghi nhận thông báo cấp phát"
        case .oldPassword: "mật khẩu quá hạn thay đổi"
        case .noFactor: "chưa có OTP"
        case .phoneMissing: "chưa có số điện thoại OTP"
        case .recalled: "đang trong thời gian thu hồi"
        case .organisationMissing: "chưa ghi cơ quan"
        }
    }
}

/// A date by which something will happen to an account or is expected of its owner.
package struct ReportDeadline: Hashable, Sendable {
    /// Which.
    package let code: String
    /// When.
    package let at: WallInstant
    /// The clause, where the regulation sets it.
    package let clause: String?
}

/// One account as reports show it: no secret, the telephone masked.
package struct AccountReportRow: Sendable {
    /// The account.
    package let account: Account
    /// Where it stands.
    package let standing: AccountStanding
    /// What its owner may do.
    package let capabilities: Capabilities
    /// The age of the password in whole days.
    package let passwordAgeDays: Int
    /// Dates ahead, the nearest first.
    package let deadlines: [ReportDeadline]
    /// What a reviewer should look at.
    package let findings: [ReviewFinding]
}

/// Makes rows of reports out of accounts.
package struct AccountReport: Sendable {
    /// Days without a sign-in after which an account is listed (T-10; TCVN 14423 5.6.2.3).
    package static let inactiveDays = 45

    private let policy: ServicePolicy

    /// Makes the rule.
    package init(policy: ServicePolicy) {
        self.policy = policy
    }

    /// The row of an account; nil when the report does not list it.
    ///
    /// - Parameters:
    ///   - account: The account.
    ///   - kind: The report.
    ///   - deadlines: The periods of the regulation that run for it.
    ///   - now: The instant of the report.
    package func row(
        _ account: Account, in kind: AccountReportKind, deadlines: [Deadline], now: WallInstant
    ) -> AccountReportRow? {
        let findings = findings(account, now: now)
        if kind == .inactive45 {
            let isInUse = account.lifecycle == .active || account.lifecycle == .transferred
            guard isInUse, account.locks.isEmpty, findings.contains(.inactive45Days) else { return nil }
        }
        let standing = AccountStanding(
            lifecycle: account.lifecycle, mustChange: account.password.mustChange, isLocked: !account.locks.isEmpty)
        return AccountReportRow(
            account: account, standing: standing, capabilities: Capabilities(of: account),
            passwordAgeDays: Self.days(from: account.password.changedAt, to: now),
            deadlines: self.deadlines(account, deadlines, now: now), findings: findings)
    }

    private func findings(_ account: Account, now: WallInstant) -> [ReviewFinding] {
        guard account.kind.canSignIn else { return account.organisation == nil ? [.organisationMissing] : [] }
        var findings: [ReviewFinding] = []
        if account.lastSignInAt == nil { findings.append(.neverSignedIn) }
        if Self.days(from: account.lastSignInAt ?? account.createdAt, to: now) >= Self.inactiveDays {
            findings.append(.inactive45Days)
        }
        if !account.locks.isEmpty { findings.append(.locked) }
        if account.password.isIssued, account.password.expiresAt == nil {
            findings.append(.firstPassword)
            if account.notifiedAt == nil { findings.append(.noticeMissing) }
        }
        if policy.rotation != .off, account.password.changedAt + policy.passwordMaximumAge <= now {
            findings.append(.oldPassword)
        }
        if account.authenticators.isEmpty, account.maskedPhone == nil { findings.append(.noFactor) }
        if account.maskedPhone == nil { findings.append(.phoneMissing) }
        if account.lifecycle == .recalled { findings.append(.recalled) }
        if account.organisation == nil { findings.append(.organisationMissing) }
        return findings
    }

    private func deadlines(_ account: Account, _ running: [Deadline], now: WallInstant) -> [ReportDeadline] {
        var deadlines = running.map { deadline in
            ReportDeadline(code: deadline.kind.rawValue, at: deadline.dueAt, clause: deadline.kind.clause)
        }
        if let code = account.enrolmentCode {
            deadlines.append(ReportDeadline(code: "enrolment_code", at: code.expiresAt, clause: nil))
        }
        return deadlines.filter { $0.at > now }.sorted { $0.at < $1.at }
    }

    static func days(from start: WallInstant, to end: WallInstant) -> Int {
        Int((end.milliseconds - start.milliseconds) / 86_400_000)
    }
}

/// Reads reports about accounts, page by page.
package struct ReportAccounts: Sendable {
    private let store: any ReportStore
    private let clock: any WallClock
    private let deadlines: RunningDeadlines
    private let report: AccountReport

    /// Makes the use case.
    ///
    /// - Parameters:
    ///   - store: The accounts.
    ///   - clock: The time of day.
    ///   - policy: What the operator settled.
    ///   - deadlines: Tells the periods that run for an account.
    package init(
        store: any ReportStore, clock: any WallClock, policy: ServicePolicy, deadlines: @escaping RunningDeadlines
    ) {
        self.store = store
        self.clock = clock
        self.deadlines = deadlines
        report = AccountReport(policy: policy)
    }

    /// One page; a page may be empty although others follow.
    ///
    /// - Returns: The rows, and the account to ask behind for the next page; nil on the last one.
    package func page(
        _ kind: AccountReportKind, _ query: ReportQuery
    ) async throws(StoreUnavailable) -> (rows: [AccountReportRow], next: AccountID?) {
        let accounts = try await store.accounts(query)
        let now = clock.now()
        var rows: [AccountReportRow] = []
        for account in accounts where report.row(account, in: kind, deadlines: [], now: now) != nil {
            let running = try await deadlines(account.id)
            if let row = report.row(account, in: kind, deadlines: running, now: now) { rows.append(row) }
        }
        return (rows, accounts.count == query.limit ? accounts.last?.id : nil)
    }
}

/// The periods that run for an account.
package typealias RunningDeadlines = @Sendable (AccountID) async throws(StoreUnavailable) -> [Deadline]
