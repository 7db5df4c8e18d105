import AuthDomain
import Foundation
import Settings
import Testing

@Suite("Settings")
struct SettingsTests {
    let folder: SettingsFolder

    init() throws {
        folder = try SettingsFolder()
    }

    @Test("the two required keys are enough; the rest has the defaults of the regulation (Đ8.2.b, R-LOG-1)")
    func defaults() throws {
        let settings = try folder.parse()
        #expect(settings.listen.description == "127.0.0.1:8080")
        #expect(settings.adminListen.description == "127.0.0.1:8081")
        #expect(settings.database == .sqlite(path: "\(folder.path)/otpd.db"))
        #expect(settings.redis == nil)
        #expect(settings.keys.map(\.id) == ["00000001"])
        #expect(settings.issuer == "https://sso.thudo.gov.vn")
        #expect(settings.totpIssuer == "Thu dien tu Ha Noi")
        #expect(settings.domains == ["hanoi.gov.vn", "thudo.gov.vn"])
        #expect(settings.timeZone.offset == .seconds(25200))
        #expect(!settings.instance.isEmpty)
        #expect(settings.lockout.limit == 5)
        #expect(settings.lockout.lanes == .single)
        #expect(settings.lockout.busyWait == .seconds(3))
        #expect(settings.password.blocklist == nil)
        #expect(settings.throttle.addressRefill == .seconds(20))
        #expect(settings.audit.retentionDays == 400)
        #expect(settings.log.level == .info)
    }

    @Test("settings that tests set, with comments, trailing commas and a byte order mark")
    func full() throws {
        let settings = try folder.parse(
            whole: """
                \u{FEFF}// comment
                { "listen": "127.0.0.1:0", "admin_listen": "[::1]:0", /* two
                  lines */ "database": "sqlite:/tmp/otpd.db", "redis": "redis://localhost:6380/3",
                  "keys": ["ring-2", "ring-1",], "time_zone": "+07:00", "domains": ["Hanoi.gov.vn"],
                  "lockout": {"limit": 3}, "totp": {"window_back": 0, "window_ahead": 2},
                  "password": {"rotation": "enforce", "blocklist": "blocklist"},
                  "throttle": {"enabled": false, "exempt": ["10.0.0.0/8", "::1"]},
                  "testing": {"clock_file": "clock"}, }
                """)
        #expect(settings.listen.port == 0)
        #expect(settings.adminListen.address.isLoopback)
        #expect(settings.redis?.address == .tcp(host: "localhost", port: 6380))
        #expect(settings.redis?.database == 3)
        #expect(settings.keys.map(\.id) == ["00000002", "00000001"])
        #expect(settings.domains == ["hanoi.gov.vn"])
        #expect(settings.password.blocklist == "\(folder.path)/blocklist")
        #expect(settings.throttle.exempt.map(\.text) == ["10.0.0.0/8", "::1/128"])
        #expect(settings.testing.clockFile == "\(folder.path)/clock")
        #expect(settings.warnings.contains("testing.clock_file is set: the time is read from a file"))
    }

    @Test("five mistakes are five problems, each in one line, found in one pass")
    func fiveMistakes() {
        let text = """
            { "listen": "somewhere", "database": "sqlite:otpd.db", "keys": ["ring-9"],
              "lockout": {"limit": 50}, "totp": {"window_back": "one"}, "pasword": {} }
            """
        #expect(
            folder.problems(whole: text) == [
                "listen: must be an IP address and a port, like 127.0.0.1:8080 or [::1]:8080, is \"somewhere\"",
                "keys[0]: the file DIR/ring-9 does not exist",
                "lockout.limit: must be between 3 and 10, is 50",
                "totp.window_back: must be a whole number, is \"one\"",
                "pasword: unknown key; did you mean password?",
            ])
    }

    @Test(
        "each mistake has its line",
        arguments: [
            ("\"loops\": 1.5", "loops: must be a whole number, is 1.5"),
            ("\"loops\": 99999999999999999999", "loops: must be a whole number, is 99999999999999999999"),
            ("\"loops\": -1", "loops: must be between 0 and 256, is -1"),
            (
                "\"log\": {\"level\": \"loud\"}",
                "log.level: must be one of \"debug\", \"info\", \"warning\", \"error\", is \"loud\""
            ),
            ("\"log\": 3", "log: must be an object, is 3"),
            ("\"throttle\": {\"enabled\": \"yes\"}", "throttle.enabled: must be true or false, is \"yes\""),
            (
                "\"throttle\": {\"exempt\": [\"10.0.0.1/8\"]}",
                "throttle.exempt[0]: has bits beyond its prefix: did you mean 10.0.0.0/8?"
            ),
            (
                "\"throttle\": {\"exempt\": [\"10.0.0.0/33\"]}",
                "throttle.exempt[0]: must be an address range like 10.0.0.0/8 or 2001:db8::/32, is 10.0.0.0/33"
            ),
            ("\"domains\": []", "domains: must name at least one domain"),
            ("\"domains\": \"hanoi.gov.vn\"", "domains: must be a list of strings, is \"hanoi.gov.vn\""),
            ("\"domains\": [\"hanoi.gov.vn\", \"HANOI.gov.vn\"]", "domains[1]: given twice: HANOI.gov.vn"),
            ("\"domains\": [\"hà-nội.gov.vn\"]", "domains[0]: must be a domain name, is \"hà-nội.gov.vn\""),
            (
                "\"issuer\": \"http://sso.thudo.gov.vn\"",
                "issuer: must be an https URL without query, is \"http://sso.thudo.gov.vn\""
            ),
            (
                "\"totp_issuer\": \"Thư: điện tử\"",
                "totp_issuer: must be 1 to 40 ASCII characters without a colon, is \"Thư: điện tử\""
            ),
            ("\"totp_issuer\": \"a\\u0001b\"", "totp_issuer: must not hold control characters"),
            (
                "\"time_zone\": \"Europe/Paris\"",
                "time_zone: must be Asia/Ho_Chi_Minh, Asia/Bangkok, UTC or a fixed offset like +07:00, "
                    + "is \"Europe/Paris\""
            ),
            ("\"listen\": \"127.0.0.1:8081\"", "admin_listen: must differ from listen, is 127.0.0.1:8081 too"),
            ("\"audit\": {\"retention_days\": 365}", "audit.retention_days: must be between 366 and 36500, is 365"),
            ("\"assertion\": {\"lifetime_s\": 61}", "assertion.lifetime_s: must be between 5 and 60, is 61"),
            (
                "\"assertion\": {\"key_rotation_days\": 1, \"key_publish_ahead_s\": 86400}",
                "assertion.key_publish_ahead_s: must be shorter than assertion.key_rotation_days"
            ),
            ("\"password\": {\"blocklist\": \"none\"}", "password.blocklist: the file DIR/none does not exist"),
            ("\"password\": {\"blocklist\": \".\"}", "password.blocklist: the file DIR/. is not a regular file"),
            (
                "\"listen\": \"0.0.0.0:80\", \"testing\": {\"clock_file\": \"clock\"}",
                "testing.clock_file: refused unless listen and admin_listen are loopback addresses"
            ),
            (
                "\"admin_listen\": \"[::]:80\", \"testing\": {\"clock_file\": \"clock\"}",
                "testing.clock_file: refused unless listen and admin_listen are loopback addresses"
            ),
            ("\"lockout\": {\"limt\": 5}", "lockout.limt: unknown key; did you mean lockout.limit?"),
            ("\"window_back\": 5", "window_back: unknown key; did you mean totp.window_back?"),
            ("\"zzz\": 5", "zzz: unknown key"),
            ("\"loops\": 1,\n\"loops\": 2", "DIR/otpd.json:2:1: loops is given twice, first in line 1"),
            (
                "\"lockout\": {\n\"limit\": 4, \"limit\": 4}",
                "DIR/otpd.json:2:13: limit is given twice, first in line 2"
            ),
            ("\"redis_password_file\": \"redis-password\"", "redis_password_file: stands without redis"),
        ])
    func mistake(members: String, line: String) {
        #expect(folder.problems(members) == [line])
    }

    @Test("what is missing is named, and key files are held to their form")
    func keyFiles() throws {
        #expect(
            folder.problems(whole: "{}") == [
                "database: required, but not given", "keys: required, but not given",
            ])
        try folder.write("short", "otpd-key-v1:00000003:AAAA\n")
        try folder.write("same-id", SettingsFolder.keyLine(id: 1, byte: 1))
        let text = """
            {"database": "sqlite:none/otpd.db", "keys": ["ring-1", "ring-1", "short", "same-id", "blocklist", "."]}
            """
        #expect(
            folder.problems(whole: text) == [
                "database: the folder DIR/none does not exist",
                "keys[1]: given twice: ring-1",
                "keys[5]: the file DIR/. is not a regular file",
            ])
        #expect(
            folder.problems(whole: text.replacing(", \".\"", with: "").replacing("none/", with: "")) == [
                "keys[1]: given twice: ring-1",
                "keys[1]: has the key id 00000001 of a file before it",
                "keys[2]: the file DIR/short holds a key of 3 bytes, not 32",
                "keys[3]: has the key id 00000001 of a file before it",
                "keys[4]: the file DIR/blocklist is not a ring key: "
                    + "expected one line otpd-key-v1:<8 hex digits>:<base64 of 32 bytes>",
            ])
    }

    @Test("the file itself: missing, too large, no object")
    func file() throws {
        #expect(throws: SettingsProblems.self) { try Settings.load(path: "\(folder.path)/none", environment: [:]) }
        #expect(throws: SettingsProblems.self) { try Settings.load(path: "/dev/zero", environment: [:]) }
        try folder.write("large", String(repeating: " ", count: (1 << 20) + 1))
        #expect(throws: SettingsProblems.self) { try Settings.load(path: "\(folder.path)/large", environment: [:]) }
        #expect(folder.problems(whole: "[]") == ["DIR/otpd.json: must hold one JSON object"])
        try folder.write("otpd.json", "{\"database\": \"sqlite:otpd.db\", \"keys\": [\"ring-1\"]}")
        #expect(try Settings.load(path: "\(folder.path)/otpd.json", environment: [:]).keys.count == 1)
    }

    @Test("a hundred problems are listed, the rest counted")
    func manyProblems() {
        let members = (0..<500).map { "\"k\($0)\": 1" }.joined(separator: ",")
        let lines = folder.problems(members)
        #expect(lines.count == 101)
        #expect(lines.last == "settings: 400 further problems")
    }
}
