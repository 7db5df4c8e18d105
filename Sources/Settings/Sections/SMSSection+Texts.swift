internal import AuthDomain
internal import JSONText

/// Readers of what short messages say and how many there may be.
extension SectionReader {
    /// All texts, checked with the longest values they can get; every fault is a problem of its own.
    func templates(digits: OTPDigits, issuer: String) -> SMSTemplates? {
        let maximumParts = integer(
            "max_parts", default: 1, in: 1...3,
            "Parts that a message may have with the longest values; each costs (R-SMS-2).")
        let limits = SMSTemplateLimits(maximumParts: maximumParts, digits: digits, origin: origin(issuer: issuer))
        let keys = Dictionary(uniqueKeysWithValues: SMSTemplateKey.all.map { ($0.settingName, $0) })
        let names = SMSTemplateKey.all.map(\.settingName)
        let doc = KeyDoc(
            type: "object of texts", defaultText: "{}", range: names.joined(separator: ", "),
            summary: "Texts in place of the built-in ones; places: {code}, {password}, {mailbox}, {minutes}, {origin}.")
        var texts: [SMSTemplateKey: String] = [:]
        if let value = json("templates", doc) {
            guard case .object(let members) = value else {
                refuse("templates", because: "must be an object of texts")
                return nil
            }
            for member in members where !member.name.hasPrefix("_") {
                guard let key = keys[member.name] else {
                    let hint = Spelling.nearest(to: member.name, among: names).map { "; did you mean \($0)?" } ?? ""
                    refuse("templates.\(Self.quote(member.name))", because: "is no text of ours\(hint)")
                    continue
                }
                guard case .string(let text) = member.value else {
                    refuse("templates.\(member.name)", because: "must be a string")
                    continue
                }
                texts[key] = text
            }
        }
        // Measuring all texts takes its time, and these are known to be right.
        if texts.isEmpty, limits == SMSTemplates.standardLimits { return .standard }
        let (templates, faults) = SMSTemplates.checked(texts: texts, limits: limits)
        for fault in faults {
            // A built-in text fails only for the origin and the limits that stand beside it.
            let place = texts[fault.key] == nil ? " (the built-in text)" : ""
            refuse("templates.\(fault.key.settingName)", because: "\(fault.reason.settingText)\(place)")
        }
        return templates
    }

    private func origin(issuer: String) -> WebOrigin? {
        let doc = KeyDoc(
            type: "host name, \"issuer\" or \"none\"", defaultText: "\"issuer\"",
            summary: "The host in the last line `@host #code`, which phones bind the code to; issuer takes its host.")
        let issuerHost = String(issuer.dropFirst("https://".count).prefix { $0 != "/" && $0 != ":" })
        let given: WebOrigin?? = text("origin", doc) { text throws(Refusal) -> WebOrigin? in
            switch text {
            case "issuer": return WebOrigin(host: issuerHost)
            case "none": return nil
            default:
                guard let origin = WebOrigin(host: text) else {
                    throw Refusal("must be a host name, \"issuer\" or \"none\", is \(Self.quote(text, mark: "\""))")
                }
                return origin
            }
        }
        return given ?? WebOrigin(host: issuerHost)
    }

    func smsBudget() -> SMSBudget {
        let mode: SMSBudgetMode = choice(
            "budget", default: .enforce, "Whether the limits below refuse, or only report what they would have refused."
        )
        var limits: [SMSBudgetScope: SMSBudgetLimit] = [:]
        for (scope, key, summary) in Self.quotas {
            guard let standard = SMSBudget.standardLimits[scope] else { continue }
            let most = integer(
                key, default: Int(standard.most), in: 0...1_000_000_000,
                unit: scope == .money ? "đồng" : "messages", summary)
            limits[scope] = SMSBudgetLimit(most: Int64(most), window: standard.window)
        }
        let alarm = integer(
            "money_alarm_percent", default: 80, in: 1...100, unit: "%",
            "The part of sms.money_per_day whose spending raises an alarm.")
        return SMSBudget(limits: limits, mode: mode, alarmPercent: Int64(alarm))
    }

    private static let quotas: [(SMSBudgetScope, key: String, summary: String)] = [
        (.phone, "phone_per_hour", "Messages to one number in an hour; it may serve several mailboxes (R-OTP-7)."),
        (.phoneDay, "phone_per_day", "Messages to one number in 24 hours."),
        (.account, "account_per_hour", "Messages for one mailbox in an hour."),
        (.accountDay, "account_per_day", "Messages for one mailbox in 24 hours."),
        (.client, "client_per_10_min", "Messages asked for from one client address in ten minutes."),
        (.prefix, "prefix_per_hour", "Messages to one number prefix in an hour."),
        (.all, "all_per_minute", "Messages to everybody in a minute."),
        (
            .money, "money_per_day",
            "What messages may cost in 24 hours, by the gateways' cost_per_part; then none leaves."
        ),
    ]
}

extension SMSTemplateKey {
    /// How the settings name it: `vi.login`, and `vi.login.several` where the phone serves several mailboxes.
    fileprivate var settingName: String {
        "\(language.rawValue).\(purpose.rawValue)\(servesSeveral ? ".several" : "")"
    }
}

extension SMSTemplateError {
    /// The words that follow the key in a problem.
    fileprivate var settingText: String {
        switch self {
        case .wrongLength: "must be 1 to 1000 bytes"
        case .strayBrace: "has a brace without its counterpart"
        case .unknownPlace(let name): "has an unknown place {\(SectionReader.quote(name))}"
        case .missingCode: "must hold {code}"
        case .extraCode: "must hold {code} once, only where there is a code, and no other four digits in a row"
        case .missingPassword: "must hold {password}"
        case .extraPassword: "must hold {password} once, and only where there is one"
        case .misplacedOrigin: "must hold {origin} alone in its last line, or not at all"
        case .link: "holds something that phones make a link of (R-SMS-5)"
        case .controlCharacter: "must hold no control character but line feeds"
        case .missingMailbox: "must hold {mailbox}: its reader has several, or has not heard of it before (R-OTP-7)"
        case .tooManyParts(let parts, let unaccented):
            "takes \(parts.parts) parts as \(parts.encoding.name) with the longest values, more than sms.max_parts; "
                + "without diacritics it would take \(unaccented.parts)"
        }
    }
}

extension SMSEncoding {
    fileprivate var name: String {
        switch self {
        case .gsm7: "GSM 7-bit"
        case .ucs2: "UCS-2"
        }
    }
}
