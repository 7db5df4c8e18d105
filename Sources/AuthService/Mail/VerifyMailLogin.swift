package import AuthDomain

/// A login that a mail server asks about.
package struct MailLoginAttempt: Sendable {
    /// The user name as typed, with or without domain.
    package let user: String
    /// What was presented as password.
    package let password: String
    /// The service, by the mail server's name for it.
    package let service: String
    /// The address of the mail program's machine, if the server knows it.
    package let clientAddress: NetworkAddress?
    /// The name of the calling mail server.
    package let client: String
    /// The request id.
    package let requestID: String?

    /// Makes an attempt.
    package init(
        user: String, password: String, service: String, clientAddress: NetworkAddress?, client: String,
        requestID: String?
    ) {
        self.user = user
        self.password = password
        self.service = service
        self.clientAddress = clientAddress
        self.client = client
        self.requestID = requestID
    }
}

/// A login that may go on.
package struct MailLogin: Sendable {
    /// What was logged in to.
    package let service: MailService

    /// Whose login it is: references to what is remembered, for copies would be made with every login.
    fileprivate enum Owner {
        case appPassword(AppPasswordRecord, MailAccount)
        case mainPassword(Account)
    }

    fileprivate let owner: Owner

    /// The account.
    package var account: AccountID {
        switch owner {
        case .appPassword(_, let account): account.id
        case .mainPassword(let account): account.id
        }
    }

    /// Its main address: the user's one name for mail servers.
    package var address: MailboxAddress {
        switch owner {
        case .appPassword(_, let account): account.address
        case .mainPassword(let account): account.address
        }
    }

    /// The networks that the secret is bound to; empty for none.
    package var networks: [AddressBlock] {
        switch owner {
        case .appPassword(let record, _): record.terms.networks
        case .mainPassword: []
        }
    }
}

/// The three answers to a mail server, and no fourth: temporary is never a refusal (principle 3).
package enum MailLoginAnswer: Sendable {
    /// The secret is right and the mailbox open for the service.
    case accepted(MailLogin)
    /// Refused like a wrong password; the reason is for the log and metrics alone.
    case refused(MailRefusalReason)
    /// The secret was right: whoever knows it may be told why the mailbox is not open (R-LOCK-17).
    case denied(MailDenial, address: MailboxAddress)
    /// Nothing was decided: try again.
    case unavailable(reason: String)
}

/// Decides a login of a mail program (T-4; R-LOCK-1, 9): app passwords and, if the operator allows it, the
/// mailbox password.
///
/// By default the mailbox password is refused unseen: a stale phone can neither lock a mailbox nor guess through IMAP.
package final class VerifyMailLogin: Sendable {
    private let mail: MailPorts
    private let policy: ServicePolicy
    private let digests: AppPasswordDigests
    private let mainPassword: MainPasswordLogin

    /// Makes the use case; the verifier is the process's one.
    package init(mail: MailPorts, policy: ServicePolicy, verifier: PasswordVerifier) {
        self.mail = mail
        self.policy = policy
        digests = AppPasswordDigests(digest: mail.base.digest)
        mainPassword = MainPasswordLogin(mail: mail, policy: policy, verifier: verifier)
    }

    /// Decides one login.
    package func callAsFunction(_ attempt: MailLoginAttempt) async -> MailLoginAnswer {
        guard let address = try? MailboxAddress(parsing: attempt.user, domains: policy.domains) else {
            mail.refusals.count(.unknownAddress)
            return .refused(.unknownAddress)
        }
        guard let service = MailService(wireName: attempt.service) else {
            return refuse(attempt, address, .unknownService)
        }
        let presented = AppPassword(parsing: attempt.password)
        guard presented != nil || policy.mail.mainPassword == .allow else {
            return refuse(attempt, address, .mainPassword)
        }
        do {
            try await mayTry(attempt.clientAddress)
            if let presented, let answer = try await appPassword(presented, address, service, attempt) {
                return answer
            }
            guard policy.mail.mainPassword == .allow else { return await wrong(attempt, address) }
            return try await mainPasswordAnswer(attempt, address, service)
        } catch {
            return .unavailable(reason: error.reason)
        }
    }

    /// The answer that an app password decides; nil when what was presented is none of the account's.
    private func appPassword(
        _ presented: AppPassword, _ address: MailboxAddress, _ service: MailService, _ attempt: MailLoginAttempt
    ) async throws(MailUnavailable) -> MailLoginAnswer? {
        let whole = digests.whole(presented)
        let snapshot: MailLoginSnapshot?
        // Without the closure of `reachingMail`: this and the look at the bucket are in every login's way.
        do throws(StoreUnavailable) {
            snapshot = try await mail.logins.mailLogin(at: address, lookups: whole.map(AppPasswordDigests.cut))
        } catch {
            throw MailUnavailable(reason: error.reason)
        }
        guard let snapshot, let record = digests.record(of: presented, whole, in: snapshot) else { return nil }
        let account = snapshot.account
        let now = mail.base.clock.now()
        if let objection = record.terms.objection(to: service, from: attempt.clientAddress, at: now) {
            return refuse(attempt, address, MailRefusalReason(objection))
        }
        if let denial = MailDenial(of: service, kind: account.kind, standing: account.standing) {
            _ = refuse(attempt, address, .denied)
            return .denied(denial, address: account.address)
        }
        mail.uses.note(record, at: now, from: attempt.clientAddress, for: service)
        return .accepted(MailLogin(service: service, owner: .appPassword(record, account)))
    }

    private func mainPasswordAnswer(
        _ attempt: MailLoginAttempt, _ address: MailboxAddress, _ service: MailService
    ) async throws(MailUnavailable) -> MailLoginAnswer {
        switch try await mainPassword.verify(attempt) {
        case .right(let account):
            let standing = AccountStanding(
                lifecycle: account.lifecycle, mustChange: account.password.mustChange,
                isLocked: !account.locks.isEmpty)
            if let denial = MailDenial(of: service, kind: account.kind, standing: standing) {
                _ = refuse(attempt, address, .denied)
                return .denied(denial, address: account.address)
            }
            return .accepted(MailLogin(service: service, owner: .mainPassword(account)))
        case .wrong: return await wrong(attempt, address)
        case .locked: return refuse(attempt, address, .locked)
        }
    }

    // MARK: Refusals and rates

    /// A value that this client sent before costs it nothing: only new ones are guesses.
    private func wrong(_ attempt: MailLoginAttempt, _ address: MailboxAddress) async -> MailLoginAnswer {
        let isNew = note(attempt, address, .wrongSecret)
        if isNew, let client = attempt.clientAddress, let buckets = policy.mailBuckets(of: client) {
            // The failed try is on record already; a bucket that cannot be reached costs nobody a guess.
            _ = try? await mail.base.throttle.take(buckets)
        }
        return .refused(.wrongSecret)
    }

    private func refuse(
        _ attempt: MailLoginAttempt, _ address: MailboxAddress, _ reason: MailRefusalReason
    ) -> MailLoginAnswer {
        _ = note(attempt, address, reason)
        return .refused(reason)
    }

    private func note(_ attempt: MailLoginAttempt, _ address: MailboxAddress, _ reason: MailRefusalReason) -> Bool {
        mail.refusals.note(
            RefusedMailLogins.Refusal(
                address: address.text, clientAddress: attempt.clientAddress?.text, reason: reason,
                service: MailService(wireName: attempt.service)?.rawValue ?? "other", client: attempt.client,
                value: mail.base.digest.digest(Array(attempt.password.utf8), purpose: .wrongValue),
                time: mail.base.clock.now()))
    }

    /// Refuses before anything is looked up while a client has sent too many new wrong values, and while the shared
    /// store is away: one rule for every login, whether or not its client has a bucket (R-AVAIL-2, principle 3).
    private func mayTry(_ client: NetworkAddress?) async throws(MailUnavailable) {
        guard let client, let buckets = policy.mailBuckets(of: client) else {
            return try await reachingMail { () async throws(CountersUnavailable) in try await mail.base.throttle.reach()
            }
        }
        let wait: Duration?
        do throws(CountersUnavailable) {
            wait = try await mail.base.throttle.wait(for: buckets)
        } catch {
            throw MailUnavailable(error)
        }
        if wait != nil { throw MailUnavailable(reason: "throttled") }
    }
}

extension MailRefusalReason {
    fileprivate init(_ objection: AppPasswordObjection) {
        switch objection {
        case .expired: self = .expired
        case .service: self = .scope
        case .network: self = .network
        }
    }
}

extension ServicePolicy {
    /// The bucket of a client address for wrong values through mail servers; nil when it has none.
    func mailBuckets(of address: NetworkAddress) -> [(name: String, rate: AttemptRate)]? {
        guard let throttle, !throttle.exempt.contains(where: { $0.contains(address) }) else { return nil }
        return [(name: "m:" + address.text, rate: mail.wrongValues)]
    }
}

/// Something needed for an answer is down or full: what, for the log alone.
struct MailUnavailable: Error {
    let reason: String

    init(reason: String) {
        self.reason = reason
    }

    init(_ error: CountersUnavailable) {
        self.init(reason: "counters unreachable")
    }
}

/// Runs a call on a port and says its failure as one of mail.
func reachingMail<Value, Failure: Error>(
    _ body: () async throws(Failure) -> Value
) async throws(MailUnavailable) -> Value {
    do {
        return try await body()
    } catch {
        switch error {
        case let error as StoreUnavailable: throw MailUnavailable(reason: error.reason)
        case is Overloaded: throw MailUnavailable(reason: "hashing pool full")
        default: throw MailUnavailable(CountersUnavailable())
        }
    }
}
