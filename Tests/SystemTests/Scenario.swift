import AuthDomain
import Cryptography
import Foundation
import TestKit

/// A mailbox owner with a password and an enrolled authenticator.
struct Owner: Sendable {
    let address: String
    let password: String
    let secret: SecretBytes
    let recoveryCodes: [String]

    /// The code of the step that an instant lies in, moved by some steps.
    func code(at instant: WallInstant, steps: Int64 = 0) -> String {
        let step = TimeStep(at: instant, stepLength: .seconds(30))
        return TOTP.code(
            secret: secret, step: TimeStep(step.number + steps), parameters: .standard,
            mac: OpenSSLOneTimeCodeMAC().mac
        ).text
    }
}

/// One site with one or two running instances, its clients and a clock that the test moves.
final class Scenario: Sendable {
    let site: OTPDSite
    let instances: [OTPDInstance]
    let keys: Keys
    /// Kept, since a server ends with its last reference.
    private let redis: RedisServer?

    struct Keys: Sendable {
        let sso: String
        let vpn: String
        let desk: String
    }

    static let start = WallInstant(seconds: 1_795_420_800)  // 2026-11-23T08:00:00Z
    static let person: [String: any Sendable] = ["ip": "203.0.113.7", "user_agent": "test"]

    /// What the clock file says at first.
    let began: WallInstant

    init(
        redis: RedisServer?, instances count: Int = 1, began: WallInstant = Scenario.start,
        overrides: [String: Any] = [:]
    ) throws {
        self.redis = redis
        self.began = began
        var settings = overrides
        let clock = try TemporaryDirectory()
        clockFolder = clock
        try clock.write(RFC3339.format(began), to: "now")
        settings["testing"] = ["clock_file": clock.path("now")]
        site = try OTPDSite(redis: redis.map { "unix:" + $0.socketPath }, overrides: settings)
        keys = Keys(
            sso: try site.addClient("sso", scopes: ["sign-in"]), vpn: try site.addClient("vpn", scopes: ["otp"]),
            desk: try site.addClient("desk", scopes: ["operate"]))
        let site = site
        instances = try (0..<count).map { try site.start(["a", "b", "c"][$0]) }
    }

    private let clockFolder: TemporaryDirectory

    /// Sets the service's wall clock.
    func setClock(_ now: WallInstant) throws {
        try clockFolder.write(RFC3339.format(now), to: "now")
    }

    func sso(_ index: Int = 0) -> HTTPTestClient { instances[index].service(keys.sso) }
    func vpn(_ index: Int = 0) -> HTTPTestClient { instances[index].service(keys.vpn) }
    func desk(_ index: Int = 0) -> HTTPTestClient { instances[index].admin(keys.desk) }

    /// Provisions an account.
    func provision(
        _ address: String, aliases: [String] = []
    ) async throws -> (password: String, code: String) {
        let answer = await desk().send(
            "POST", "/v1/accounts", ["address": address, "kind": "personal", "aliases": aliases])
        guard answer.status == 201, let password = answer["temporary_password"], let code = answer["enrolment_code"]
        else { throw OTPDError.command("provision: \(answer.status) \(answer.text)") }
        return (password, code)
    }

    /// The first step of a sign-in.
    func begin(_ address: String, _ password: String, on index: Int = 0) async -> HTTPTestAnswer {
        await sso(index).send("POST", "/v1/sign-ins", Self.passwordBody(address, password))
    }

    static func passwordBody(_ address: String, _ password: String) -> [String: Any] {
        ["account": address, "password": password, "client": person]
    }

    /// The second step.
    func prove(_ signIn: String, _ kind: String, _ code: String, on index: Int = 0) async -> HTTPTestAnswer {
        await sso(index).send("POST", "/v1/sign-ins/\(signIn)/factor", ["kind": kind, "code": code])
    }

    /// Provisions an account and takes its owner through the first sign-in at the scenario's start.
    func owner(
        _ address: String, password: String = "Bồ câu 7 con!", aliases: [String] = []
    ) async throws -> Owner {
        let first = try await provision(address, aliases: aliases)
        return try await firstSignIn(address, first.password, first.code, choosing: password)
    }

    /// The first sign-in: temporary password, enrolment code, new password, authenticator.
    func firstSignIn(
        _ address: String, _ temporary: String, _ code: String, choosing password: String
    ) async throws -> Owner {
        let begun = await begin(address, temporary)
        guard let id = begun["id"] else { throw OTPDError.command("begin: \(begun.status) \(begun.text)") }
        let proven = await prove(id, "enrolment_code", code)
        guard proven["status"] == "password_change_required" else {
            throw OTPDError.command("prove: \(proven.status) \(proven.text)")
        }
        let changed = await sso().send("POST", "/v1/sign-ins/\(id)/password", ["new_password": password])
        guard changed["status"] == "enrolment_required" else {
            throw OTPDError.command("password: \(changed.status) \(changed.text)")
        }
        let offer = await sso().send("POST", "/v1/sign-ins/\(id)/totp", ["label": "điện thoại"])
        guard let enrolment = offer["enrolment"], let uri = offer["uri"] else {
            throw OTPDError.command("totp: \(offer.status) \(offer.text)")
        }
        let secret = try KeyURI(parsing: uri).secret
        let pending = Owner(address: address, password: password, secret: secret, recoveryCodes: [])
        let confirmed = await sso().send(
            "POST", "/v1/sign-ins/\(id)/totp/\(enrolment)", ["code": pending.code(at: began)])
        guard confirmed["status"] == "complete" else {
            throw OTPDError.command("confirm: \(confirmed.status) \(confirmed.text)")
        }
        let codes = confirmed.json["recovery_codes"] as? [String] ?? []
        return Owner(address: address, password: password, secret: secret, recoveryCodes: codes)
    }

    /// The audit rows of an account, by event code.
    func audit(_ address: String) async -> [String: Int] {
        let answer = await desk().send("GET", "/v1/audit?limit=500&account=\(address)")
        let rows = answer.json["rows"] as? [[String: Any]] ?? []
        return rows.reduce(into: [:]) { counts, row in counts[row["code"] as? String ?? "?", default: 0] += 1 }
    }

    /// A metric summed over all instances.
    func metric(_ name: String, containing label: String = "") async -> Double {
        var sum = 0.0
        for instance in instances { sum += await instance.metric(name, containing: label) }
        return sum
    }

    /// Whether the audit chains are whole.
    func auditIsClean() throws -> Bool {
        try site.run(["audit", "verify"]).status == 0
    }
}

extension Array where Element == HTTPTestAnswer {
    /// How many answers have each status and code.
    var tally: [String: Int] {
        reduce(into: [:]) { $0["\($1.status) \($1["code"] ?? $1["status"] ?? "")", default: 0] += 1 }
    }
}
