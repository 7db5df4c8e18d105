import AuthDomain
import Foundation
import TestKit
import Testing

/// `otpd account import` and `otpd report` as an operator runs them.
@Suite("The commands for accounts and reports")
struct AccountImportCommandTests {
    @Test("passwd-file with hashes of other programs: dry run, apply, sign-in, again without effect, report")
    func wholeWay() async throws {
        let scenario = try Scenario(redis: nil)
        let site = scenario.site
        let crypt = try Command.run("openssl", ["passwd", "-6", "-salt", "abcdefgh", "Bo cau 7 con!"])
        let hash = crypt.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let file = try site.folder.write(
            "an_sotttt@hanoi.gov.vn:{SHA512-CRYPT}\(hash):::Nguyễn Văn An::\nbinh_sotttt:{PLAIN}x:::::\n", to: "users")
        let dry = try site.run(["account", "import", file])
        #expect(dry.status == 1 && dry.output.contains("1 đúng (sha512-crypt 1), 1 sai"))
        #expect(!dry.output.contains(hash))
        let applied = try site.run(["account", "import", file, "--apply", "--organisation", "Sở TTTT"])
        #expect(applied.status == 1 && applied.output.contains("đã nhận 1 tài khoản"))
        let again = try site.run(["account", "import", file, "--apply"])
        #expect(again.output.contains("1 đã nhận trước đây") && again.output.contains("đã nhận 0 tài khoản"))
        let begun = await scenario.begin("an_sotttt@hanoi.gov.vn", "Bo cau 7 con!")
        #expect(begun["status"] == "factor_required")

        let list = try site.run(["report", "organisation", "--organisation", "Sở TTTT"])
        #expect(list.status == 0 && list.output.contains("an_sotttt@hanoi.gov.vn,personal,Nguyễn Văn An,Sở TTTT"))
        let review = try site.run(["report", "review", "--json"])
        let row = try JSONSerialization.jsonObject(with: Data(review.output.utf8)) as? [String: Any]
        #expect((row?["findings"] as? [String])?.contains("never_signed_in") == true)
        let summary = try site.run(["report", "compliance"])
        #expect(summary.output.contains("| Điều 8.2.b |") && summary.output.contains("hộp thư đang dùng: 1"))
        #expect(try site.run(["report", "everything"]).status == 64)
    }
}
