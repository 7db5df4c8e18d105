import AuthDomain
import Cryptography
import Foundation
import TestKit
import Testing

@Suite("Ring keys are exchanged under load (architecture, secrets)", .serialized)
struct KeyExchangeLoadTests {
    /// As many as an optimised build does in `make bench` would take minutes here.
    private static let accounts = 20_000

    /// Accounts with an authenticator each, sealed under the site's ring key by the tool that fills the databases of
    /// `make bench`.
    private func fill(_ site: OTPDSite) throws {
        let tool = URL(fileURLWithPath: OTPDSite.binary).deletingLastPathComponent()
            .appendingPathComponent("otpd-bench")
        let seed = try Command.run(
            tool.path, ["seed", "--accounts", "\(Self.accounts)", "--key", site.folder.path("ring.key")])
        guard seed.status == 0 else { throw OTPDError.command(seed.error) }
        // The tool leaves out what makes sure of a crash; nothing is to be lost here.
        let filled = try Command.run("sqlite3", [site.folder.path("otpd.db")], input: seed.output)
        guard filled.status == 0 else { throw OTPDError.command(filled.error) }
    }

    /// A seeded account: all have one password and one secret.
    private func owner(_ number: Int) -> Owner {
        let digits = String(100_000_000 + number).dropFirst()
        return Owner(
            address: "u\(digits)@hanoi.gov.vn", password: "Bench-Matkhau-2026#",
            secret: SecretBytes(Array("otpd-bench-secret-20".utf8)), recoveryCodes: [])
    }

    /// Whole sign-ins, each of another account, until told to stop; what each of them came to.
    private func signIns(
        _ instance: OTPDInstance, _ key: String, from first: Int, step: Int, at now: WallInstant,
        until isOver: @Sendable () -> Bool
    ) async -> [String: Int] {
        var outcomes: [String: Int] = [:]
        var number = first
        repeat {
            let owner = owner(number % Self.accounts)
            let client = instance.service(key)
            let begun = await client.send(
                "POST", "/v1/sign-ins", Scenario.passwordBody(owner.address, owner.password))
            var outcome = "begin \(begun.status)"
            if let id = begun["id"] {
                let proven = await client.send(
                    "POST", "/v1/sign-ins/\(id)/factor", ["kind": "totp", "code": owner.code(at: now)])
                outcome = proven["status"] ?? "prove \(proven.status)"
            }
            outcomes[outcome, default: 0] += 1
            number += step
        } while !isOver()
        return outcomes
    }

    @Test("20,000 authenticators while people sign in: killed half-way it goes on, nobody notices, the old key can go")
    func exchange() async throws {
        let redis = try RedisServer()
        // Cheap hashes: what is tried is the second step, which opens the sealed secret.
        let scenario = try Scenario(redis: redis, overrides: ["hash": ["memory_kib": 64, "passes": 1]])
        let site = scenario.site
        scenario.instances[0].terminate()
        try fill(site)
        try site.folder.write(try Command.run(OTPDSite.binary, ["keys", "new"]).output, to: "ring-2.key")
        let (old, new) = (site.folder.path("ring.key"), site.folder.path("ring-2.key"))
        let both = try site.start("b", overrides: ["keys": [new, old]])
        let now = Scenario.start + .seconds(3600)
        try scenario.setClock(now)

        let stop = site.folder.path("stop")
        let isOver: @Sendable () -> Bool = { FileManager.default.fileExists(atPath: stop) }
        let outcomes = try await withThrowingTaskGroup(of: [String: Int].self) { group in
            for first in 0..<4 {
                group.addTask {
                    await signIns(both, scenario.keys.sso, from: first, step: 4, at: now, until: isOver)
                }
            }
            defer { _ = try? site.folder.write("", to: "stop") }
            try await interrupted(site, as: "b")
            let held = try Self.held(site, as: "b")
            #expect(held.old > 0 && held.new > 0, "killed at the wrong time: \(held)")
            let whole = try await Task.detached { try site.run(["keys", "rotate", "--json"], as: "b") }.value
            #expect(whole.status == 0, "\(whole.output)\(whole.error)")
            #expect(try Self.held(site, as: "b").old == 0)
            try site.folder.write("", to: "stop")
            return try await group.reduce(into: [:]) { $0.merge($1) { $0 + $1 } }
        }
        #expect(Array(outcomes.keys) == ["complete"], "\(outcomes)")
        #expect(outcomes["complete"] ?? 0 > 20)
        both.terminate()

        let alone = try site.start("c", overrides: ["keys": [new]])
        let later = now + .seconds(60)
        try scenario.setClock(later)
        for number in [0, 1, Self.accounts - 1] {
            let answer = await alone.service(scenario.keys.vpn).send(
                "POST", "/v1/otp/verify",
                ["account": owner(number).address, "code": owner(number).code(at: later), "client": Scenario.person])
            #expect(answer.status == 200, "\(number): \(answer.text)")
        }
        #expect(try site.run(["audit", "verify"], as: "c").status == 0)
    }

    /// Runs the exchange and kills it when some of the secrets are under the new key.
    private func interrupted(_ site: OTPDSite, as instance: String) async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: OTPDSite.binary)
        process.arguments = ["keys", "rotate", "--config", site.folder.path("\(instance).json")]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let before = try Self.prefixes(site)
        for _ in 0..<2_000 where process.isRunning {
            if try Self.prefixes(site) > before { break }
            try await Task.sleep(for: .milliseconds(2))
        }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// How many keys the authenticators' secrets are under, as the first bytes of the sealed values tell.
    private static func prefixes(_ site: OTPDSite) throws -> Int {
        let query = "SELECT count(DISTINCT substr(hex(secret_sealed), 1, 10)) FROM authenticators"
        let result = try Command.run(
            "sqlite3", ["-readonly", "-cmd", ".timeout 5000", site.folder.path("otpd.db"), query])
        return Int(result.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    }

    private static func held(_ site: OTPDSite, as instance: String) throws -> (old: Int, new: Int) {
        let list = try site.run(["keys", "list", "--json"], as: instance)
        let object = try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [String: Any]
        let keys = object?["keys"] as? [[String: Any]] ?? []
        func count(_ state: String) -> Int { keys.first { $0["state"] as? String == state }?["secrets"] as? Int ?? -1 }
        return (count("opens"), count("seals"))
    }
}
