/// How long codes live and how often they may be sent (R-SMSOTP-1, R-NIST-3).
package struct SMSCodeRules: Hashable, Sendable {
    /// How long a code is accepted after it was drawn, 1…10 minutes; five by default.
    package let lifetime: Duration
    /// The least time between two messages of one issue, 60 s or more.
    package let resendInterval: Duration
    /// The number of digits.
    package let digits: OTPDigits

    /// The rules unless the settings say otherwise: six digits, five minutes, sent again after 60 s.
    package static let standard = SMSCodeRules(lifetime: .seconds(300), interval: .seconds(60), digits: .six)

    /// Checks rules; nil for a life outside 1…10 minutes, or an interval below 60 s or above the life.
    package init?(lifetime: Duration, resendInterval: Duration = .seconds(60), digits: OTPDigits = .six) {
        guard lifetime >= .seconds(60), lifetime <= .seconds(600), resendInterval >= .seconds(60),
            resendInterval <= lifetime
        else { return nil }
        self.init(lifetime: lifetime, interval: resendInterval, digits: digits)
    }

    private init(lifetime: Duration, interval: Duration, digits: OTPDigits) {
        self.lifetime = lifetime
        resendInterval = interval
        self.digits = digits
    }
}

/// One drawn code in time: when it was drawn and last sent, and whether it was used; the code itself is kept elsewhere.
///
/// ```
///   (none) ── request ──► live ── request after the interval ──► live, same code and expiry
///                          │ └─── request before it ──► too soon
///                          ├─ right code ──► spent ─┐
///                          └─ lifetime ──► expired ─┴─ request after the interval ──► a new live code
/// ```
package struct SMSCodeIssue: Hashable, Sendable {
    /// When the code stops being accepted; sending it again does not move this.
    package let expiresAt: WallInstant
    /// When the latest message with the code was handed out.
    package private(set) var lastSentAt: WallInstant
    /// How many messages carried the code.
    package private(set) var sends: Int
    /// Whether the code was accepted once, and never will be again.
    package private(set) var isSpent: Bool

    /// Puts an issue together from its stored fields.
    package init(expiresAt: WallInstant, lastSentAt: WallInstant, sends: Int, isSpent: Bool) {
        self.expiresAt = expiresAt
        self.lastSentAt = lastSentAt
        self.sends = sends
        self.isSpent = isSpent
    }

    /// The issue of a code drawn and sent now.
    package static func drawn(at now: WallInstant, rules: SMSCodeRules) -> SMSCodeIssue {
        SMSCodeIssue(expiresAt: now + rules.lifetime, lastSentAt: now, sends: 1, isSpent: false)
    }

    /// Decides about a request for a code.
    ///
    /// Messages stay an interval apart even when the code between them was used or ran out.
    /// - Parameter latest: The latest issue for the same binding, live or not; nil when none is known.
    package static func request(latest: SMSCodeIssue?, now: WallInstant, rules: SMSCodeRules) -> SMSCodeStep {
        guard let latest else { return .drawNew(drawn(at: now, rules: rules)) }
        let nextAt = latest.lastSentAt + rules.resendInterval
        guard now >= nextAt else {
            // A clock set back must not make anybody wait longer than one interval is announced to be.
            return .tooSoon(retryAfter: min(nextAt - now, rules.resendInterval))
        }
        guard latest.isLive(at: now) else { return .drawNew(drawn(at: now, rules: rules)) }
        var again = latest
        again.lastSentAt = now
        again.sends += 1
        return .sendSame(again)
    }

    /// Whether the code would be accepted now.
    package func isLive(at now: WallInstant) -> Bool {
        !isSpent && now < expiresAt
    }

    /// The issue once its code was accepted; nil when it may not be, being spent or expired.
    package func spent(at now: WallInstant) -> SMSCodeIssue? {
        guard isLive(at: now) else { return nil }
        var spent = self
        spent.isSpent = true
        return spent
    }

    /// How long the code is still accepted; zero once it is not.
    package func expiresIn(at now: WallInstant) -> Duration {
        isLive(at: now) ? expiresAt - now : .zero
    }

    /// Until when the issue must be remembered: it may be over before the next message is allowed.
    package func neededUntil(rules: SMSCodeRules) -> WallInstant {
        max(expiresAt, lastSentAt + rules.resendInterval)
    }
}

/// What a request for a code leads to; the issue that comes with it is to be stored before anything is sent.
package enum SMSCodeStep: Hashable, Sendable {
    /// Draw a code and send it.
    case drawNew(SMSCodeIssue)
    /// Send the live code once more.
    case sendSame(SMSCodeIssue)
    /// Send nothing; the time is at most the resend interval.
    case tooSoon(retryAfter: Duration)
}
