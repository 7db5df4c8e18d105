import AuthDomain
import AuthService
import Cryptography
import TestKit
import Testing

@Suite("Taking over accounts with their passwords")
struct ImportAccountsTests {
    private static let file = FormFileIdentity(digest: [9], form: nil)

    private func entry(_ line: Int, _ name: String, _ record: String?) -> CredentialEntry {
        var entry = CredentialEntry(line: line)
        entry.name = name
        entry.record = record
        return entry
    }

    private func record(_ password: String, _ world: World) throws -> String {
        SaltedDigestRecorder(random: world.ports.random)
            .record(ofRandom: try PreparedPassword(preparing: password).utf8)
    }

    @Test("The owner signs in with the password of before; the record is made anew then")
    func keepsPassword() async throws {
        let world = try await World()
        let imports = ImportAccounts(ports: world.formPorts(), policy: world.policy, options: AccountImportOptions())
        let rows = try await imports.judge(
            [entry(1, "an_sotttt", try record("Bồ câu 7 con!", world))], of: Self.file)
        let delivery = MemoryDelivery()
        let result = try await imports(rows, of: Self.file, delivery: delivery, provenance: world.desk)
        #expect(result.carriedOut == 1)
        let code = try #require(delivery.all.first).enrolmentCode
        let begun = try await world.begin("an_sotttt@hanoi.gov.vn", "Bồ câu 7 con!")
        #expect(try await world.prove(begun.id, .enrolmentCode, code).status == .enrolmentRequired)
        #expect(try await world.account("an_sotttt").password.record.hasPrefix("$argon2id$"))
        let again = try await imports.judge(
            [entry(1, "an_sotttt", try record("Bồ câu 7 con!", world))], of: Self.file)
        guard case .done = again[0].verdict else {
            Issue.record("the journal knows the account")
            return
        }
    }

    @Test("Plain passwords, locked accounts, excessive costs and wrong names are told, never taken over")
    func wrong() async throws {
        let world = try await World()
        _ = try await world.provision("taken_sotttt@hanoi.gov.vn")
        let good = try record("Bồ câu 7 con!", world)
        let cases: [(String, String?, [String])] = [
            ("right_sotttt@hanoi.gov.vn", good, []), ("a_x@hanoi.gov.vn", "{PLAIN}secret", ["unknown_scheme"]),
            ("b_x@hanoi.gov.vn", "secret", ["unknown_scheme"]), ("c_x@hanoi.gov.vn", "!", ["no_password"]),
            ("d_x@hanoi.gov.vn", nil, ["no_password"]), ("e_x@hanoi.gov.vn", "*", ["no_password"]),
            ("f_x@hanoi.gov.vn", "{SSHA}????", ["malformed_record"]),
            (
                "g_x@hanoi.gov.vn",
                "$6$rounds=9999999$salt$" + String(repeating: "a", count: 86), ["cost_out_of_bounds"]
            ),
            (
                "h_x@hanoi.gov.vn", "$2y$31$" + String(repeating: "a", count: 53), ["cost_out_of_bounds"]
            ),
            ("an@gmail.com", good, ["address"]), ("nguyễn@hanoi.gov.vn", good, ["address"]),
            ("taken_sotttt@hanoi.gov.vn", good, ["address_taken"]), ("RIGHT_sotttt", good, ["repeated"]),
        ]
        let imports = ImportAccounts(ports: world.formPorts(), policy: world.policy, options: AccountImportOptions())
        let rows = try await imports.judge(
            cases.enumerated().map { entry($0.offset + 1, $0.element.0, $0.element.1) }, of: Self.file)
        for (row, expected) in zip(rows, cases) {
            let codes: [String] =
                if case .wrong(let problems) = row.verdict { problems.map(\.code) } else { [] }
            #expect(codes == expected.2, "\(expected.0)")
        }
        let result = try await imports(rows, of: Self.file, delivery: nil, provenance: world.desk)
        #expect(result.carriedOut == 1)
        #expect(try world.sql("SELECT count(*) FROM enrolment_codes") == "1\n")
    }

    @Test("Accounts that may have a default password owe a change, without the 05 days (R-FIRST-9)")
    func mustChange() async throws {
        let world = try await World()
        var options = AccountImportOptions()
        options.mustChange = true
        let imports = ImportAccounts(ports: world.formPorts(), policy: world.policy, options: options)
        let rows = try await imports.judge(
            [entry(1, "an_sotttt", try record("Bồ câu 7 con!", world))], of: Self.file)
        _ = try await imports(rows, of: Self.file, delivery: nil, provenance: world.desk)
        let password = try await world.account("an_sotttt").password
        #expect(password.mustChange && !password.isIssued)
    }
}
