import AuthDomain

/// The mailbox password on a mail protocol, where the operator allows it for a time of transition (T-4, R-LOCK-9).
///
/// It draws on the same budget as the web, through the same verifier. Since mail programs repeat a stale password for
/// weeks, a wrong value counts once for each password, and the one before the present not at all.
struct MainPasswordLogin: Sendable {
    enum Outcome: Sendable {
        case right(Account)
        case wrong
        /// A lock stands or the budget is exhausted: nothing was evaluated.
        case locked
    }

    private let mail: MailPorts
    private let policy: ServicePolicy
    private let verifier: PasswordVerifier

    init(mail: MailPorts, policy: ServicePolicy, verifier: PasswordVerifier) {
        self.mail = mail
        self.policy = policy
        self.verifier = verifier
    }

    func verify(_ attempt: MailLoginAttempt) async throws(MailUnavailable) -> Outcome {
        do throws(SignInFailure) {
            return .right(try await evaluate(attempt))
        } catch {
            switch error {
            case .accountLocked: return .locked
            case .unavailable(let reason): throw MailUnavailable(reason: reason)
            case .throttled: throw MailUnavailable(reason: "throttled")
            default: return .wrong
            }
        }
    }

    private func evaluate(_ attempt: MailLoginAttempt) async throws(SignInFailure) -> Account {
        let secret = try BeginSignIn.prepare(attempt.password)
        let claim = try await ClaimResolver(ports: mail.base, policy: policy).resolve(attempt.user)
        var distinct: DistinctCounting?
        if let account = claim.account {
            let message = WrongValueMessage.password(secret, account: account.id)
            let known = try await reaching(SignInFailure.init(_:)) { () async throws(StoreUnavailable) in
                try await mail.logins.isJudgedWrong(
                    mail.base.digest.candidates(message, purpose: .wrongValue), of: account.id)
            }
            if known { throw SignInFailure.invalidCredentials }
            distinct = DistinctCounting(
                value: WrongValue(
                    digest: mail.base.digest.digest(message, purpose: .wrongValue),
                    passwordVersion: account.password.version),
                store: mail.appPasswords)
        }
        return try await verifier.verify(
            claim, lane: .shared, password: secret, distinct: distinct,
            provenance: Provenance(
                client: attempt.client, clientAddress: attempt.clientAddress?.text, requestID: attempt.requestID,
                entry: MailService(wireName: attempt.service)?.rawValue ?? "mail"))
    }
}

/// What the digest of a wrong value covers.
enum WrongValueMessage {
    static func password(_ secret: SecretBytes, account: AccountID) -> [UInt8] {
        Array("\(account.text)\u{0}password\u{0}".utf8) + secret.copy
    }

    /// A value known only by the truncated hash that a mail server reports of it.
    static func reported(_ hash: String, account: AccountID) -> [UInt8] {
        Array("\(account.text)\u{0}reported\u{0}\(hash)".utf8)
    }
}

/// Counts each wrong value once, and the previous password never (R-LOCK-9).
struct DistinctCounting: Sendable {
    let value: WrongValue
    let store: any AppPasswordStore
}
