package import AuthDomain

/// What a mail server with a password database of its own reports of a login.
package struct MailReport: Sendable {
    /// The user name as typed.
    package let login: String
    /// The service, by the server's name for it.
    package let service: String
    /// The address of the mail program's machine.
    package let remote: NetworkAddress?
    /// The truncated hash of what was presented, by which repetitions are told from guesses.
    package let hash: String?
    /// Whether a password was evaluated and wrong, and nothing else went wrong.
    package let isFailedPassword: Bool
    /// The name of the calling mail server.
    package let client: String
    /// The request id.
    package let requestID: String?

    /// Makes a report.
    package init(
        login: String, service: String, remote: NetworkAddress?, hash: String?, isFailedPassword: Bool,
        client: String, requestID: String?
    ) {
        self.login = login
        self.service = service
        self.remote = remote
        self.hash = hash
        self.isFailedPassword = isFailedPassword
        self.client = client
        self.requestID = requestID
    }
}

/// Whether a login may go on that another password database decides.
package enum PolicyDecision: Hashable, Sendable {
    /// It may.
    case goOn
    /// It may not; the text is for the user where the operator said that only owners read it.
    case refuse(String?)
    /// Nothing was decided.
    case unavailable(reason: String)
}

/// What became of a report.
package enum ReportOutcome: Hashable, Sendable {
    /// Counted, or rightly not.
    case noted
    /// The database cannot be reached: nothing was counted.
    case unavailable(reason: String)
}

/// The lock for mail servers that verify passwords themselves (R-MAIL-1, 2; R-LOCK-9).
///
/// They evaluate before they report, so as many guesses may be evaluated beyond the limit as they run logins at
/// once; counted are five, each value once.
package struct JudgeMailReports: Sendable {
    private let mail: MailPorts
    private let policy: ServicePolicy

    /// Makes the use case.
    package init(mail: MailPorts, policy: ServicePolicy) {
        self.mail = mail
        self.policy = policy
    }

    /// Whether a login may go on; an address that is none of ours is the other database's matter.
    package func allow(login: String, service: String?) async -> PolicyDecision {
        guard let address = try? MailboxAddress(parsing: login, domains: policy.domains) else { return .goOn }
        do throws(StoreUnavailable) {
            guard let account = try await mail.logins.mailLogin(at: address, lookups: [])?.account else {
                return .goOn
            }
            // A service without a name here still must not open a locked mailbox: the narrowest decides.
            let asked = service.flatMap(MailService.init(wireName:)) ?? .imap
            guard let denial = MailDenial(of: asked, kind: account.kind, standing: account.standing) else {
                return .goOn
            }
            return .refuse(policy.mail.policyTellsReason ? denial.text : nil)
        } catch {
            return .unavailable(reason: error.reason)
        }
    }

    /// Counts a reported failure, if the operator lets reports count.
    package func report(_ report: MailReport) async -> ReportOutcome {
        guard policy.mail.countsReports, report.isFailedPassword,
            let address = try? MailboxAddress(parsing: report.login, domains: policy.domains)
        else { return .noted }
        do throws(StoreUnavailable) {
            guard let account = try await mail.logins.mailLogin(at: address, lookups: [])?.account,
                account.kind.canSignIn
            else { return .noted }
            try await count(report, address, account)
            return .noted
        } catch {
            return .unavailable(reason: error.reason)
        }
    }

    private func count(
        _ report: MailReport, _ address: MailboxAddress, _ account: MailAccount
    ) async throws(StoreUnavailable) {
        let base = mail.base
        let now = base.clock.now()
        let provenance = Provenance(
            client: report.client, clientAddress: report.remote?.text, requestID: report.requestID,
            entry: MailService(wireName: report.service)?.rawValue ?? "mail")
        let cause = LockCause.badPassword5
        let lock = Lock(
            id: base.random.identifier(prefix: "lck_"), cause: cause, source: .automatic, lockedAt: now, actor: "otpd",
            note: nil, document: nil)
        func event(_ code: AuditCode, _ result: AuditResult, cause: LockCause? = nil) -> AuditEvent {
            AuditEvent(
                time: now, code: code, result: result, account: account.id, address: address.text, cause: cause,
                clause: cause?.clause, factor: "password", detail: "reported by the mail server",
                provenance: provenance)
        }
        let value = report.hash.map { hash in
            WrongValue(
                digest: base.digest.digest(
                    WrongValueMessage.reported(hash, account: account.id), purpose: .wrongValue),
                passwordVersion: account.passwordVersion)
        }
        let judgement = try await base.judge.judge(
            AccountFailure(
                account: account.id, kind: .password, lane: .shared, limit: policy.limit, now: now,
                event: event(.signInPasswordFailed, .failure), lock: policy.lanes == .single ? lock : nil,
                limitEvent: event(
                    policy.lanes == .single ? .signInLocked : .laneExhausted, .success,
                    cause: policy.lanes == .single ? cause : nil), distinct: value))
        switch judgement {
        case .refused, .repeated: return
        case .counted(let state), .reachedLimit(let state):
            base.observer.judgedFailure(.password)
            if case .reachedLimit = judgement, policy.lanes == .single { base.observer.locked(cause) }
            await base.budget.refresh(
                BudgetKey(subject: account.id.text, kind: .password, lane: .shared), state: state)
        }
    }
}
