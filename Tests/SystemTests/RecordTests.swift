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
}
