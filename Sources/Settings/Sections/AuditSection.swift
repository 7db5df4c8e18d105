internal import AuthDomain

extension Settings {
    /// `audit`: how long evidence is kept, and where it goes beside the database (Đ9.2, R-SIEM-1).
    package struct Audit: Sendable {
        /// The form of forwarded rows.
        package enum Form: String, CaseIterable, Sendable {
            case rfc5424, cef
        }

        /// Days that a row is kept at least.
        package let retentionDays: Int
        /// The collector that rows are forwarded to; nil for none.
        package let syslog: SyslogServer?
        /// The authorities that a collector's certificate is checked with; nil for the system's.
        package let syslogAuthorityFile: String?
        /// The form of forwarded rows.
        package let syslogForm: Form

        init(_ reader: SectionReader) {
            retentionDays = reader.integer(
                "retention_days", default: 400, in: 366...36500, unit: "days",
                "How long audit rows are kept; at least a year (Đ9.2, R-LOG-1).")
            let doc = KeyDoc(
                type: "tcp://HOST:PORT or tls://HOST:PORT", defaultText: "null",
                summary: "A syslog collector that every audit row is sent to; null for none (R-SIEM-1).")
            syslog = reader.text("syslog", doc) { text throws(Refusal) in try SyslogServer(settingText: text) }
            syslogAuthorityFile = reader.file(
                "syslog_ca_file", "The PEM file of authorities for a tls:// collector; null for the system's.")
            syslogForm = reader.choice("syslog_format", default: .rfc5424, "The form of forwarded rows.")
            if syslogAuthorityFile != nil, syslog?.isSecure == false {
                reader.refuse("syslog_ca_file", because: "stands beside a collector without tls://")
            }
        }
    }
}

/// A collector of syslog messages on a stream.
package struct SyslogServer: Hashable, Sendable {
    /// A host name or an address, IPv6 in brackets.
    package let host: String
    /// The port.
    package let port: UInt16
    /// Whether it is reached over TLS (RFC 5425).
    package let isSecure: Bool

    /// Reads `tcp://HOST:PORT` or `tls://HOST:PORT`.
    init(settingText text: String) throws(Refusal) {
        let form = Refusal("must be \"tcp://HOST:PORT\" or \"tls://HOST:PORT\", is \(SectionReader.quote(text))")
        guard text.hasPrefix("tcp://") || text.hasPrefix("tls://") else { throw form }
        isSecure = text.hasPrefix("tls://")
        guard let (host, port) = ListenAddress.split(String(text.dropFirst(6))), let port, port != 0 else { throw form }
        let isNumeric = NetworkAddress(host) != nil
        guard isNumeric || DomainName.isValid(host, leastLabels: 1) else { throw form }
        self.host = isNumeric && host.contains(":") ? "[\(host)]" : host
        self.port = port
    }
}
