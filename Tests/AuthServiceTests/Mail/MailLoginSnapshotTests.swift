import AuthDomain
import Testing

@testable import AuthService

@Suite("What was proven of a mail login is not proven again, and nothing else is (T-4)")
struct MailLoginSnapshotTests {
    @Test("A proof is of one whole digest: another with the same look-up, a shorter one or none is not it")
    func proof() {
        let account = AccountID("acc_1")
        let record = AppPasswordRecord(
            id: AppPasswordID("apw_1"), account: account, label: "Outlook", lookup: Array(0..<12), digest: [],
            terms: AppPasswordTerms(services: [.imap], networks: [], expiresAt: nil), document: nil,
            createdAt: WallInstant(seconds: 0), lastUse: nil)
        let snapshot = MailLoginSnapshot(
            account: MailAccount(
                id: account, address: MailboxAddress(canonical: "an@hanoi.gov.vn"), kind: .personal,
                lifecycle: .active, mustChange: false, passwordVersion: 1, lock: nil),
            candidates: [record])
        let whole = [UInt8](0..<36)
        #expect(snapshot.proven(by: [whole]) == nil)
        snapshot.remember(record, provenBy: whole)
        #expect(snapshot.proven(by: [whole]) === record)
        #expect(snapshot.proven(by: [[9], whole]) === record)
        #expect(snapshot.proven(by: [whole.prefix(35) + [0]]) == nil)
        #expect(snapshot.proven(by: [Array(whole.prefix(12))]) == nil)
        #expect(snapshot.proven(by: []) == nil)
    }
}
