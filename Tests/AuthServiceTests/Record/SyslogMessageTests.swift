import AuthDomain
import AuthService
import Testing

@Suite("Rows of the record as syslog messages (R-SIEM-1)")
struct SyslogMessageTests {
    private func row(
        detail: String? = nil, address: String? = nil, result: AuditResult = .success, chain: String = "node-a/x"
    ) -> AuditRow {
        AuditRow(
            chain: chain, number: 7,
            event: AuditEvent(
                time: WallInstant(milliseconds: 1_795_420_800_123), code: .accountLocked, result: result,
                account: AccountID("acc_1"), address: address, cause: .badPassword5, clause: "Điều 8.2.b",
                detail: detail,
                provenance: Provenance(client: "sso", clientAddress: "203.0.113.9", userAgent: "A|B=C", entry: "web")))
    }

    @Test("RFC 5424: header, structured data, summary")
    func structured() {
        let text = SyslogMessage(row(address: "an@hanoi.gov.vn"), version: "1").text(.rfc5424)
        #expect(
            text == "<85>1 2026-11-23T08:00:00.123Z node-a otpd - account_locked "
                + "[otpd@32473 chain=\"node-a/x\" number=\"7\" result=\"success\" account=\"acc_1\" "
                + "address=\"an@hanoi.gov.vn\" cause=\"bad_password_5\" clause=\"Điều 8.2.b\" client=\"sso\" "
                + "client_ip=\"203.0.113.9\" user_agent=\"A|B=C\" entry=\"web\"] "
                + "\u{FEFF}account_locked success an@hanoi.gov.vn")
    }

    @Test("CEF: seven header fields, escaped extensions")
    func common() throws {
        let text = SyslogMessage(row(result: .failure), version: "1|2").text(.cef)
        #expect(text.hasPrefix("<84>1 2026-11-23T08:00:00.123Z node-a otpd - account_locked - \u{FEFF}CEF:0|"))
        #expect(text.contains("|otpd|1\\|2|account_locked|account_locked|6|rt=1795420800123 outcome=failure"))
        #expect(text.contains("requestClientApplication=A|B\\=C"))
        #expect(text.contains("cs1Label=clause cs1=Điều 8.2.b"))
    }

    @Test(
        "no value ends its field, its line or its frame",
        arguments: [
            "a\"] [evil x=\"1", "back\\slash", "line\nfeed\r\n<13>1 - - - - - -", "nul\u{0}", "\u{2028}\u{85}", "=|\\",
            String(repeating: "]", count: 5000),
        ])
    func injection(value: String) throws {
        let message = SyslogMessage(row(detail: value, address: value, chain: value + "/1"), version: value)
        for format in SyslogFormat.allCases {
            let text = message.text(format)
            #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .control })
            let frame = message.frame(format)
            let length = try #require(frame.firstIndex(of: UInt8(ascii: " ")))
            #expect(Int(String(decoding: frame[..<length], as: UTF8.self)) == frame.count - length - 1)
        }
        // Every quote, backslash and bracket within a value has a backslash of its own before it.
        let data = message.text(.rfc5424).drop { $0 != "[" }
        var isEscaped = false
        var depth = 0
        var isQuoted = false
        for character in data {
            if isEscaped { isEscaped = false; continue }
            switch character {
            case "\\" where isQuoted: isEscaped = true
            case "\"": isQuoted.toggle()
            case "[" where !isQuoted: depth += 1
            case "]" where !isQuoted: depth -= 1
            default: break
            }
            if depth == 0 { break }
        }
        #expect(!isQuoted && depth == 0)
    }
}
