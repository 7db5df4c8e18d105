/// Which text a message has: one for each language and purpose, and another where the phone serves several mailboxes.
package struct SMSTemplateKey: Hashable, Sendable {
    /// The language of the text.
    package let language: Language
    /// What the message is for.
    package let purpose: SMSPurpose
    /// Whether the phone serves several mailboxes, so that the text must name the one in question (R-OTP-7).
    package let servesSeveral: Bool

    /// Makes a key.
    package init(language: Language, purpose: SMSPurpose, servesSeveral: Bool) {
        self.language = language
        self.purpose = purpose
        self.servesSeveral = servesSeveral
    }

    /// Every key there is.
    package static let all: [SMSTemplateKey] = Language.allCases.flatMap { language in
        SMSPurpose.allCases.flatMap { purpose in
            [false, true].map { SMSTemplateKey(language: language, purpose: purpose, servesSeveral: $0) }
        }
    }
}

/// A template of the settings that cannot be used.
package struct SMSTemplateFault: Error, Hashable, Sendable {
    /// Which one.
    package let key: SMSTemplateKey
    /// Why.
    package let reason: SMSTemplateError
}

/// All texts, checked at start.
package struct SMSTemplates: Sendable {
    private let templates: [SMSTemplateKey: SMSTemplate]

    /// Checks every text and reports all that is wrong.
    /// - Parameter texts: The texts of the settings; the default stands where there is none.
    /// - Returns: The templates, or at least one fault in the order of `SMSTemplateKey.all`.
    package static func checked(
        texts: [SMSTemplateKey: String], limits: SMSTemplateLimits
    ) -> (templates: SMSTemplates?, faults: [SMSTemplateFault]) {
        var templates: [SMSTemplateKey: SMSTemplate] = [:]
        var faults: [SMSTemplateFault] = []
        for key in SMSTemplateKey.all {
            do throws(SMSTemplateError) {
                let text = texts[key] ?? defaultText(key)
                let template = try SMSTemplate(text, purpose: key.purpose, limits: limits)
                let mustName = key.servesSeveral || key.purpose.carriesPassword
                guard template.namesMailbox || !mustName else { throw .missingMailbox }
                templates[key] = template
            } catch {
                faults.append(SMSTemplateFault(key: key, reason: error))
            }
        }
        return (faults.isEmpty ? SMSTemplates(templates: templates) : nil, faults)
    }

    /// The limits that stand where the settings say nothing.
    package static let standardLimits = SMSTemplateLimits(origin: WebOrigin(host: "sso.thudo.gov.vn"))

    /// The built-in texts, bound to the city's sign-in page.
    package static let standard: SMSTemplates = {
        guard let templates = checked(texts: [:], limits: standardLimits).templates else {
            preconditionFailure("the built-in texts fit one part; a test holds them to it")
        }
        return templates
    }()

    private init(templates: [SMSTemplateKey: SMSTemplate]) {
        self.templates = templates
    }

    /// The template of a key.
    package subscript(key: SMSTemplateKey) -> SMSTemplate {
        guard let template = templates[key] else {
            preconditionFailure("`checked` fills every key or gives no templates")
        }
        return template
    }

    /// The text that stands where the settings have none: without diacritics, so that one part holds it (R-SMS-2).
    package static func defaultText(_ key: SMSTemplateKey) -> String {
        switch key.language {
        case .vietnamese: vietnamese(key.purpose, named: key.servesSeveral)
        case .english: english(key.purpose, named: key.servesSeveral)
        }
    }

    private static func vietnamese(_ purpose: SMSPurpose, named: Bool) -> String {
        let rest = ": {code}. Hieu luc {minutes} phut. Khong chia se ma nay cho bat ky ai.\n{origin}"
        let mailbox = named ? "hop thu {mailbox}" : "hop thu cong vu"
        return switch purpose {
        case .login: "Ma dang nhap \(mailbox)\(rest)"
        case .check: "Ma OTP \(mailbox)\(rest)"
        case .phoneVerification: "Ma xac nhan so dien thoai cho \(mailbox)\(rest)"
        case .phoneChanged:
            "So dien thoai nhan ma OTP cua \(mailbox) da duoc doi. Neu khong dung, hay bao ngay bo phan quan tri."
        case .deadlineNear:
            named
                ? "Hop thu {mailbox} sap bi tam khoa theo Quy che. Hay dang nhap va doi mat khau neu duoc yeu cau."
                : "Hop thu cong vu sap bi tam khoa theo Quy che. Hay dang nhap va doi mat khau neu duoc yeu cau."
        case .temporaryPassword:
            "Mat khau tam thoi hop thu {mailbox}: {password}\nHay doi ngay khi dang nhap. Khong chia se cho ai."
        case .mailboxEnding:
            named
                ? "Hop thu {mailbox} sap het thoi han duy tri theo Quy che. Hay hoan tat viec ban giao."
                : "Hop thu cong vu cu cua ban sap het thoi han duy tri theo Quy che. Hay hoan tat viec ban giao."
        }
    }

    private static func english(_ purpose: SMSPurpose, named: Bool) -> String {
        let rest = ": {code}. Valid for {minutes} minutes. Never share this code with anyone.\n{origin}"
        let mailbox = named ? "mailbox {mailbox}" : "your official mailbox"
        return switch purpose {
        case .login: "Sign-in code for \(mailbox)\(rest)"
        case .check: "One-time code for \(mailbox)\(rest)"
        case .phoneVerification: "Phone confirmation code for \(mailbox)\(rest)"
        case .phoneChanged:
            "The phone number for codes of \(mailbox) was changed. If this is wrong, tell your administrator at once."
        case .deadlineNear:
            "A lock of \(mailbox) is near. Please sign in, and change the password if you are asked to."
        case .temporaryPassword:
            "Temporary password of mailbox {mailbox}: {password}\nChange it at your first sign-in. Never share it."
        case .mailboxEnding:
            "The time for which \(mailbox) is kept ends soon. Please complete the hand-over."
        }
    }
}
