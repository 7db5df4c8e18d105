package import AuthDomain

/// Where SMS stays a second factor beside an enrolled authenticator (R-OTP-4).
package enum SMSFallback: String, CaseIterable, Sendable {
    /// Wherever a code is asked for.
    case always
    /// Only while an operator's reset waits for its first sign-in.
    case resetOnly = "reset_only"
    /// Nowhere once an authenticator is enrolled.
    case never
}

/// What the operator settled about codes by SMS.
package struct SMSPolicy: Sendable {
    /// All texts.
    package var templates = SMSTemplates.standard
    /// Life, pace and length of codes.
    package var rules = SMSCodeRules.standard
    /// The limits against toll fraud and nuisance, and whether they are only observed.
    package var budget = SMSBudget()
    /// When a prefix is paused.
    package var conversion = PrefixConversionRule()
    /// What a part costs at each gateway by name, in đồng; the dearest is what budgets reckon with.
    package var costPerPart: [String: Int64] = [:]
    /// Where SMS may stand in for an enrolled authenticator.
    package var fallback = SMSFallback.always
    /// Kinds of mailboxes that must enrol an authenticator, SMS or not (T-8).
    package var totpKinds: Set<AccountKind> = []
    /// Organisations, as the accounts name them, whose mailboxes must enrol one (T-8).
    package var totpOrganisations: Set<String> = []
    /// Foreign countries whose numbers may be registered.
    package var countries: Set<CallingCode> = []
    /// How long a person is asked to wait when no gateway took a message.
    package var outageRetry = Duration.seconds(10)
    /// After it nobody works on a message any more; longer than all gateways together may take.
    package var sendingLimit = Duration.seconds(120)

    /// The defaults.
    package init() {}

    /// Whether an account must have an authenticator although SMS proves it.
    package func requiresAuthenticator(_ account: Account) -> Bool {
        totpKinds.contains(account.kind) || account.organisation.map(totpOrganisations.contains) ?? false
    }

    /// Whether SMS may prove the second factor of an account, as far as rules go.
    package func permitsSMS(_ account: Account) -> Bool {
        guard account.phone?.takesSMS == true else { return false }
        guard !account.authenticators.isEmpty else { return true }
        return switch fallback {
        case .always: true
        case .resetOnly: account.password.mustChange
        case .never: false
        }
    }

    /// What so many parts cost at most.
    func price(of text: String) -> SMSPrice {
        let parts = SMSParts(text).parts
        return SMSPrice(parts: parts, cost: Int64(parts) * (costPerPart.values.max() ?? 0))
    }
}
