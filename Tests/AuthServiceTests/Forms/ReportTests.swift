import AuthDomain
import AuthService
import TestKit
import Testing

@Suite("Reports over the database")
struct ReportTests {
    @Test("Pages by id, by organisation and without destroyed accounts (R-SCOPE-6)")
    func pages() async throws {
        let world = try await World()
        let entries = (1...7).map { newPerson($0, "p\($0)_sotttt@hanoi.gov.vn") }
        let rows = try await world.judge(.person, entries)
        _ = try await world.carryOut(.person, rows, to: MemoryDelivery())
        _ = try await world.provision("khac_soyt@hanoi.gov.vn")
        try await KeepAccounts(ports: world.ports, policy: world.policy).destroy("p7_sotttt", provenance: world.desk)
        let report = ReportAccounts(store: world.store, clock: world.clock, policy: world.policy) { _ in [] }
        var query = ReportQuery(organisation: "Sở TTTT", after: nil, limit: 4)
        var seen: [String] = []
        while true {
            let page = try await report.page(.organisation, query)
            seen += page.rows.map(\.account.address.text)
            guard let next = page.next else { break }
            query.after = next
        }
        #expect(seen.sorted() == (1...6).map { "p\($0)_sotttt@hanoi.gov.vn" })
        query = ReportQuery(organisation: nil, after: nil, limit: 100)
        #expect(try await report.page(.review, query).rows.count == 7)
        let plan = try world.sql(
            "EXPLAIN QUERY PLAN SELECT id FROM accounts WHERE organisation = 'x' AND id > 'a' "
                + "AND lifecycle <> 'destroyed' ORDER BY id LIMIT 4")
        #expect(plan.contains("accounts_by_organisation") && !plan.contains("TEMP B-TREE"))
    }

    @Test("Counts of the summary follow what happened")
    func counts() async throws {
        let world = try await World()
        _ = try await world.owner("an_sotttt@hanoi.gov.vn")
        _ = try await world.provision("binh_sotttt@hanoi.gov.vn")
        _ = try await world.provision("nhom@hanoi.gov.vn", kind: .group)
        try await world.lock("binh_sotttt@hanoi.gov.vn", .spamMalware)
        let compliance = ReportCompliance(store: world.store, clock: world.clock, policy: world.policy)
        func figures() async throws -> [String: Int] {
            Dictionary(
                try await compliance().entries.flatMap(\.figures).map { ($0.code, $0.count) },
                uniquingKeysWith: { first, _ in first })
        }
        let now = try await figures()
        #expect(now["in_use"] == 2 && now["with_authenticator"] == 1 && now["without_factor"] == 1)
        #expect(now["first_passwords"] == 1 && now["without_notice"] == 1 && now["must_change"] == 1)
        #expect(now["spam_malware"] == 1 && now["standing_locks"] == 1 && now["locks_of_year"] == 1)
        #expect(now["inactive_45_days"] == 0 && now["old_passwords"] == 0)
        _ = try await world.restore("binh_sotttt@hanoi.gov.vn")
        world.clock.advance(by: .seconds(181 * 86_400))
        let later = try await figures()
        #expect(later["standing_locks"] == 0 && later["restorations_of_year"] == 1)
        #expect(later["inactive_45_days"] == 2 && later["old_passwords"] == 2)
        #expect(later["audit_age_days"] == 181)
    }
}
