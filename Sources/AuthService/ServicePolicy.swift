package import AuthDomain

/// Whether an old password is only reminded of, must be changed, or is left alone (T-2).
package enum PasswordRotation: String, Sendable {
    case remind, enforce, off
}

/// Whether all clients share a count, or devices that proved themselves have their own (T-3).
package enum LanePolicy: String, Sendable {
    case single, device
}

/// What the operator settled, as the use cases need it.
package struct ServicePolicy: Sendable {
    /// Accepted mail domains; the first completes a bare name (R-ADDR-5).
    package var domains: [String] = ["hanoi.gov.vn", "thudo.gov.vn"]
    /// `iss` of assertions.
    package var issuer = "https://sso.thudo.gov.vn"
    /// The issuer shown by authenticator apps; ASCII (R-URI-3).
    package var totpIssuer = "Thu dien tu Ha Noi"
    /// Failures allowed; the last one locks (Đ8.2.b).
    package var limit = 5
    /// Whether devices have counts of their own.
    package var lanes = LanePolicy.single
    /// Accepted steps before and after the present one (R-TOTP-6).
    package var window = ValidationWindow.standard
    /// Authenticators an account may have (T-6).
    package var maximumAuthenticators = 10
    /// Điều 12 and what is added to it: blocklist, context words, history.
    package var password = PasswordPolicy()
    /// The age at which a password is reminded of or must be changed.
    package var passwordMaximumAge = Duration.seconds(180 * 86_400)
    /// What happens at that age.
    package var rotation = PasswordRotation.remind
    /// How long a temporary password works (R-FIRST-8).
    package var temporaryPasswordLifetime = Duration.seconds(5 * 86_400)
    /// Main addresses of the mailboxes that requests come through, which may be restored without one (R-REST-7).
    package var breakGlass: [String] = ["kythuat@hanoi.gov.vn"]
    /// How long an enrolment code works.
    package var enrolmentCodeLifetime = Duration.seconds(7 * 86_400)
    /// How long a sign-in may take.
    package var signInLifetime = Duration.seconds(600)
    /// How long a complete sign-in may still change the password or enrol.
    package var afterCompletion = Duration.seconds(600)
    /// How long a pending enrolment waits for its first code (R-OTP-3).
    package var enrolmentLifetime = Duration.seconds(600)
    /// How long an assertion is valid; at most 60 s.
    package var assertionLifetime = Duration.seconds(60)
    /// How long failures of an unknown address are remembered.
    package var unknownAddressMemory = Duration.seconds(86_400)
    /// Codes by SMS.
    package var sms = SMSPolicy()
    /// Rates per client address and network; nil when throttling is off.
    package var throttle: ThrottlePolicy? = ThrottlePolicy()
    /// Mail servers and their hooks.
    package var mail = MailPolicy()

    /// The defaults.
    package init() {}
}

/// Rates of attempts per client address and per network, and who is exempt (T-3).
package struct ThrottlePolicy: Sendable {
    /// For one address.
    package var address = AttemptRate(burst: 30, refill: .seconds(20))
    /// For its /24 (IPv4) or /64 (IPv6).
    package var network = AttemptRate(burst: 120, refill: .seconds(5))
    /// Networks whose users share few addresses, such as a city hall behind one.
    package var exempt: [AddressBlock] = []

    /// The defaults.
    package init() {}
}
