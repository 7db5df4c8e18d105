extension CivilDate {
    /// A day of the week, numbered as ISO 8601 does.
    package enum Weekday: Int, CaseIterable, Sendable {
        case monday = 1
        case tuesday, wednesday, thursday, friday, saturday, sunday

        /// Whether the weekly rest falls on it: offices of the city work Monday to Friday.
        package var isWeekend: Bool { self == .saturday || self == .sunday }
    }

    /// The day of the week.
    package var weekday: Weekday {
        // 1970-01-01 was a Thursday.
        let shifted = (daysSinceEpoch + 3) % 7
        return Weekday(rawValue: Int(shifted < 0 ? shifted + 7 : shifted) + 1) ?? .monday
    }

    /// The date a number of days later; earlier when negative.
    package func adding(days: Int) -> CivilDate {
        CivilDate(daysSinceEpoch: daysSinceEpoch + Int64(days))
    }

    /// The corresponding day a number of months later, or the last of that month when it has none (BLDS Đ148.3).
    ///
    /// Dates beyond the year 9999 are kept to its end, those before 0000 to its beginning.
    package func adding(months: Int) -> CivilDate {
        let total = year * 12 + month - 1 + months
        let (targetYear, index) = (total >= 0 ? total / 12 : (total - 11) / 12, ((total % 12) + 12) % 12)
        guard (0...9999).contains(targetYear) else {
            return CivilDate(daysSinceEpoch: targetYear > 9999 ? .max : .min)
        }
        let last = Self.length(ofMonth: index + 1, year: targetYear)
        return CivilDate(year: targetYear, month: index + 1, day: min(day, last)) ?? self
    }

    /// The instant at which the day begins in Hanoi (UTC+7, no summer time).
    package var startInHanoi: WallInstant {
        WallInstant(seconds: daysSinceEpoch * 86_400 - 7 * 3600)
    }

    /// Reads `YYYY-MM-DD`; nil for anything else.
    package init?(parsing text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
        guard let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]),
            let day = Self.number(bytes[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int(digit - 0x30)
        }
        return value
    }
}
