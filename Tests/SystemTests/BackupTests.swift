import AuthDomain
import Foundation
import Synchronization
import TestKit
import Testing

@Suite("A backup taken under load restores what was acknowledged before it", .serialized)
struct BackupTests {
    /// Settings whose database is elsewhere: where a backup is restored to.
    private func elsewhere(_ scenario: Scenario, _ name: String) throws -> String {
        let path = scenario.site.folder.path("\(name).db")
        try scenario.site.configure(name, overrides: ["database": "sqlite:" + path])
        return path
    }

    @Test("used codes and locks from before a backup stand after its restoration")
    func underLoad() async throws {
        let redis = try RedisServer()
        let scenario = try Scenario(redis: redis)
        let site = scenario.site
        var owners: [Owner] = []
        for index in 0..<4 { owners.append(try await scenario.owner("backup_\(index)_sotttt@hanoi.gov.vn")) }
        let now = Scenario.start + .seconds(3600)
        try scenario.setClock(now)
        for owner in owners {
            let answer = await scenario.vpn().send(
                "POST", "/v1/otp/verify",
                ["account": owner.address, "code": owner.code(at: now), "client": Scenario.person])
            #expect(answer.status == 200)
        }
        for _ in 0..<5 { _ = await scenario.begin(owners[3].address, "Sai mật khẩu 1!") }

        let folder = site.folder.path("backup")
        let backup = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for round in 0..<40 { _ = await scenario.begin("unknown_\(round)@hanoi.gov.vn", "Sai mật khẩu 2!") }
            }
            let result = try await Task.detached { try site.run(["backup", "--out", folder, "--json"]) }.value
            try await group.waitForAll()
            return result
        }
        #expect(backup.status == 0, "\(backup.error)")

        let path = try elsewhere(scenario, "restored")
        let check = try site.run(["restore", "--check", folder], as: "restored")
        #expect(check.status == 0, "\(check.error)")
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(try site.run(["restore", folder], as: "restored").status == 0)
        let again = try site.run(["restore", folder], as: "restored")
        #expect(again.status == 1 && again.error.contains("is not overwritten"))

        let instance = try site.start("restored", overrides: ["database": "sqlite:" + path, "redis": NSNull()])
        for owner in owners.prefix(3) {
            let replay = await instance.service(scenario.keys.vpn).send(
                "POST", "/v1/otp/verify",
                ["account": owner.address, "code": owner.code(at: now), "client": Scenario.person])
            #expect(replay.status == 401)
        }
        let locked = await instance.admin(scenario.keys.desk).send("GET", "/v1/accounts/\(owners[3].address)")
        #expect(locked["state"] == "locked")
        #expect(try site.run(["audit", "verify"], as: "restored").status == 0)
    }

    /// The mailboxes whose provisioning was answered, and whether there are to be more.
    private final class Provisioned: Sendable {
        private let state = Mutex((addresses: [String](), isOver: false))

        var all: [String] { state.withLock { $0.addresses } }
        var isOver: Bool { state.withLock { $0.isOver } }

        func add(_ address: String) { state.withLock { $0.addresses.append(address) } }
        func end() { state.withLock { $0.isOver = true } }
    }

    @Test("every change that was answered before a backup began is in it, while changes go on, and its record is whole")
    func acknowledged() async throws {
        let scenario = try Scenario(redis: nil)
        let (site, provisioned) = (scenario.site, Provisioned())
        let folder = site.folder.path("backup")
        let before = try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    var number = 0
                    while !provisioned.isOver {
                        let address = "tai_\(task)_\(number)_sotttt@hanoi.gov.vn"
                        let answer = await scenario.desk().send(
                            "POST", "/v1/accounts", ["address": address, "kind": "personal"])
                        if answer.status == 201 { provisioned.add(address) }
                        number += 1
                    }
                }
            }
            defer { provisioned.end() }
            while provisioned.all.count < 40 { try await Task.sleep(for: .milliseconds(20)) }
            let before = provisioned.all
            let backup = try await Task.detached { try site.run(["backup", "--out", folder]) }.value
            #expect(backup.status == 0, "\(backup.error)")
            provisioned.end()
            try await group.waitForAll()
            return before
        }
        #expect(provisioned.all.count > before.count)
        let path = try elsewhere(scenario, "restored")
        #expect(try site.run(["restore", folder], as: "restored").status == 0)
        let kept = try Command.run("sqlite3", [path, "SELECT address FROM addresses"]).output.split(separator: "\n")
        #expect(Set(before).isSubset(of: Set(kept.map(String.init))))
        #expect(try site.run(["audit", "verify"], as: "restored").status == 0)
    }

    @Test("a backup that was cut, changed or needs a missing key is refused, and nothing is put in place")
    func damaged() async throws {
        let scenario = try Scenario(redis: nil)
        let site = scenario.site
        _ = try await scenario.owner("backup_sotttt@hanoi.gov.vn")
        let folder = site.folder.path("backup")
        #expect(try site.run(["backup", "--out", folder]).status == 0)
        #expect(try site.run(["backup", "--out", folder]).status == 1)
        let mode = try FileManager.default.attributesOfItem(atPath: folder + "/otpd.db")[.posixPermissions] as? Int
        #expect(mode == 0o600)

        let path = try elsewhere(scenario, "restored")
        let ring = try Command.run(OTPDSite.binary, ["keys", "new"])
        try site.folder.write(ring.output, to: "other.key")
        try site.configure(
            "keyless", overrides: ["database": "sqlite:" + path, "keys": [site.folder.path("other.key")]])
        let keyless = try site.run(["restore", folder], as: "keyless")
        #expect(keyless.status == 1 && keyless.error.contains("needs ring keys"), "\(keyless.error)")

        let database = URL(fileURLWithPath: folder + "/otpd.db")
        let whole = try Data(contentsOf: database)
        var changed = whole
        changed[changed.count / 2] ^= 1
        for content in [changed, whole.dropLast(4096), Data()] {
            try content.write(to: database)
            let result = try site.run(["restore", folder], as: "restored")
            #expect(result.status == 1 && result.error.contains("cut or changed"), "\(result.error)")
        }
        try whole.write(to: database)
        for manifest in ["", "{}", "{\"sha256\": 1}", String(repeating: "[", count: 70_000)] {
            try Data(manifest.utf8).write(to: URL(fileURLWithPath: folder + "/manifest.json"))
            #expect(try site.run(["restore", folder], as: "restored").status == 1)
        }
        #expect(try site.run(["restore", site.folder.path("nowhere")], as: "restored").status == 1)
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(!FileManager.default.fileExists(atPath: path + ".restoring"))
    }
}
