internal import JSONText

/// The body of a request, by its kind; values are escaped where they are put in, never by plain substitution.
indirect enum BodyTemplate: Hashable, Sendable {
    case none
    /// `application/x-www-form-urlencoded`.
    case form([FormField])
    /// `application/json`.
    case json(JSONTemplate)
    /// `text/xml`.
    case xml(TextTemplate)

    struct FormField: Hashable, Sendable {
        let name: String
        let value: TextTemplate
    }

    var contentType: String? {
        switch self {
        case .none: nil
        case .form: "application/x-www-form-urlencoded"
        case .json: "application/json"
        case .xml: "text/xml; charset=utf-8"
        }
    }

    var placeholders: [Placeholder] {
        switch self {
        case .none: []
        case .form(let fields): fields.flatMap(\.value.placeholders)
        case .json(let template): template.placeholders
        case .xml(let template): template.placeholders
        }
    }

    func render(_ fields: MessageFields) -> [UInt8] {
        switch self {
        case .none: return []
        case .form(let members):
            let pairs = members.compactMap { member in
                member.value.renderedWhole(fields).map { "\(Escaping.percent(member.name))=\(Escaping.percent($0))" }
            }
            return Array(pairs.joined(separator: "&").utf8)
        case .json(let template): return JSONWriter.text(of: template.render(fields) ?? .null)
        case .xml(let template): return Array((template.render(fields, escape: Escaping.xml) ?? "").utf8)
        }
    }
}

extension TextTemplate {
    /// The text with its values as they are, to be escaped as a whole.
    func renderedWhole(_ fields: MessageFields) -> String? {
        render(fields) { $0 }
    }
}

/// A JSON value whose strings are templates; its names and everything else are literal.
indirect enum JSONTemplate: Hashable, Sendable {
    case literal(JSONValue)
    case text(TextTemplate)
    case array([JSONTemplate])
    case object([Member])

    struct Member: Hashable, Sendable {
        let name: String
        let value: JSONTemplate
    }

    init(_ value: JSONValue) throws(TextTemplate.Fault) {
        switch value {
        case .null, .bool, .number: self = .literal(value)
        case .string(let text): self = .text(try TextTemplate(text))
        case .array(let elements):
            var templates: [JSONTemplate] = []
            for element in elements { templates.append(try JSONTemplate(element)) }
            self = .array(templates)
        case .object(let members):
            var templates: [Member] = []
            for member in members {
                templates.append(Member(name: member.name, value: try JSONTemplate(member.value)))
            }
            self = .object(templates)
        }
    }

    var placeholders: [Placeholder] {
        switch self {
        case .literal: []
        case .text(let template): template.placeholders
        case .array(let elements): elements.flatMap(\.placeholders)
        case .object(let members): members.flatMap(\.value.placeholders)
        }
    }

    /// The value with everything put in; nil for a string whose only placeholder has no value.
    func render(_ fields: MessageFields) -> JSONValue? {
        switch self {
        case .literal(let value): value
        case .text(let template): template.renderedWhole(fields).map { .string($0) }
        case .array(let elements): .array(elements.compactMap { $0.render(fields) })
        case .object(let members):
            .object(
                members.compactMap { member in
                    member.value.render(fields).map { JSONMember(name: member.name, value: $0) }
                })
        }
    }
}
