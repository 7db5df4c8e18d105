import AuthDomain
import Settings
import Testing

@Suite("Settings of callbacks")
struct CallbackSettingsTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n"

    private func folder() throws -> SettingsFolder {
        let folder = try SettingsFolder()
        try folder.write("store.secret", Self.secret)
        try folder.write("next.secret", "whsec_" + Base64.encode([UInt8](repeating: 3, count: 32), .padded))
        try folder.write("doveadm.key", "k3y\n")
        return folder
    }

    @Test("a webhook with two secrets and a doveadm target are read")
    func targets() throws {
        let callbacks = try folder().parse(
            """
            "callbacks": {"connections": 2, "targets": [
                {"name": "store", "type": "webhook", "url": "https://store.example/hook?a=1",
                 "secret_files": ["next.secret", "store.secret"], "events": ["mailbox.locked", "mailbox.restored"]},
                {"name": "dovecot", "type": "doveadm", "url": "http://127.0.0.1:11080/doveadm/v1",
                 "secret_files": ["doveadm.key"], "users": "local_part"}
            ]}
            """
        ).callbacks
        #expect(callbacks.targets.map(\.name) == ["store", "dovecot"])
        #expect(callbacks.targets.map(\.kind) == [.webhook, .doveadm])
        #expect(callbacks.targets[0].secrets.map(\.key.count) == [32, 24])
        #expect(callbacks.targets[0].events == [.mailboxLocked, .mailboxRestored])
        #expect(callbacks.targets[1].apiKey?.withBytes { Array($0) } == Array("k3y".utf8))
        #expect(callbacks.targets[1].users == .localPart && callbacks.targets[1].events == nil)
        #expect(callbacks.connections == 2 && callbacks.timeout == .seconds(15))
        #expect(!"\(callbacks)".contains("k3y"))
    }

    @Test("targets can come from the environment, as JSON")
    func environment() throws {
        let json = """
            [{"name": "s", "type": "webhook", "url": "https://a/", "secret_files": ["store.secret"]}]
            """
        let settings = try folder().parse(environment: ["OTPD_CALLBACKS_TARGETS": json])
        #expect(settings.callbacks.targets.map(\.url) == ["https://a/"])
    }

    @Test("every problem is told with its place")
    func problems() throws {
        let folder = try folder()
        func problems(_ target: String) -> [String] {
            folder.problems("\"callbacks\": {\"targets\": [\(target)]}")
        }
        let rest = #""type": "webhook", "url": "https://a/", "secret_files": ["store.secret"]"#
        #expect(
            problems("{}") == [
                "callbacks.targets[0].name: required, but not given",
                "callbacks.targets[0].type: required, but not given",
                "callbacks.targets[0].url: required, but not given",
                "callbacks.targets[0].secret_files: required, but not given",
            ])
        #expect(
            problems(#"{"name": "a", \#(rest), "events": ["mailbox.lockt"], "event": 1}"#) == [
                "callbacks.targets[0].events[0]: is no event: \"mailbox.lockt\"; did you mean mailbox.locked?",
                "callbacks.targets[0].event: unknown key; did you mean events?",
            ])
        #expect(
            problems(#"{"name": "a", \#(rest)}, {"name": "a", \#(rest)}"#) == [
                "callbacks.targets: two targets are named a"
            ])
        #expect(
            problems(#"{"name": "a", "type": "webhook", "url": "https://a/", "secret_files": ["doveadm.key"]}"#) == [
                "callbacks.targets[0].secret_files[0]: the file DIR/doveadm.key must hold whsec_ and 24 to 64 bytes "
                    + "in base64"
            ])
        #expect(problems("[]") == ["callbacks.targets[0]: must be an object, is a list"])
        #expect(folder.problems(#""callbacks": {"targets": {}}"#).count == 1)
    }

    @Test(
        "an address is an http or https URL without user information",
        arguments: [
            "", "a", "ftp://a/", "https://", "https:///x", "https://:80/", "https://u:p@a/", "https://a b/",
            "https://a/#f",
            "https://a\\b/", "HTTPS", "javascript://x",
        ])
    func urls(_ url: String) throws {
        let text = url.replacing("\\", with: "\\\\")
        let target = #"{"name": "a", "type": "webhook", "url": "\#(text)", "secret_files": ["store.secret"]}"#
        #expect(try folder().problems("\"callbacks\": {\"targets\": [\(target)]}").count == 1)
    }

    @Test("an address without TLS beyond this machine is a warning")
    func warning() throws {
        func warnings(_ url: String) throws -> Int {
            try folder().parse(
                """
                "callbacks": {"targets": [
                    {"name": "a", "type": "webhook", "url": "\(url)", "secret_files": ["store.secret"]}]}
                """
            ).warnings.filter { $0.contains("without TLS") }.count
        }
        #expect(try warnings("http://store.example/") == 1)
        #expect(try warnings("http://127.0.0.1:80/") == 0)
        #expect(try warnings("https://store.example/") == 0)
    }
}
