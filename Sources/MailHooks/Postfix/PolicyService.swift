package import AuthDomain
package import AuthService
package import LineServer

/// How a question of Postfix was answered.
package enum PolicyOutcome: String, CaseIterable, Sendable {
    case allowed, refused, unavailable, malformed
    /// The session has not signed in, so this service has no say.
    case unauthenticated
}

/// Answers Postfix' policy delegation: whoever may not send is stopped at the next recipient (R-MAIL-3).
///
/// Postfix asks at every recipient, also in sessions that signed in before a lock. It must ask on its submission
/// ports only: mail from outside is never refused here, and a session without a login gets `DUNNO` in any case.
package struct PolicyService: LineHandler {
    private let authorise: AuthoriseSubmission
    private let sent: @Sendable (AccountID) -> Void
    private let answered: @Sendable (PolicyOutcome, Duration) -> Void

    /// Makes the service.
    ///
    /// - Parameters:
    ///   - authorise: Decides.
    ///   - sent: Hears of every message that was handed in whole by a mailbox that may send; must not wait.
    ///   - answered: Hears of every answer and its time; must not wait.
    package init(
        authorise: AuthoriseSubmission, sent: @escaping @Sendable (AccountID) -> Void,
        answered: @escaping @Sendable (PolicyOutcome, Duration) -> Void
    ) {
        self.authorise = authorise
        self.sent = sent
        self.answered = answered
    }

    /// Answers one request.
    package func respond(to lines: [[UInt8]]) async -> [UInt8] {
        let start = ContinuousClock.now
        let (outcome, action) = await decide(lines)
        answered(outcome, start.duration(to: .now))
        return Self.reply(action)
    }

    /// What Postfix is told when the server refused the request: come again, for nothing was decided.
    package func refusal(_ reason: LineRefusal) -> [UInt8] {
        switch reason {
        case .overdue:
            answered(.unavailable, .zero)
            return Self.reply(Self.comeAgain)
        case .tooLarge, .malformed, .late:
            answered(.malformed, .zero)
            return Self.reply("DEFER 4.3.5 the policy request cannot be read (\(reason.rawValue))")
        }
    }

    private func decide(_ lines: [[UInt8]]) async -> (PolicyOutcome, String) {
        guard let request = try? PolicyRequest(lines: lines) else {
            return (.malformed, "DEFER 4.3.5 the policy request cannot be read")
        }
        guard !request.login.isEmpty else { return (.unauthenticated, "DUNNO") }
        switch await authorise(login: request.login) {
        case .allowed(let account):
            if request.stage == "END-OF-MESSAGE" { sent(account) }
            return (.allowed, "DUNNO")
        case .refused(let refusal): return (.refused, "REJECT 5.7.1 \(refusal.replyText)")
        case .unavailable: return (.unavailable, Self.comeAgain)
        }
    }

    /// A refusal for now, unless another restriction refuses for good.
    private static let comeAgain = "DEFER_IF_PERMIT 4.7.1 the account cannot be checked now; please try again later"

    private static func reply(_ action: String) -> [UInt8] { Array("action=\(action)\n\n".utf8) }
}
