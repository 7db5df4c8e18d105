import AuthDomain
import Settings
import Testing

@Suite("Settings of short messages (R-SMSOTP-1, R-SMS-2, R-SMS-5)")
struct SMSSettingsTests {
    private let folder: SettingsFolder

    init() throws {
        folder = try SettingsFolder()
    }

    @Test("Every value arrives in the rules it belongs to")
    func values() throws {
        let sms = try folder.parse(
            """
            "issuer": "https://sso.example.vn/x", "sms": {
              "gateways": [{"type": "file", "path": "out"}], "gateways_per_message": 3,
              "report_url": "https://otp.example.vn/v1/sms/reports", "digits": 8, "code_lifetime_s": 120, "resend_s": 90,
              "countries": ["84", "+856"], "fallback": "reset_only", "totp_required_kinds": ["personal", "technical"],
              "totp_required_organisations": ["Sở Tài chính"], "budget": "observe", "phone_per_hour": 3,
              "money_per_day": 5000, "money_alarm_percent": 50, "prefix_run": 9, "prefix_pause_s": 600,
              "templates": {"vi.login": "Ma {code}, {minutes} phut", "_note": 1}}
            """
        ).sms
        #expect(sms.isEnabled && sms.gatewaysPerMessage == 3)
        #expect(sms.reportURL == "https://otp.example.vn/v1/sms/reports")
        #expect(sms.codes == SMSCodeRules(lifetime: .seconds(120), resendInterval: .seconds(90), digits: .eight))
        #expect(sms.countries.map(\.digits).sorted() == ["84", "856"])
        #expect(sms.fallback == .resetOnly && sms.totpRequiredKinds == [.personal, .technical])
        #expect(sms.totpRequiredOrganisations == ["Sở Tài chính"])
        #expect(sms.budget.mode == .observe && sms.budget.alarmPercent == 50)
        #expect(sms.budget.limits[.phone]?.most == 3 && sms.budget.limits[.phoneDay]?.most == 20)
        #expect(sms.budget.limits[.money]?.most == 5000)
        #expect(sms.prefixRule == PrefixConversionRule(runLimit: 9, pause: .seconds(600)))
        let key = SMSTemplateKey(language: .vietnamese, purpose: .login, servesSeveral: false)
        #expect(sms.templates?[key].source == "Ma {code}, {minutes} phut")
        let check = SMSTemplateKey(language: .english, purpose: .check, servesSeveral: true)
        let text = sms.templates?[check].text(
            code: SMSCode(drawn: OTPCode(truncated: 12_345_678, digits: .eight)),
            mailbox: MailboxAddress(canonical: "an@hanoi.gov.vn"), validFor: .seconds(120))
        #expect(text?.hasSuffix("\n@sso.example.vn #12345678") == true)
    }

    @Test("Nothing given: no gateway, no report, the limits of the rules")
    func defaults() throws {
        let sms = try folder.parse().sms
        #expect(!sms.isEnabled && sms.reportURL == nil && sms.codes == .standard && sms.fallback == .always)
        #expect(sms.budget == SMSBudget() && sms.prefixRule == PrefixConversionRule())
        #expect(sms.countries == [.vietnam] && sms.totpRequiredKinds.isEmpty)
    }

    @Test("All that is wrong is told at once, each under its key, a gateway's faults among them")
    func problems() {
        let inspection = GatewayInspection { list, key, folder in
            #expect(folder == self.folder.path)
            return .init(problems: [("\(key)[0].url", "is wrong")], warnings: [])
        }
        let text = """
            {"database": "sqlite:otpd.db", "keys": ["ring-1"], "lockout": {"limit": 99}, "sms": {
              "gateways": [{"type": "http"}], "gateways_per_message": 9, "report_url": "ftp://x/v1/sms/reports",
              "digits": 4, "code_lifetime_s": 61, "resend_s": 120, "max_parts": 4, "origin": "no host",
              "countries": ["840"], "fallback": "sometimes", "totp_required_kinds": ["group"], "budget": "off",
              "phone_per_hour": -1, "money_alarm_percent": 0, "prefix_run": 1, "colour": 1,
              "templates": {"vi.logn": "x", "vi.otp": 7, "en.login": "no code", "vi.login.several": "{code}",
                "en.otp": "{code} bit.ly/x", "vi.phone_verify": "Mã xác thực của bạn là {code}. Tuyệt đối không chia sẻ mã này cho bất kỳ ai khác.\\n{origin}"}}}
            """
        let found = lines(text, inspection)
        for key in [
            "lockout.limit", "sms.gateways[0].url", "sms.gateways_per_message", "sms.report_url", "sms.digits",
            "sms.resend_s", "sms.max_parts", "sms.origin", "sms.countries[0]", "sms.fallback",
            "sms.totp_required_kinds[0]", "sms.budget", "sms.phone_per_hour", "sms.money_alarm_percent",
            "sms.prefix_run", "sms.colour", "sms.templates.vi.logn", "sms.templates.vi.otp", "sms.templates.en.login",
            "sms.templates.vi.login.several", "sms.templates.en.otp", "sms.templates.vi.phone_verify",
        ] {
            #expect(found.contains { $0.hasPrefix(key + ":") }, "\(key)\n\(found.joined(separator: "\n"))")
        }
        #expect(found.contains { $0.contains("did you mean vi.login?") })
        #expect(found.contains { $0.contains("2 parts as UCS-2") && $0.contains("without diacritics it would take 1") })
    }

    @Test("A text over its limit is refused at start, and passes once the limit allows it (R-SMS-2)")
    func linter() throws {
        let long = String(repeating: "Thong bao tu co quan. ", count: 8) + "{code}"
        let own = #""templates": {"vi.login": "\#(long)"}"#
        #expect(folder.problems("\"sms\": {\(own)}").first?.hasPrefix("sms.templates.vi.login: takes 2 parts") == true)
        #expect(folder.problems("\"sms\": {\"max_parts\": 2, \(own)}").isEmpty)
    }

    @Test("Gateways may stand in the environment as JSON")
    func environment() throws {
        let given = ["OTPD_SMS_GATEWAYS": #"[{"type": "file", "path": "x"}]"#, "OTPD_SMS_PHONE_PER_HOUR": "2"]
        let sms = try folder.parse("", environment: given).sms
        #expect(sms.isEnabled && sms.budget.limits[.phone]?.most == 2)
        for text in ["[", "{}", "7"] {
            let found = folder.problems("", environment: ["OTPD_SMS_GATEWAYS": text])
            #expect(found.count == 1 && found[0].hasPrefix("sms.gateways:"), "\(found)")
        }
    }

    @Test("What is allowed but unwise is told at start")
    func warnings() throws {
        let open = try folder.parse(#""sms": {"gateways": [{}], "budget": "observe"}"#).warnings
        #expect(open.contains { $0.contains("sms.report_url") } && open.contains { $0.contains("sms.budget") })
        let plain = try folder.parse(
            #""listen": "0.0.0.0:8080", "sms": {"gateways": [{}], "report_url": "http://10.0.0.1/v1/sms/reports"}"#)
        #expect(plain.warnings.contains { $0.contains("plain http") })
    }

    private func lines(_ text: String, _ inspection: GatewayInspection) -> [String] {
        do throws(SettingsProblems) {
            _ = try Settings.parse(bytes: Array(text.utf8), path: "\(folder.path)/otpd.json", inspection: inspection)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }
}
