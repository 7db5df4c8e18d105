import AuthDomain
import Settings
import Testing

@Suite("Settings values")
struct SettingsValueTests {
    let folder: SettingsFolder

    init() throws {
        folder = try SettingsFolder()
    }

    @Test(
        "Redis: host, socket, user and database",
        arguments: [
            ("redis://127.0.0.1:6379/0", RedisAddress.tcp(host: "127.0.0.1", port: 6379), 0),
            ("redis://cache", .tcp(host: "cache", port: 6379), 0),
            ("redis://cache:1/", .tcp(host: "cache", port: 1), 0),
            ("redis://[::1]:6380/15", .tcp(host: "::1", port: 6380), 15),
            ("unix:/run/redis.sock", .unix(path: "/run/redis.sock"), 0),
        ])
    func redis(text: String, address: RedisAddress, database: Int) throws {
        let redis = try #require(try folder.parse("\"redis\": \"\(text)\"").redis)
        #expect(redis.address == address)
        #expect(redis.database == database)
        #expect(redis.password == nil)
    }

    @Test("the Redis password comes from its file, and belongs to the user of the URL")
    func redisPassword() throws {
        let members = "\"redis\": \"redis://otpd@cache:1/0\", \"redis_password_file\": \"redis-password\""
        let redis = try #require(try folder.parse(members).redis)
        #expect(redis.user == "otpd")
        #expect(redis.password.map { $0 == SecretBytes(Array("hunter2".utf8)) } == true)
        #expect("\(redis)".contains("hunter2") == false)
    }

    @Test(
        "Redis URLs that are refused are never shown: they may hold a password",
        arguments: [
            "redis://:hunter2@cache:1/0", "redis://u:hunter2@cache:1", "rediss://hunter2@cache", "redis://@hunter2",
            "redis://hunter2@cache:0", "redis://hunter2@cache:1/x", "redis://hunter2@[cache", "redis://hunter2@ca che",
            "hunter2", "unix:", "unix://hunter2", "redis://hunter2@", "redis://hunter2@::1", "redis://hunter2@h:1/-1",
            "redis://hunter2@cache",
        ])
    func redisRefused(text: String) {
        let lines = folder.problems("\"redis\": \"\(text)\"")
        #expect(lines.count == 1)
        #expect(lines.allSatisfy { $0.hasPrefix("redis: ") && !$0.contains("hunter2") })
    }

    @Test(
        "addresses to listen on",
        arguments: [
            ("0.0.0.0:80", true), ("[::]:65535", true), ("[::1]:0", true), ("127.0.0.1", false), (":80", false),
            ("::1:80", false), ("[::1]", false), ("[127.0.0.1]:80", false), ("127.0.0.1:65536", false),
            ("127.0.0.1:+8", false), ("127.0.0.1:", false), ("127.1:80", false), ("localhost:80", false),
            ("[::1:80", false), ("::1]:80", false), ("", false),
        ])
    func listen(text: String, isRight: Bool) {
        #expect(folder.problems("\"listen\": \"\(text)\"").isEmpty == isRight)
    }

    @Test("address ranges are kept as CIDR tells them; a bare address is a range of one")
    func ranges() throws {
        let settings = try folder.parse("\"throttle\": {\"exempt\": [\"2001:db8::/33\", \"::ffff:10.1.2.3\"]}")
        #expect(settings.throttle.exempt.map(\.text) == ["2001:db8::/33", "10.1.2.3/32"])
    }

    @Test(
        "zones without summer time",
        arguments: [
            ("Asia/Ho_Chi_Minh", 25200), ("Asia/Bangkok", 25200), ("UTC", 0), ("+05:45", 20700), ("-03:30", -12600),
        ])
    func zones(name: String, seconds: Int) throws {
        #expect(try folder.parse("\"time_zone\": \"\(name)\"").timeZone.offset == .seconds(seconds))
    }

    @Test("a ring key survives being written and read")
    func ringKey() throws {
        let bytes = (0..<32).map { UInt8($0 * 7 & 255) }
        let line = RingKeyFile.line(id: [0xDE, 0xAD, 0xBE, 0xEF], key: bytes)
        let key = try RingKeyFile.parse(Array(line.utf8))
        #expect(line.hasPrefix("otpd-key-v1:deadbeef:"))
        #expect(key.id == "deadbeef")
        #expect(key.bytes == SecretBytes(bytes))
        #expect("\(key)".contains(line.suffix(10)) == false)
        #expect(try RingKeyFile.parse(Array((line + "\n").utf8)).id == "deadbeef")
    }

    @Test("a ring key in any other form is refused, and nothing of it is shown")
    func ringKeyRefused() {
        let line = RingKeyFile.line(id: [0, 0, 0, 1], key: [UInt8](repeating: 1, count: 32))
        let wrong = [
            "", line + "\n\n", line + "\r\n", " " + line, line + " ", line.uppercased(), String(line.dropLast()),
            line.replacing("v1", with: "v2"), line.replacing("00000001", with: "0000001"),
            line.replacing("00000001", with: "0000000g"), line.replacing("=", with: ""),
            line.replacing("QE=", with: "QF="), line.replacing("=", with: "A"), line + "\n" + line,
            String(line.dropLast(4)), line.replacing("AQ", with: "A-"),
        ]
        for text in wrong {
            #expect(throws: RingKeyFile.Failure.self, "\(text)") { try RingKeyFile.parse(Array(text.utf8)) }
        }
    }
}
