internal import AuthDomain
internal import HTTPClient
internal import JSONText

/// What the text of a message becomes; the raw values are those of the settings.
enum TextMode: String, CaseIterable, Sendable {
    /// The text itself travels.
    case text
    /// Only the code travels; the gateway has the text as a registered template.
    case params
}

/// How a templated gateway wants to be asked and is understood.
struct TemplatedSettings: Sendable {
    let method: OutgoingMethod
    let url: TextTemplate
    let headers: [(name: String, value: TextTemplate)]
    let authorisation: Authorisation?
    let body: BodyTemplate
    let phoneFormat: PhoneFormat
    let textMode: TextMode
    let sender: String
    let isSandbox: Bool
    let secrets: [String: SecretBytes]
    let rules: ResponseRules
    let authorityFile: String?
    let limits: OutgoingLimits

    enum Authorisation: Sendable {
        case basic(BasicCredentials)
        case bearer(SecretBytes)
    }
}

extension SettingsObject {
    /// Reads everything but what all gateways share.
    func templatedSettings() -> TemplatedSettings {
        let url = template("url", required("url"))
        let headers = texts("headers").compactMap { name, text in
            template("headers.\(name)", text).map { (name: name, value: $0) }
        }
        let body = bodyTemplate()
        var secrets: [String: SecretBytes] = [:]
        for (name, file) in texts("secrets") { secrets[name] = secret("secrets.\(name)", file: file) }
        if !has("success") { refuse("success", "required, but not given") }
        let settings = TemplatedSettings(
            method: choice("method", default: .post), url: url ?? .empty, headers: headers,
            authorisation: authorisation(), body: body,
            phoneFormat: choice("phone_format", default: .e164), textMode: choice("text_mode", default: .text),
            sender: sender("sender"), isSandbox: flag("sandbox", default: false), secrets: secrets,
            rules: responseRules(), authorityFile: authorityFile("authority_file"), limits: outgoingLimits())
        if url != nil { checkURL(settings.url) }
        checkPlaceholders(settings)
        return settings
    }

    func outgoingLimits() -> OutgoingLimits {
        OutgoingLimits(
            connect: milliseconds("connect_timeout_ms", default: 2000, in: 50...5000),
            total: milliseconds("timeout_ms", default: 5000, in: 100...10_000), responseBytes: 64 * 1024)
    }

    private func bodyTemplate() -> BodyTemplate {
        guard let body = object("body") else { return .none }
        defer { body.finish() }
        let kinds = ["form", "json", "xml"].filter(body.has)
        guard kinds.count == 1 else {
            refuse("body", "must hold one of form, json and xml")
            for kind in kinds { _ = body.value(kind) }
            return .none
        }
        if body.has("form") {
            return .form(
                body.texts("form").compactMap { name, text in
                    body.template("form.\(name)", text).map { BodyTemplate.FormField(name: name, value: $0) }
                })
        }
        if let value = body.value("json") {
            do throws(TextTemplate.Fault) {
                return .json(try JSONTemplate(value))
            } catch {
                body.refuse("json", error.message)
                return .none
            }
        }
        guard let template = body.template("xml", body.scalars("xml").joined(separator: "\n")) else { return .none }
        if let fault = XMLOutline.fault(of: template) { body.refuse("xml", fault) }
        return .xml(template)
    }

    private func authorisation() -> TemplatedSettings.Authorisation? {
        guard let auth = object("auth") else { return nil }
        defer { auth.finish() }
        switch auth.required("type") {
        case "basic":
            let user = auth.text("user") ?? auth.secret("user_file")?.withBytes { String(decoding: $0, as: UTF8.self) }
            if !auth.has("user"), !auth.has("user_file") { auth.refuse("user", "or user_file is required") }
            // Some gateways want a fixed word here and keep the secret in the user name.
            let password = auth.text("password").map { SecretBytes($0.utf8) } ?? auth.secret("password_file")
            if !auth.has("password"), !auth.has("password_file") { auth.refuse("password_file", "required") }
            guard let user, let password else { return nil }
            if user.contains(":") { auth.refuse("user", "must not hold a colon") }
            return .basic(BasicCredentials(user: user, password: password))
        case "bearer":
            if !auth.has("token_file") { auth.refuse("token_file", "required, but not given") }
            return auth.secret("token_file").map { .bearer($0) }
        default:
            auth.refuse("type", "must be \"basic\" or \"bearer\"; other schemes are headers with a {secret:…}")
            return nil
        }
    }

    private func responseRules() -> ResponseRules {
        let success = object("success").map { object in
            let test = object.responseTest()
            if test.isEmpty { refuse("success", "must hold a status, a where or a matches") }
            object.finish()
            return test
        }
        let queued = object("queued").map { object in
            let test = object.responseTest()
            if test.isEmpty { refuse("queued", "must hold a status, a where or a matches") }
            object.finish()
            return test
        }
        let errors = objects("errors").map { object in
            let rule = ResponseRules.ErrorRule(
                outcome: object.choice("class", default: .ambiguous), test: object.responseTest())
            if !object.has("class") { object.refuse("class", "required, but not given") }
            if rule.test.isEmpty { object.refuse("status", "or where or matches is required") }
            object.finish()
            return rule
        }
        return ResponseRules(
            success: success ?? ResponseTest(statuses: [], members: [], pattern: nil), queued: queued,
            identifier: identifierSource(), errors: errors)
    }

    private func identifierSource() -> IdentifierSource? {
        guard let object = object("id") else { return nil }
        defer { object.finish() }
        guard object.has("pointer") != object.has("matches") else {
            refuse("id", "must hold a pointer or a matches")
            return nil
        }
        return object.pointer("pointer").map { .pointer($0) } ?? object.pattern("matches").map { .pattern($0) }
    }
}

extension TextTemplate {
    fileprivate static let empty = TextTemplate(parts: [])

    fileprivate init(parts: [Part]) {
        self.parts = parts
    }
}
