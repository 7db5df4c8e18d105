import AuthDomain
import AuthService
import Testing

extension World {
    /// Decides a login as a mail server asks for it.
    func login(
        _ user: String, _ password: String, _ service: String = "imap", from ip: String? = stranger
    ) async -> MailLoginAnswer {
        await VerifyMailLogin(mail: mail, policy: policy, verifier: verifier)(
            MailLoginAttempt(
                user: user, password: password, service: service, clientAddress: ip.flatMap(NetworkAddress.init),
                client: "dovecot", requestID: nil))
    }

    /// The same in one word.
    func word(
        _ user: String, _ password: String, _ service: String = "imap", from ip: String? = stranger
    ) async -> String {
        await login(user, password, service, from: ip).word
    }

    /// An app password of an owner, made through a complete sign-in.
    func appPassword(
        _ owner: Owner, _ services: [MailService] = [.imap, .smtp], networks: [String] = [],
        expiresAt: WallInstant? = nil
    ) async throws -> IssuedAppPassword {
        let signIn = try await signIn(owner)
        return try await AppPasswordDesk(mail: mail, policy: policy).issue(
            signIn: signIn.id,
            AppPasswordRequest(
                label: "Outlook", services: services, networks: networks.compactMap(AddressBlock.init),
                expiresAt: expiresAt), provenance: provenance)
    }

    /// The failures counted on the password budget.
    func failures(_ owner: Owner) async throws -> Int {
        try await account(owner.address).budgets[.password]?.failures ?? 0
    }
}

extension MailLoginAnswer {
    var word: String {
        switch self {
        case .accepted: "ok"
        case .refused(let reason): "refused \(reason.rawValue)"
        case .denied(let denial, _): "denied \(denial.rawValue)"
        case .unavailable: "unavailable"
        }
    }
}
