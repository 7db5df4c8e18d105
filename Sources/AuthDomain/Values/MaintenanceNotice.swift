/// A planned stop of the service that was announced (Đ10.1.d: at least 03 days ahead).
package struct MaintenanceNotice: Hashable, Sendable {
    /// Why a notice cannot be meant: what is wrong, and what is expected.
    package struct Refusal: Error, Hashable {
        /// The part that is wrong: `from`, `to`, `message_vi` or `message_en`.
        package let part: String
        /// What is expected of it.
        package let expected: String
    }

    /// The time ahead that the regulation asks for.
    package static let ahead = Duration.seconds(3 * 86_400)
    /// The longest stop that may be announced, and how far ahead.
    private static let (longest, farthest) = (Duration.seconds(14 * 86_400), Duration.seconds(366 * 86_400))
    private static let messageLength = 1...500

    /// Names it.
    package let id: String
    /// When the stop begins.
    package let from: WallInstant
    /// When the service is back.
    package let until: WallInstant
    /// What people are told, in Vietnamese.
    package let messageVI: String
    /// The same in English, if there is one.
    package let messageEN: String?
    /// Whether it was announced less than 03 days ahead.
    package let isUrgent: Bool
    /// When it was announced.
    package let announcedAt: WallInstant
    /// Who announced it.
    package let announcedBy: String

    /// Makes a notice as it was stored.
    package init(
        stored id: String, from: WallInstant, until: WallInstant, messageVI: String, messageEN: String?,
        isUrgent: Bool, announcedAt: WallInstant, announcedBy: String
    ) {
        self.id = id
        self.from = from
        self.until = until
        self.messageVI = messageVI
        self.messageEN = messageEN
        self.isUrgent = isUrgent
        self.announcedAt = announcedAt
        self.announcedBy = announcedBy
    }

    /// Makes a notice that is announced now.
    package init(
        id: String, from: WallInstant, until: WallInstant, messageVI: String, messageEN: String?,
        announcedAt now: WallInstant, announcedBy: String
    ) throws(Refusal) {
        guard from >= now, from <= now + Self.farthest else {
            throw Refusal(part: "from", expected: "an instant between now and a year from now")
        }
        guard until > from, until <= from + Self.longest else {
            throw Refusal(part: "to", expected: "an instant after --from, at most 14 days after it")
        }
        for (part, text) in [("message_vi", messageVI), ("message_en", messageEN)] {
            guard let text else { continue }
            guard Self.messageLength.contains(text.unicodeScalars.count),
                text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
            else { throw Refusal(part: part, expected: "1 to 500 characters in one line") }
        }
        self.init(
            stored: id, from: from, until: until, messageVI: messageVI, messageEN: messageEN,
            isUrgent: from < now + Self.ahead, announcedAt: now, announcedBy: announcedBy)
    }
}
