import AuthDomain
import AuthService
import Settings

extension ServicePolicy {
    /// What the settings decide about the rules.
    init(_ settings: Settings, blocklist: Blocklist) {
        self.init()
        domains = settings.domains
        issuer = settings.issuer
        totpIssuer = settings.totpIssuer
        limit = settings.lockout.limit
        lanes = settings.lockout.lanes == .device ? .device : .single
        window = ValidationWindow(stepsBack: settings.totp.windowBack, stepsAhead: settings.totp.windowAhead)
        maximumAuthenticators = settings.totp.maxPerAccount
        password = PasswordPolicy(
            minimumLength: settings.password.minLength, uppercaseASCIIOnly: settings.password.uppercaseASCIIOnly,
            historyDepth: settings.password.history, blocklist: blocklist)
        passwordMaximumAge = .days(settings.password.maxAgeDays)
        switch settings.password.rotation {
        case .remind: rotation = .remind
        case .enforce: rotation = .enforce
        case .off: rotation = .off
        }
        temporaryPasswordLifetime = .days(settings.password.temporaryDays)
        enrolmentCodeLifetime = .days(settings.enrolmentCode.lifetimeDays)
        signInLifetime = settings.signIn.lifetime
        afterCompletion = settings.signIn.afterComplete
        assertionLifetime = settings.assertion.lifetime
        if let templates = settings.sms.templates { sms.templates = templates }
        sms.rules = settings.sms.codes
        sms.budget = settings.sms.budget
        sms.conversion = settings.sms.prefixRule
        switch settings.sms.fallback {
        case .always: sms.fallback = .always
        case .resetOnly: sms.fallback = .resetOnly
        case .never: sms.fallback = .never
        }
        sms.totpKinds = Set(settings.sms.totpRequiredKinds)
        sms.totpOrganisations = Set(settings.sms.totpRequiredOrganisations)
        sms.countries = settings.sms.countries
        mail = MailPolicy(settings.mail)
        breakGlass = settings.deadlines.breakGlass
        throttle = settings.throttle.isEnabled ? ThrottlePolicy(settings.throttle) : nil
    }
}

extension MailPolicy {
    fileprivate init(_ settings: Settings.Mail) {
        self.init()
        mainPassword = settings.mainPassword == .allow ? .allow : .refuse
        maximumAppPasswords = settings.appPasswordsMax
        accessTokenLifetime = settings.accessTokenLifetime
        wrongValues = AttemptRate(burst: settings.wrongBurst, refill: settings.wrongRefill)
        countsReports = settings.policyCounts
        policyTellsReason = settings.policyTellsReason
    }
}

extension ThrottlePolicy {
    fileprivate init(_ settings: Settings.Throttle) {
        self.init()
        address = AttemptRate(burst: settings.addressBurst, refill: settings.addressRefill)
        network = AttemptRate(burst: settings.networkBurst, refill: settings.networkRefill)
        exempt = settings.exempt
    }
}

extension Duration {
    /// Whole days of 24 hours.
    static func days(_ count: Int) -> Duration { .seconds(count * 86_400) }
}
