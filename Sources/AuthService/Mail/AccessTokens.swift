package import AuthDomain

/// A new access token.
package struct IssuedAccessToken: Sendable {
    /// The token, to be sent by XOAUTH2 or OAUTHBEARER.
    package let text: String
    /// How long it is valid.
    package let lifetime: Duration
}

/// What an active token says.
package struct ActiveToken: Sendable {
    /// The account.
    package let account: AccountID
    /// Its main address.
    package let address: MailboxAddress
    /// The system that got it.
    package let client: String
    /// When it was made.
    package let issuedAt: WallInstant
    /// When it ends.
    package let expiresAt: WallInstant
    /// Whether the mailbox may send now.
    package let maySend: Bool
}

/// The answer to a token, for a mail server.
package enum TokenStanding: Sendable {
    /// It opens the mailbox now.
    case active(ActiveToken)
    /// It opens nothing: foreign, over, or revoked by a lock or a change of the password.
    case inactive
    /// Nothing was decided.
    case unavailable(reason: String)
}

/// Access tokens for mail, got through a complete sign-in and looked at anew at every use (T-4, preferred way).
///
/// Form: `otpd_at_<content>.<digest>`, both in base 64. The content is signed and not secret: account, password version, client, times.
/// Nothing is stored, so nothing has to be found and deleted when a lock or a change of the password ends them all.
package struct AccessTokens: Sendable {
    private static let mark = "otpd_at_"
    /// The longest token that is looked at, in bytes.
    private static let byteLimit = 1_024

    private let mail: MailPorts
    private let policy: ServicePolicy
    private let session: SignInSession

    /// Makes the use cases.
    package init(mail: MailPorts, policy: ServicePolicy) {
        self.mail = mail
        self.policy = policy
        session = SignInSession(ports: mail.base, policy: policy)
    }

    /// Makes a token for the owner of a complete sign-in.
    package func issue(
        signIn id: String, provenance: Provenance
    ) async throws(SignInFailure) -> IssuedAccessToken {
        let signIn = try await session.openComplete(id, provenance: provenance)
        let account = signIn.account
        guard MailDenial(of: .imap, kind: account.kind, standing: account.standing) == nil else {
            throw SignInFailure.outOfOrder(owed: .complete)
        }
        let now = mail.base.clock.now()
        let content = Content(
            account: account.id, passwordVersion: account.password.version, client: provenance.client, issuedAt: now,
            expiresAt: now + policy.mail.accessTokenLifetime)
        let bytes = content.encoded()
        let mac = mail.base.digest.digest(bytes, purpose: .accessToken)
        return IssuedAccessToken(
            text: Self.mark + Base64.encode(bytes, .urlSafe) + "." + Base64.encode(mac, .urlSafe),
            lifetime: policy.mail.accessTokenLifetime)
    }

    /// Looks at a token as the account stands now.
    package func introspect(_ text: String) async -> TokenStanding {
        guard let content = content(of: text), content.expiresAt > mail.base.clock.now() else { return .inactive }
        do throws(StoreUnavailable) {
            guard let account = try await mail.logins.mailAccount(id: content.account),
                account.passwordVersion == content.passwordVersion,
                MailDenial(of: .imap, kind: account.kind, standing: account.standing) == nil
            else { return .inactive }
            return .active(
                ActiveToken(
                    account: account.id, address: account.address, client: content.client, issuedAt: content.issuedAt,
                    expiresAt: content.expiresAt,
                    maySend: MailDenial(of: .smtp, kind: account.kind, standing: account.standing) == nil))
        } catch {
            return .unavailable(reason: error.reason)
        }
    }

    private func content(of text: String) -> Content? {
        guard text.utf8.count <= Self.byteLimit, text.hasPrefix(Self.mark) else { return nil }
        let parts = text.dropFirst(Self.mark.count).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let bytes = Base64.decode(parts[0].utf8, .urlSafe),
            let mac = Base64.decode(parts[1].utf8, .urlSafe),
            mail.base.digest.verify(mac, message: bytes, purpose: .accessToken)
        else { return nil }
        return Content(encoded: bytes)
    }
}

/// What a token is signed over.
private struct Content {
    private static let format: Int64 = 1

    let account: AccountID
    let passwordVersion: Int64
    let client: String
    let issuedAt: WallInstant
    let expiresAt: WallInstant

    init(
        account: AccountID, passwordVersion: Int64, client: String, issuedAt: WallInstant, expiresAt: WallInstant
    ) {
        self.account = account
        self.passwordVersion = passwordVersion
        self.client = client
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }

    func encoded() -> [UInt8] {
        var writer = RecordWriter()
        writer.put(Self.format)
        writer.put(account.text)
        writer.put(passwordVersion)
        writer.put(client)
        writer.put(issuedAt.milliseconds)
        writer.put(expiresAt.milliseconds)
        return writer.bytes
    }

    init?(encoded bytes: [UInt8]) {
        var reader = RecordReader(bytes)
        guard reader.integer() == Self.format, let account = reader.text(), let version = reader.integer(),
            let client = reader.text(), let issued = reader.integer(), let expires = reader.integer(), reader.isAtEnd
        else { return nil }
        self.init(
            account: AccountID(account), passwordVersion: version, client: client,
            issuedAt: WallInstant(milliseconds: issued), expiresAt: WallInstant(milliseconds: expires))
    }
}
