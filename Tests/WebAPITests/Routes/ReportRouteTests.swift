import AuthDomain
import AuthService
import Foundation
import TestKit
import Testing

@testable import WebAPI

@Suite("Reports (R-SCOPE-6, T-10)")
struct ReportRouteTests {
    @Test("Pages follow each other and show each account once, without a secret")
    func pages() async {
        let test = TestService()
        for number in 0..<5 { test.provision("p\(number)_sotttt@hanoi.gov.vn") }
        let key = test.key(.read)
        var addresses: [String] = []
        var cursor = ""
        for _ in 0..<5 {
            let reply = await test.operate("GET", "/v1/reports/organisation?limit=2" + cursor, key: key)
            #expect(reply.status == 200 && !reply.text.contains("secret"))
            addresses += reply.objects("rows").compactMap { $0["address"] as? String }
            guard let next = reply.string("next") else { break }
            cursor = "&cursor=" + next
        }
        #expect(Set(addresses).count == 5 && addresses.count == 5)
    }

    @Test("The list of 45 days names who was away so long, and no one else")
    func inactive() async {
        let test = TestService()
        test.provision("away_sotttt@hanoi.gov.vn")
        test.clock.advance(by: .seconds(44 * 86_400))
        test.provision("new_sotttt@hanoi.gov.vn")
        let key = test.key(.read)
        #expect(await test.operate("GET", "/v1/reports/inactive45", key: key).objects("rows").isEmpty)
        test.clock.advance(by: .seconds(86_400))
        let rows = await test.operate("GET", "/v1/reports/inactive45", key: key).objects("rows")
        #expect(rows.compactMap { $0["address"] as? String } == ["away_sotttt@hanoi.gov.vn"])
        let findings = rows.first?["findings"] as? [String] ?? []
        #expect(findings.contains("never_signed_in") && findings.contains("inactive_45_days"))
    }

    @Test("CSV for spreadsheets: quoted, and what begins like a formula is text")
    func csv() async {
        let test = TestService()
        let id = test.provision()
        test.store.update(id) { $0.displayName = "=HYPERLINK(\"http://x\";\"a\"), b" }
        let reply = await test.operate("GET", "/v1/reports/review?format=csv", key: test.key(.operate))
        #expect(reply.header("Content-Type") == "text/csv; charset=utf-8")
        #expect(reply.text.contains(",\"'=HYPERLINK(\"\"http://x\"\";\"\"a\"\"), b\","))
        for start in ["=", "+", "-", "@", "\t", "\r"] {
            #expect(ReportTable.cell(start + "1").hasPrefix("\"'"))
        }
        #expect(ReportTable.cell("a,b") == "\"a,b\"" && ReportTable.cell("a b") == "a b")
    }

    @Test("The summary lists every clause of Điều 8.2 and prints as Markdown")
    func compliance() async {
        let test = TestService()
        test.provision()
        let key = test.key(.read)
        let reply = await test.operate("GET", "/v1/reports/compliance", key: key)
        let clauses = reply.objects("clauses").compactMap { $0["clause"] as? String }
        for clause in ["Điều 8.2.a", "Điều 8.2.b", "Điều 8.2.c", "Điều 8.2.d", "Điều 9.2", "Điều 12.2", "Điều 13.1"] {
            #expect(clauses.contains(clause))
        }
        let markdown = await test.operate("GET", "/v1/reports/compliance?format=markdown", key: key)
        #expect(markdown.header("Content-Type") == "text/markdown; charset=utf-8")
        #expect(markdown.text.contains("| Điều 8.2.b |"))
    }

    @Test("Wrong forms, scopes and a database that is down")
    func refusals() async {
        let test = TestService()
        let key = test.key(.read)
        #expect(await test.operate("GET", "/v1/reports/review?format=pdf", key: key).status == 400)
        #expect(await test.operate("GET", "/v1/reports/compliance?format=csv", key: key).status == 400)
        #expect(await test.operate("GET", "/v1/reports/review", key: test.key(.signIn, name: "x")).status == 403)
        test.store.fail(true)
        #expect(await test.operate("GET", "/v1/reports/review", key: key).status == 503)
    }
}
