/// A time zone without summer time, in which days are counted (R-TIME-1).
package struct CivilZone: Hashable, Sendable {
    /// The name as given.
    package let name: String
    /// How far local time is ahead of UTC.
    package let offset: Duration

    /// Hanoi's zone.
    package static let hanoi = CivilZone(name: "Asia/Ho_Chi_Minh", offset: .seconds(7 * 3600))

    private init(name: String, offset: Duration) {
        self.name = name
        self.offset = offset
    }

    init(settingText text: String) throws(Refusal) {
        switch text {
        case "Asia/Ho_Chi_Minh", "Asia/Saigon", "Asia/Bangkok": self = CivilZone(name: text, offset: .seconds(7 * 3600))
        case "UTC", "Etc/UTC": self = CivilZone(name: text, offset: .zero)
        default:
            guard let seconds = Self.seconds(text) else {
                throw Refusal(
                    "must be Asia/Ho_Chi_Minh, Asia/Bangkok, UTC or a fixed offset like +07:00, is "
                        + SectionReader.quote(text, mark: "\""))
            }
            self = CivilZone(name: text, offset: .seconds(seconds))
        }
    }

    private static func seconds(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 6, bytes[3] == UInt8(ascii: ":") else { return nil }
        guard bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-") else { return nil }
        let digits = [bytes[1], bytes[2], bytes[4], bytes[5]].map { Int($0) - 0x30 }
        guard digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
        let (hours, minutes) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
        guard hours <= 14, minutes < 60 else { return nil }
        return (hours * 3600 + minutes * 60) * (bytes[0] == UInt8(ascii: "-") ? -1 : 1)
    }
}
