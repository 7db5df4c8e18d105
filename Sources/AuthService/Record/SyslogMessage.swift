import AuthDomain

/// In which form rows of the record go to a collector (R-SIEM-1).
package enum SyslogFormat: String, CaseIterable, Sendable {
    /// RFC 5424 with every field as structured data.
    case rfc5424
    /// ArcSight's Common Event Format as the message of an RFC 5424 line.
    case cef
}

/// One row of the record as a syslog message.
///
/// No field can begin another one: what ends a value is escaped, and control characters, line breaks among them,
/// become spaces.
package struct SyslogMessage: Sendable {
    /// The facility `authpriv` (RFC 5424 §6.2.1).
    private static let facility = 10
    /// The structured data's name; 32473 is the number that RFC 5612 keeps for those without one of their own.
    private static let elementName = "otpd@32473"

    private let row: AuditRow
    private let version: String

    /// Makes a message.
    ///
    /// - Parameter version: The version of this program, a field of CEF.
    package init(_ row: AuditRow, version: String) {
        self.row = row
        self.version = version
    }

    /// The message in UTF-8, without a frame.
    package func text(_ format: SyslogFormat) -> String {
        let severity = row.event.result == .failure ? 4 : Self.isGrave(row.event.code) ? 5 : 6
        let host = Self.header(row.chain.split(separator: "/").first.map(String.init) ?? "", limit: 255)
        let head =
            "<\(Self.facility * 8 + severity)>1 \(RFC3339.format(row.event.time)) \(host) otpd - "
            + Self.header(row.event.code.rawValue, limit: 32)
        switch format {
        case .rfc5424: return "\(head) \(structuredData) \u{FEFF}\(summary)"
        case .cef: return "\(head) - \u{FEFF}\(commonEvent(severity: severity))"
        }
    }

    /// The message with its length before it (RFC 5425 §4.3, RFC 6587 §3.4.1).
    package func frame(_ format: SyslogFormat) -> [UInt8] {
        let text = Array(text(format).utf8)
        return Array("\(text.count) ".utf8) + text
    }

    private static func isGrave(_ code: AuditCode) -> Bool {
        [.signInLocked, .accountLocked, .laneExhausted, .accountDestroyed, .authenticatorRevoked].contains(code)
    }

    private var fields: [(name: String, value: String?)] {
        let (event, origin) = (row.event, row.event.provenance)
        return [
            ("chain", row.chain), ("number", "\(row.number)"), ("result", event.result.rawValue),
            ("account", event.account?.text), ("address", event.address), ("cause", event.cause?.rawValue),
            ("clause", event.clause), ("factor", event.factor), ("authenticator", event.authenticator?.text),
            ("document", event.document), ("detail", event.detail), ("client", origin.client),
            ("actor", origin.actor), ("client_ip", origin.clientAddress), ("user_agent", origin.userAgent),
            ("request_id", origin.requestID), ("entry", origin.entry),
        ]
    }

    private var structuredData: String {
        var data = "[" + Self.elementName
        for field in fields {
            guard let value = field.value else { continue }
            data += " \(field.name)=\"\(Self.escaped(value, "\"\\]"))\""
        }
        return data + "]"
    }

    private var summary: String {
        Self.escaped(
            [row.event.code.rawValue, row.event.result.rawValue, row.event.address ?? row.event.account?.text]
                .compactMap { $0 }.joined(separator: " "), "")
    }

    private func commonEvent(severity: Int) -> String {
        let (event, origin) = (row.event, row.event.provenance)
        let code = Self.escaped(event.code.rawValue, "\\|")
        let header = "CEF:0|UBND TP Ha Noi|otpd|\(Self.escaped(version, "\\|"))|\(code)|\(code)|\(10 - severity)|"
        let labelled = [
            ("clause", event.clause), ("document", event.document), ("factor", event.factor),
            ("client", origin.client), ("actor", origin.actor), ("chain", row.chain),
        ]
        var extensions: [(String, String?)] = [
            ("rt", "\(event.time.milliseconds)"), ("outcome", event.result.rawValue),
            ("externalId", "\(row.number)"), ("duid", event.account?.text), ("duser", event.address),
            ("src", origin.clientAddress), ("requestClientApplication", origin.userAgent),
            ("reason", event.cause?.rawValue), ("msg", event.detail), ("deviceProcessName", origin.entry),
            ("requestContext", origin.requestID),
        ]
        for (index, field) in labelled.enumerated() where field.1 != nil {
            extensions += [("cs\(index + 1)Label", field.0), ("cs\(index + 1)", field.1)]
        }
        return header
            + extensions.compactMap { name, value in value.map { "\(name)=\(Self.escaped($0, "\\="))" } }
            .joined(separator: " ")
    }

    /// A word of the header: printable ASCII without spaces.
    private static func header(_ text: String, limit: Int) -> String {
        let word = text.unicodeScalars.prefix(limit).map { ("!"..."~").contains($0) ? Character($0) : "_" }
        return word.isEmpty ? "-" : String(word)
    }

    /// A value whose special characters have a backslash before them and whose controls are spaces.
    private static func escaped(_ text: String, _ special: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .surrogate: result.unicodeScalars.append(" ")
            default:
                if special.unicodeScalars.contains(scalar) { result += "\\" }
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
