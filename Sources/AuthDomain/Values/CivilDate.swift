/// A day of the proleptic Gregorian calendar, without zone or time of day.
package struct CivilDate: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The year; 1 BC is 0.
    package let year: Int
    /// The month, 1…12.
    package let month: Int
    /// The day of the month, 1…31.
    package let day: Int

    /// Makes a date; nil when there is no such day or the year is not 0…9999.
    package init?(year: Int, month: Int, day: Int) {
        guard (0...9999).contains(year), (1...12).contains(month) else { return nil }
        guard day >= 1, day <= Self.length(ofMonth: month, year: year) else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The date that lies a number of days after 1970-01-01; years beyond 0…9999 are kept to that range.
    ///
    /// Eras of 400 years start on 1 March, so that the leap day ends a year.
    package init(daysSinceEpoch: Int64) {
        let bounded = min(max(daysSinceEpoch, Self.firstDay), Self.lastDay)
        let shifted = bounded + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let calendarMonth = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        day = Int(dayOfYear - (153 * marchMonth + 2) / 5 + 1)
        month = Int(calendarMonth)
        year = Int(yearOfEra + era * 400 + (calendarMonth <= 2 ? 1 : 0))
    }

    /// The date that a clock in Hanoi (UTC+7, no summer time) shows at an instant (R-TIME-1).
    package init(inHanoiAt instant: WallInstant) {
        let seconds = instant.seconds.addingReportingOverflow(7 * 3600)
        let local = seconds.overflow ? instant.seconds : seconds.partialValue
        self.init(daysSinceEpoch: Self.days(inSeconds: local))
    }

    /// Days from 1970-01-01; negative before it.
    package var daysSinceEpoch: Int64 {
        let shiftedYear = Int64(month <= 2 ? year - 1 : year)
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let marchMonth = Int64(month > 2 ? month - 3 : month + 9)
        let dayOfYear = (153 * marchMonth + 2) / 5 + Int64(day) - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Year and month, as in `2026-11`.
    package var yearAndMonth: String { "\(Self.padded(year, to: 4))-\(Self.padded(month, to: 2))" }

    /// The date as ISO 8601 writes it, as in `2026-11-23`.
    package var description: String { "\(yearAndMonth)-\(Self.padded(day, to: 2))" }

    /// The earlier date compares as less.
    package static func < (left: CivilDate, right: CivilDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    /// Whole days in a number of seconds, rounded down; the seconds are not within a day of the least number.
    static func days(inSeconds seconds: Int64) -> Int64 {
        (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
    }

    private static let firstDay: Int64 = -719_528  // 0000-01-01
    private static let lastDay: Int64 = 2_932_896  // 9999-12-31

    static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    static func padded(_ number: Int, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
