package import AuthDomain
package import JSONText

extension Settings {
    /// `sms`: one-time codes by short message: the ways out, the texts, and what may be spent (R-SMSOTP-1, R-SMS-5).
    package struct SMS: Sendable {
        /// Where SMS is a second step beside TOTP (R-OTP-4).
        package enum Fallback: String, CaseIterable, Sendable {
            /// Wherever a code is asked for.
            case always
            /// Only where an account has no usable authenticator, as after a reset.
            case resetOnly = "reset_only"
            /// Nowhere once an authenticator is enrolled.
            case never
        }

        /// The folder that relative paths in `gateways` start from.
        package let folder: String
        /// The gateways as written, in order, read by whoever knows them; an empty list means no SMS at all.
        package let gateways: JSONValue
        /// How many gateways may be asked for one message.
        package let gatewaysPerMessage: Int
        /// The address under which gateways reach the route of delivery reports; nil for no reports.
        package let reportURL: String?
        /// Messages that may be on their way to gateways at the same time.
        package let threads: Int
        /// Messages that may wait for a thread.
        package let queue: Int
        /// How long codes are and live, and how often they are sent.
        package let codes: SMSCodeRules
        /// All texts, checked; nil only where a problem was reported.
        package let templates: SMSTemplates?
        /// Countries beside Vietnam whose numbers may be registered and sent to.
        package let countries: Set<CallingCode>
        /// Where SMS may stand in for TOTP.
        package let fallback: Fallback
        /// Kinds of mailboxes that must enrol an authenticator.
        package let totpRequiredKinds: [AccountKind]
        /// Organisations whose mailboxes must enrol an authenticator, as written in the accounts.
        package let totpRequiredOrganisations: [String]
        /// The limits against toll fraud and nuisance.
        package let budget: SMSBudget
        /// When a prefix is paused.
        package let prefixRule: PrefixConversionRule

        /// Whether any message can leave.
        package var isEnabled: Bool { gateways != .array([]) }

        init(_ reader: SectionReader, issuer: String) {
            folder = reader.source.folder
            gateways = reader.gateways()
            gatewaysPerMessage = reader.integer(
                "gateways_per_message", default: 2, in: 1...4,
                "How many gateways may be asked for one message; the next only when the one before surely sent nothing."
            )
            reportURL = reader.reportURL()
            threads = reader.integer(
                "threads", default: 16, in: 1...256, "Messages that are handed to gateways at the same time.")
            queue = reader.integer(
                "queue", default: 1024, in: 1...65536, "Messages that may wait for a thread; a full queue answers 503.")
            let digits = reader.integer("digits", default: 6, in: 6...8, "Digits of a code.")
            let lifetime = reader.seconds(
                "code_lifetime_s", default: 300, in: 60...600, "How long a code is accepted (Đ13, R-NIST-3).")
            let resend = reader.seconds(
                "resend_s", default: 60, in: 60...600, "The least time between two messages with one code.")
            let digitCount = OTPDigits(rawValue: digits) ?? .six
            let rules = SMSCodeRules(lifetime: lifetime, resendInterval: resend, digits: digitCount)
            if rules == nil { reader.refuse("resend_s", because: "must not be longer than sms.code_lifetime_s") }
            codes = rules ?? .standard
            templates = reader.templates(digits: digitCount, issuer: issuer)
            countries = reader.countries()
            fallback = reader.choice(
                "fallback", default: .always,
                "Whether SMS stays a second step beside an enrolled authenticator: always, reset_only or never (R-OTP-4)."
            )
            totpRequiredKinds = reader.kinds()
            totpRequiredOrganisations = reader.organisations()
            budget = reader.smsBudget()
            prefixRule = PrefixConversionRule(
                runLimit: reader.integer(
                    "prefix_run", default: 15, in: 5...1000, unit: "messages",
                    "Messages in a row to new numbers of one prefix, no code of which came back, that pause the prefix."
                ),
                pause: reader.seconds(
                    "prefix_pause_s", default: 1800, in: 60...86400,
                    "How long after its last message a paused prefix may try one more."))
        }
    }
}

extension SectionReader {
    fileprivate func gateways() -> JSONValue {
        let doc = KeyDoc(
            type: "list of gateways", defaultText: "[]", range: "at most 8", isSecret: true,
            summary: "The ways to a phone in their order: kannel, http or file, see deploy/sms; none means no SMS.")
        guard let value = json("gateways", doc) else { return .array([]) }
        guard case .array = value else {
            refuse("gateways", because: "must be a list of gateways")
            return .array([])
        }
        if source.opensFiles { source.inspect(gateways: value, key: name("gateways")) }
        return value
    }

    fileprivate func reportURL() -> String? {
        let doc = KeyDoc(
            type: "URL", defaultText: "null", range: "ends with /v1/sms/reports",
            summary: "How gateways reach the route of delivery reports on the service listener; null for no reports.")
        return text("report_url", doc) { text throws(Refusal) in
            let isPlain =
                text.utf8.allSatisfy { (0x21...0x7E).contains($0) } && !text.contains { "%?#{}@".contains($0) }
            guard text.hasPrefix("https://") || text.hasPrefix("http://"), isPlain, text.utf8.count <= 512,
                text.hasSuffix("/v1/sms/reports")
            else {
                throw Refusal("must be an http or https URL that ends with /v1/sms/reports, is \(Self.quote(text))")
            }
            return text
        }
    }

    fileprivate func countries() -> Set<CallingCode> {
        let doc = KeyDoc(
            type: "list of calling codes", defaultText: "[\"84\"]",
            summary: "Countries whose numbers may be registered and sent to; Vietnam, 84, is always one (R-SMS-1).")
        let given = list("countries", doc) { text throws(Refusal) in
            guard let code = CallingCode(text) else {
                throw Refusal("must be a calling code like 84, is \(Self.quote(text, mark: "\""))")
            }
            return code
        }
        return Set(given ?? []).union([.vietnam])
    }

    fileprivate func kinds() -> [AccountKind] {
        let people = AccountKind.allCases.filter(\.canSignIn).map(\.rawValue).joined(separator: ", ")
        let doc = KeyDoc(
            type: "list of kinds", defaultText: "[]", range: people,
            summary: "Kinds of mailboxes that must enrol an authenticator, SMS or not (T-8).")
        return list("totp_required_kinds", doc) { text throws(Refusal) in
            guard let kind = AccountKind(rawValue: text), kind.canSignIn else {
                throw Refusal("must be one of \(people), is \(Self.quote(text, mark: "\""))")
            }
            return kind
        } ?? []
    }

    fileprivate func organisations() -> [String] {
        let doc = KeyDoc(
            type: "list of texts", defaultText: "[]",
            summary: "Organisations, as the accounts name them, whose mailboxes must enrol an authenticator (T-8).")
        return list("totp_required_organisations", doc) { text throws(Refusal) in
            guard !text.isEmpty else { throw Refusal("must not be empty") }
            return text
        } ?? []
    }
}
