import AuthDomain
import Testing

@Suite("Pseudonyms of destroyed accounts (R-LIFE-9)")
struct PseudonymTests {
    private let pseudonym = Pseudonym(
        of: AccountID("acc_7"), names: ["an@hanoi.gov.vn", "an", "an_so@hanoi.gov.vn", "Nguyễn Văn An"])

    @Test(
        "whole names give way, parts of others stay",
        arguments: [
            ("an@hanoi.gov.vn", "acc_7"), ("AN@Hanoi.gov.VN.", "acc_7."), ("<an@hanoi.gov.vn>", "<acc_7>"),
            ("tran@hanoi.gov.vn", "tran@hanoi.gov.vn"), ("x.an@hanoi.gov.vn", "x.an@hanoi.gov.vn"),
            ("an@hanoi.gov.vnx", "an@hanoi.gov.vnx"), ("an_so@hanoi.gov.vn,an@hanoi.gov.vn", "acc_7,acc_7"),
            ("theo Nguyễn Văn An đề nghị", "theo acc_7 đề nghị"), ("Nguyễn Văn Ann", "Nguyễn Văn Ann"),
            ("an toàn", "an toàn"), ("******678 to ******9", "****** to ******"), ("*****1", "*****1"), ("", ""),
        ])
    func applied(text: String, expected: String) {
        #expect(pseudonym.applied(to: text) == expected)
    }

    @Test("any text passes, however broken it is")
    func rubbish() {
        for text in ["\u{0}an@hanoi.gov.v", String(repeating: "*", count: 1000), "an@hanoi.gov.vn\u{301}"] {
            #expect(!pseudonym.applied(to: text).isEmpty)
        }
    }
}
