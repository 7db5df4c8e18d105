import AuthDomain
import Foundation
import TestKit

/// A scenario with gateways of its own; the gateways report to its first instance.
struct MessageSite {
    let scenario: Scenario
    /// The folder with the gateways' password files and what the file gateway wrote.
    let folder: TemporaryDirectory

    /// The password of the gateways that ask for one.
    static let gatewayPassword = KannelRig.password

    /// Starts one instance, or more on ports of their own; `gateways` gets the folder with `password`.
    init(
        redis: RedisServer?, instances: Int = 1, sms: [String: Any] = [:], overrides: [String: Any] = [:],
        gateways: (TemporaryDirectory) -> [[String: Any]]
    ) throws {
        folder = try TemporaryDirectory()
        try folder.write(Self.gatewayPassword + "\n", to: "password")
        let port = try LoopbackPorts.free(1)[0]
        let own: [String: Any] = [
            "gateways": gateways(folder), "report_url": "http://127.0.0.1:\(port)/v1/sms/reports",
        ]
        let listen = "127.0.0.1:\(instances == 1 ? port : 0)"
        let settings: [String: Any] = ["listen": listen, "sms": own.merging(sms) { $1 }]
        scenario = try Scenario(redis: redis, instances: instances, overrides: settings.merging(overrides) { $1 })
    }

    /// Kannel as the settings describe it.
    static func kannel(_ url: String, _ folder: TemporaryDirectory, name: String = "kannel") -> [String: Any] {
        [
            "type": "kannel", "name": name, "url": url, "user": KannelRig.user,
            "password_file": folder.path("password"), "sender": "TPHN", "cost_per_part": 500, "timeout_ms": 1500,
            "report_addresses": ["127.0.0.1"], "circuit": ["failures": 100],
        ]
    }

    /// The file gateway.
    static func file(_ folder: TemporaryDirectory, name: String = "file") -> [String: Any] {
        ["type": "file", "name": name, "path": folder.path("messages")]
    }

    /// The messages that the file gateway wrote.
    var written: [(to: String, text: String)] {
        let text = (try? String(contentsOfFile: folder.path("messages"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
            return object.map { ($0["to"] ?? "", $0["text"] ?? "") }
        }
    }

    /// Provisions an account with a phone; returns its temporary password.
    func provision(_ address: String, phone: String) async throws -> String {
        let answer = await scenario.desk().send(
            "POST", "/v1/accounts", ["address": address, "kind": "personal", "phone": phone])
        guard answer.status == 201, let password = answer["temporary_password"] else {
            throw OTPDError.command("provision: \(answer.status) \(answer.text)")
        }
        return password
    }

    /// Begins a sign-in and asks for a code; the sign-in's id and the answer to the request for the code.
    func ask(_ address: String, _ password: String) async throws -> (id: String, answer: HTTPTestAnswer) {
        let begun = await scenario.begin(address, password)
        guard begun.status == 201, let id = begun["id"] else {
            throw OTPDError.command("begin: \(begun.status) \(begun.text)")
        }
        return (id, await scenario.sso().send("POST", "/v1/sign-ins/\(id)/sms", [:]))
    }

    /// The code in the last line of a message.
    static func code(in text: String) -> String {
        text.split(separator: "#").last.map(String.init) ?? ""
    }

    /// The rows of all messages, oldest first, as the database has them.
    func rows(_ columns: String) throws -> [[String]] {
        let query = "SELECT \(columns) FROM sms_sends ORDER BY created_at, rowid"
        let result = try Command.run(
            "sqlite3", ["-readonly", "-separator", "|", scenario.site.folder.path("otpd.db"), query])
        guard result.status == 0 else { throw OTPDError.command(result.error) }
        return result.output.split(separator: "\n").map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// Waits until the last row is in a state; the state it is in.
    func state(awaiting wanted: String, seconds: Double = 10) throws -> String? {
        let end = ContinuousClock.now + .seconds(seconds)
        var state: String?
        repeat {
            state = try rows("state").last?.first
            if state == wanted { break }
            usleep(50_000)
        } while ContinuousClock.now < end
        return state
    }
}
