import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("Forms with wrong rows, by the command (R-LIFE-1, R-PHONE-4…8)", .serialized)
struct WrongRowsTests {
    private static let mailboxes = [
        "an_sotttt": "personal", "cuong_sotttt": "personal", "nghi_sotttt": "personal", "sotttt": "organisation",
        "khoa_sotttt": "organisation", "phongbc_sotttt": "organisation", "phongcu_sotttt": "organisation",
    ]

    /// A site with mailboxes in the states that rows run into.
    private func site() async throws -> MessageSite {
        let site = try MessageSite(redis: nil) { [MessageSite.file($0)] }
        for (name, kind) in Self.mailboxes {
            let made = await site.scenario.desk().send(
                "POST", "/v1/accounts",
                ["address": "\(name)@hanoi.gov.vn", "kind": kind, "phone": "0911111111", "display_name": "Tên cũ"])
            #expect(made.status == 201, "\(made.text)")
        }
        let lock = """
            INSERT INTO locks (id, account_id, cause, source, locked_at, actor)
            SELECT 'lock', account_id, 'compromised', 'operator', 0, 'test' FROM addresses
            WHERE address = 'khoa_sotttt@hanoi.gov.vn';
            UPDATE accounts SET lifecycle = 'recalled' WHERE id IN (SELECT account_id FROM addresses
                WHERE address IN ('nghi_sotttt@hanoi.gov.vn', 'phongcu_sotttt@hanoi.gov.vn'));
            """
        _ = try sql(site, lock)
        return site
    }

    private func sql(_ site: MessageSite, _ text: String) throws -> String {
        let result = try Command.run(
            "sqlite3", ["-cmd", ".timeout 5000", site.scenario.site.folder.path("otpd.db"), text])
        guard result.status == 0 else { throw OTPDError.command(result.error) }
        return result.output
    }

    private func lines(_ output: String) -> [[String: Any]] {
        output.split(separator: "\n").compactMap {
            try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    @Test(
        "Each wrong row is told by row, column and reason; all-or-nothing does nothing, row by row does what is right",
        arguments: WrongRows.all)
    func everyRow(wrong: WrongRows) async throws {
        let site = try await site()
        let (text, places) = wrong.file()
        let path = try site.scenario.site.folder.write(text, to: "mau.csv")
        let command = ["forms", "import", "--form", wrong.form.rawValue, path, "--passwords", "sms"]
        let judged = try site.scenario.site.run(command + ["--json"])
        #expect(judged.status == 1, "\(judged.error)")
        let told = lines(judged.output)
        #expect(told.count == wrong.rows.count + 1)
        for ((row, place), line) in zip(zip(wrong.rows, places), told) {
            #expect(line["row"] as? Int == place)
            let problems = (line["problems"] as? [[String: String]] ?? []).map {
                "\($0["column"] ?? ""): \($0["code"] ?? "")"
            }
            let expected = row.problems.map { "\($0.field.heading(in: wrong.form, row.part)): \($0.code.rawValue)" }
            #expect(Set(problems) == Set(expected) && problems.count == expected.count, "line \(place)")
            #expect(line["verdict"] as? String == (expected.isEmpty ? "right" : "wrong"), "line \(place)")
        }

        let report = try site.scenario.site.run(command)
        for (row, place) in zip(wrong.rows, places) {
            for problem in row.problems {
                let column = problem.field.heading(in: wrong.form, row.part)
                #expect(report.output.contains("dòng \(place): SAI – cột “\(column)”: "), "line \(place)")
            }
        }
        for number in ["0912345678", "0987654321", "6502530000", "38253536", "1221234567"] {
            #expect(!(report.output + judged.output).contains(number), "reports show no number")
        }

        let state = "SELECT count(*), (SELECT count(*) FROM audit), (SELECT count(*) FROM form_rows) FROM accounts"
        let before = try sql(site, state)
        let nothing = try site.scenario.site.run(command + ["--apply", "--mode", "all"])
        #expect(nothing.status == 1 && nothing.output.contains("đã thực hiện 0 dòng"))
        #expect(try sql(site, state) == before)

        let right = wrong.rows.filter(\.problems.isEmpty)
        let applied = try site.scenario.site.run(command + ["--apply", "--json"])
        #expect(applied.status == 1)
        let summary = try #require(lines(applied.output).last)
        #expect(summary["carried_out"] as? Int == right.count, "\(summary)")
        #expect(summary["wrong"] as? Int == wrong.rows.count - right.count)
        let done = try sql(site, "SELECT number FROM form_rows ORDER BY number").split(separator: "\n").map(String.init)
        #expect(done == zip(wrong.rows, places).filter(\.0.problems.isEmpty).map { String($0.1) })
        let made = right.filter { $0.part == .issue }.count
        #expect(try sql(site, "SELECT count(*) FROM accounts") == "\(Self.mailboxes.count + made)\n")
    }

    @Test("A form has twenty kinds of wrong rows or more, and every kind there is stands in one of them")
    func everyKind() {
        func kinds(_ wrong: WrongRows) -> Set<FormProblem.Code> {
            Set(wrong.rows.flatMap(\.problems).map(\.code))
        }
        #expect(WrongRows.all.map(\.form) == FormKind.allCases)
        #expect(WrongRows.all.contains { kinds($0).count >= 20 })
        #expect(WrongRows.all.allSatisfy { $0.rows.filter { !$0.problems.isEmpty }.count >= 18 })
        let covered = WrongRows.all.reduce(into: Set()) { $0.formUnion(kinds($1)) }
        // What changes while a form is worked through takes two at once: `ImportFormTests` has it.
        #expect(Set(FormProblem.Code.allCases).subtracting(covered) == [.changedMeanwhile])
    }
}
