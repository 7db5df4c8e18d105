import Foundation
import Settings
import Testing

@Suite("Settings reference")
struct SettingsReferenceTests {
    /// The text of `deploy/otpd.example.json`.
    static func example() throws -> [UInt8] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return Array(try Data(contentsOf: root.appending(path: "deploy/otpd.example.json")))
    }

    @Test("names and variables are unique and every key is described")
    func unique() {
        let reference = Settings.reference
        #expect(Set(reference.map(\.name)).count == reference.count)
        #expect(Set(reference.map(\.variable)).count == reference.count)
        #expect(reference.allSatisfy { $0.summary.hasSuffix(".") && !$0.type.isEmpty })
        #expect(reference.filter { $0.defaultText == nil }.map(\.name) == ["database", "keys"])
        #expect(
            reference.filter(\.isSecret).map(\.name) == [
                "redis", "redis_password_file", "keys", "sms.gateways", "mail.nginx_upstream_password_file",
            ])
        let limit = reference.first { $0.name == "lockout.limit" }
        #expect(limit?.variable == "OTPD_LOCKOUT_LIMIT")
        #expect(limit?.defaultText == "5")
        #expect(limit?.range == "3…10")
    }

    @Test("the example holds every key there is, in the order of the reference, and no other")
    func example() throws {
        #expect(try Settings.keyNames(in: Self.example()) == Settings.reference.map(\.name))
    }

    @Test("the example's values are the defaults, and right but for the files of another machine")
    func exampleValues() throws {
        let text = String(decoding: try Self.example(), as: UTF8.self)
        let folder = try SettingsFolder()
        let local = text.replacing("/etc/otpd/keys/ring-1.key", with: "ring-1").replacing("/var/lib/otpd/", with: "")
        let settings = try folder.parse(whole: local)
        let plain = try folder.parse()
        #expect(settings.withoutKeys == plain.withoutKeys)
        #expect(settings.sms.budget == plain.sms.budget && settings.sms.codes == plain.sms.codes)
        #expect(settings.sms.prefixRule == plain.sms.prefixRule && settings.sms.countries == plain.sms.countries)
        #expect(settings.sms.fallback == plain.sms.fallback && !settings.sms.isEnabled && !plain.sms.isEnabled)
    }
}

extension Settings {
    /// Everything but the ring keys, as text.
    fileprivate var withoutKeys: String {
        "\(listen) \(adminListen) \(database) \(issuer) \(totpIssuer) \(domains) \(timeZone) \(instance) \(loops) "
            + "\(lockout) \(totp) \(password) \(hash) \(signIn) \(enrolmentCode) \(assertion) \(throttle) \(http) "
            + "\(sqlite) \(callbacks) \(audit) \(log) \(testing)"
    }
}
