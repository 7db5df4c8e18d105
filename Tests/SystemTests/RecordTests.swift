import AuthDomain
import Foundation
import TestKit
import Testing

/// The record as an operator and an authority meet it: holds, destruction, verification.
@Suite("The record of held and destroyed accounts (T-14, R-LIFE-9)")
struct RecordTests {
    @Test("held, refused, released, destroyed: the running service takes the names out, and the record verifies")
    func wholeWay() async throws {
        let scenario = try Scenario(redis: nil)
        let site = scenario.site
        let address = "giu_lai_sotttt@hanoi.gov.vn"
        _ = try await scenario.owner(address, aliases: ["giu_lai_2@hanoi.gov.vn"])
        let other = try await scenario.owner("o_lai_sotttt@hanoi.gov.vn")
        let read = await scenario.desk().send("GET", "/v1/accounts/\(address)")
        let id = try #require(read["id"])

        #expect(try site.run(["account", "hold", "--document", "45/CV-PA05", address]).status == 0)
        let again = try site.run(["account", "hold", "--document", "46/CV-PA05", address])
        #expect(again.status == 1 && again.error.contains("held already"))
        let unknown = try site.run(["account", "hold", "--document", "46/CV", "nobody@hanoi.gov.vn"])
        #expect(unknown.status == 1 && unknown.error.contains("no account"))
        #expect(try site.run(["account", "hold", address]).status == 64)
        let list = try site.run(["account", "holds", "--json"])
        #expect(list.output.contains("\"account\":\"\(id)\"") && list.output.contains("45/CV-PA05"))
        let refused = await scenario.desk().send("DELETE", "/v1/accounts/\(address)")
        #expect(refused.status == 409 && refused["code"] == "conflict", "\(refused.text)")

        let released = try site.run(["account", "hold", "--release", "--document", "50/CV-PA05", "--json", address])
        #expect(released.status == 0 && released.output.contains("\"held\":false"))
        #expect(await scenario.desk().send("DELETE", "/v1/accounts/\(address)").status == 204)
        try scenario.setClock(Scenario.start + .seconds(7201))
        // Twice two hours may have to be due: the first pass begins when the service looks.
        var rows = ""
        for _ in 0..<60 {
            rows = try site.run(["audit", "export"]).output
            if !rows.contains(address), !rows.contains("giu_lai_2") { break }
            try await Task.sleep(for: .milliseconds(500))
        }
        #expect(!rows.contains(address) && rows.contains("\"address\":\"\(id)\""))
        #expect(rows.contains(other.address))
        #expect(try site.run(["audit", "export", "--account", id]).output.contains("account_destroyed"))
        let verified = try site.run(["audit", "verify"])
        #expect(verified.status == 0, "\(verified.output)")
    }

    @Test("kill -9 amid an erasure of 20,000 rows: what is done verifies, and the next start does the rest")
    func killed() async throws {
        let scenario = try Scenario(redis: nil)
        let site = scenario.site
        let address = "roi_thanh_pho_sotttt@hanoi.gov.vn"
        _ = try await scenario.owner(address)
        let id = try #require(await scenario.desk().send("GET", "/v1/accounts/\(address)")["id"])
        let database = site.folder.path("otpd.db")
        let bench = OTPDSite.binary + "-bench"
        let filled = try Command.run(
            bench,
            [
                "audit", "--rows", "20000", "--database", database, "--key", site.folder.path("ring.key"), "--account",
                id, "--address", address,
            ])
        #expect(filled.status == 0, "\(filled.error)")
        func count(_ condition: String) throws -> Int {
            let query = "SELECT count(*) FROM audit WHERE \(condition)"
            let output = try Command.run("sqlite3", ["-cmd", ".timeout 5000", database, query]).output
            return Int(output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
        }
        #expect(await scenario.desk().send("DELETE", "/v1/accounts/\(address)").status == 204)
        for _ in 0..<3000 {
            if try count("erased_mac IS NOT NULL") > 0 { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        scenario.instances[0].kill9()
        let (done, left) = (try count("erased_mac IS NOT NULL"), try count("address = '\(address)'"))
        #expect(done > 0 && left > 0, "\(done) done, \(left) left")
        #expect(try site.run(["audit", "verify"]).status == 0)

        let instance = try site.start("a")
        for _ in 0..<600 {
            if try count("address = '\(address)'") == 0 { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(try count("address = '\(address)'") == 0)
        #expect(try count("erased_mac IS NOT NULL") == done + left)
        #expect(try site.run(["audit", "verify"]).status == 0)
        _ = instance
    }

    @Test("what was changed, removed and cut off is told to programs as well, and so is what a purge leaves")
    func json() async throws {
        let scenario = try Scenario(redis: nil)
        let site = scenario.site
        for index in 0..<3 { _ = try await scenario.owner("dong_\(index)_sotttt@hanoi.gov.vn") }
        let clean = try objects(site.run(["audit", "verify", "--json"]).output)
        #expect(clean.count == 1 && clean[0]["type"] as? String == "summary" && clean[0]["clean"] as? Bool == true)
        #expect(clean[0]["findings"] as? Int == 0 && (clean[0]["rows"] as? Int ?? 0) > 10)
        #expect(try site.run(["account", "hold", "--document", "45/CV", "dong_1_sotttt@hanoi.gov.vn"]).status == 0)
        try scenario.setClock(Scenario.start + .seconds(500 * 86_400))
        let purged = try site.run(["audit", "purge", "--json"])
        let purge = try objects(purged.output)
        #expect(purged.status == 0 && purge.count == 1 && purge[0]["retention_days"] as? Int == 400)
        #expect((purge[0]["held"] as? [[String: Any]])?.isEmpty == false, "\(purged.output)")

        let script = """
            UPDATE audit SET detail = 'x' WHERE (chain, number) IN
                (SELECT chain, number FROM audit WHERE code = 'account_hold_placed');
            """
        #expect(try Command.run("sqlite3", [site.folder.path("otpd.db"), script]).status == 0)
        let broken = try site.run(["audit", "verify", "--json"])
        let lines = try objects(broken.output)
        #expect(broken.status == 1 && lines.count == 2)
        #expect(lines[0]["kind"] as? String == "changed" && lines[0]["first"] as? Int == lines[0]["last"] as? Int)
        #expect(lines[1]["findings"] as? Int == 1 && lines[1]["clean"] as? Bool == false)
    }

    @Test("a key for programs is the same line with its id")
    func newKey() throws {
        let result = try Command.run(OTPDSite.binary, ["keys", "new", "--json"])
        let key = try #require(try objects(result.output).first)
        let (id, line) = (key["id"] as? String ?? "", key["key"] as? String ?? "")
        #expect(result.status == 0 && id.count == 8 && line.hasPrefix("otpd-key-v1:\(id):"))
    }

    private func objects(_ output: String) throws -> [[String: Any]] {
        try output.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }
}
