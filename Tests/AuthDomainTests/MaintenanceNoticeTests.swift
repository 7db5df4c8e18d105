import AuthDomain
import Testing

@Suite("Planned stops (Đ10.1.d, R-SCOPE-5)")
struct MaintenanceNoticeTests {
    private static let now = WallInstant(seconds: 1_795_420_800)

    /// The part that is refused, or whether the notice is urgent.
    private func word(
        ahead: Duration, lasting: Duration = .seconds(7200), _ vi: String = "Bảo trì", _ en: String? = nil
    ) -> String {
        do throws(MaintenanceNotice.Refusal) {
            let from = Self.now + ahead
            let notice = try MaintenanceNotice(
                id: "mnt_1", from: from, until: from + lasting, messageVI: vi, messageEN: en, announcedAt: Self.now,
                announcedBy: "An")
            return notice.isUrgent ? "urgent" : "planned"
        } catch {
            return error.part
        }
    }

    @Test("R-SCOPE-5: three days ahead to the millisecond is planned, less is urgent, the past is refused")
    func ahead() {
        #expect(word(ahead: .seconds(3 * 86_400)) == "planned")
        #expect(word(ahead: .seconds(3 * 86_400) - .milliseconds(1)) == "urgent")
        #expect(word(ahead: .zero) == "urgent")
        #expect(word(ahead: .milliseconds(-1)) == "from")
        #expect(word(ahead: .seconds(366 * 86_400)) == "planned")
        #expect(word(ahead: .seconds(367 * 86_400)) == "from")
    }

    @Test("A stop ends after it begins, within 14 days; its texts are one line of at most 500 characters")
    func bounds() {
        let ahead = Duration.seconds(4 * 86_400)
        #expect(word(ahead: ahead, lasting: .zero) == "to")
        #expect(word(ahead: ahead, lasting: .seconds(-1)) == "to")
        #expect(word(ahead: ahead, lasting: .seconds(14 * 86_400)) == "planned")
        #expect(word(ahead: ahead, lasting: .seconds(14 * 86_400 + 1)) == "to")
        for text in ["", "hai\ndòng", "\u{0}", "\u{7F}", "\u{85}", String(repeating: "ế", count: 501)] {
            #expect(word(ahead: ahead, text) == "message_vi")
            #expect(word(ahead: ahead, "Bảo trì", text) == "message_en")
        }
        #expect(word(ahead: ahead, String(repeating: "ế", count: 500)) == "planned")
    }
}
