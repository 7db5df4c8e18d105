import Settings
import Testing

@Suite("Settings from the environment")
struct SettingsEnvironmentTests {
    let folder: SettingsFolder

    init() throws {
        folder = try SettingsFolder()
    }

    @Test("a variable goes before the file, for every type of key")
    func overrides() throws {
        let settings = try folder.parse(
            "\"lockout\": {\"limit\": 4}, \"redis\": \"unix:redis.sock\", \"domains\": [\"a.vn\"]",
            environment: [
                "OTPD_LISTEN": "127.0.0.1:9", "OTPD_LOCKOUT_LIMIT": "6", "OTPD_LOCKOUT_LANES": "device",
                "OTPD_THROTTLE_ENABLED": "false", "OTPD_REDIS": "null", "OTPD_DOMAINS": "b.vn, c.vn",
                "OTPD_KEYS": "[\"ring-2\", \"ring-1\"]", "OTPD_SIGN_IN_LIFETIME_S": "60",
                "OTPD_ASSERTION_LIFETIME_S": "", "PATH": "/usr/bin",
            ])
        #expect(settings.listen.port == 9)
        #expect(settings.lockout.limit == 6)
        #expect(settings.lockout.lanes == .device)
        #expect(!settings.throttle.isEnabled)
        #expect(settings.redis == nil)
        #expect(settings.domains == ["b.vn", "c.vn"])
        #expect(settings.keys.count == 2)
        #expect(settings.signIn.lifetime == .seconds(60))
        #expect(settings.assertion.lifetime == .seconds(60))
    }

    @Test(
        "a wrong variable is named",
        arguments: [
            ("OTPD_LOCKOUT_LIMIT", "50", "lockout.limit: must be between 3 and 10, is 50 (from OTPD_LOCKOUT_LIMIT)"),
            ("OTPD_LOOPS", "two", "loops: must be a whole number, is \"two\" (from OTPD_LOOPS)"),
            (
                "OTPD_THROTTLE_ENABLED", "1",
                "throttle.enabled: must be true or false, is \"1\" (from OTPD_THROTTLE_ENABLED)"
            ),
            ("OTPD_LOKCOUT_LIMIT", "5", "OTPD_LOKCOUT_LIMIT: unknown variable; did you mean OTPD_LOCKOUT_LIMIT?"),
            ("OTPD_KEYS", "[ring-1", "keys: must be a list of strings, is \"[ring-1\" (from OTPD_KEYS)"),
        ])
    func mistake(variable: String, value: String, line: String) {
        #expect(folder.problems("", environment: [variable: value]) == [line])
    }

    @Test("a variable that resembles no key is only told of: it may be another program's")
    func foreign() throws {
        let settings = try folder.parse(environment: ["OTPD_SERVICE_HOST": "10.0.0.1"])
        #expect(settings.warnings.contains("the environment variable OTPD_SERVICE_HOST sets nothing"))
    }
}
