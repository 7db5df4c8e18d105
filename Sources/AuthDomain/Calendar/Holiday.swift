/// One line of the operator's holiday table.
package struct Holiday: Hashable, Sendable {
    /// What the day is.
    package enum Kind: String, CaseIterable, Sendable {
        /// A public holiday (Bộ luật Lao động 2019, Điều 112).
        case holiday
        /// A day off in lieu of a holiday that fell on the weekly rest (Điều 111.3), or given by a swap.
        case off
        /// A day of the weekly rest that is worked, by a swap.
        case work
    }

    /// The day.
    package let date: CivilDate
    /// What it is.
    package let kind: Kind
    /// Its name, for people.
    package let name: String

    /// Makes a line; nil when the name is empty, longer than 200 characters or holds a control character.
    package init?(date: CivilDate, kind: Kind, name: String) {
        guard !name.isEmpty, name.unicodeScalars.count <= 200,
            name.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else { return nil }
        self.date = date
        self.kind = kind
        self.name = name
    }
}

/// The days that are not what the week says: holidays, days off in lieu, worked Saturdays.
///
/// Tết and Giỗ Tổ follow the lunar calendar and swaps are announced each year, so the operator keeps the table. The
/// four holidays with a fixed date (1/1, 30/4, 1/5, 2/9) hold in every year, in the table or not: a forgotten import
/// must not end a period too early.
package struct HolidayTable: Hashable, Sendable {
    private let kinds: [CivilDate: Holiday.Kind]

    /// Makes a table; of two lines about a day the later one holds.
    package init(_ holidays: [Holiday] = []) {
        kinds = Dictionary(holidays.map { ($0.date, $0.kind) }, uniquingKeysWith: { $1 })
    }

    /// Whether offices work on a day.
    package func isWorkingDay(_ date: CivilDate) -> Bool {
        switch kinds[date] {
        case .work: true
        case .holiday, .off: false
        case nil: !date.weekday.isWeekend && !Self.isFixedHoliday(date)
        }
    }

    /// The first working day after a day; a table that leaves none within a year gives up there.
    package func workingDay(after date: CivilDate) -> CivilDate {
        var next = date.adding(days: 1)
        for _ in 0..<366 where !isWorkingDay(next) { next = next.adding(days: 1) }
        return next
    }

    /// Whether the table holds a lunar holiday of a year, or any other that only an import can tell.
    package func covers(year: Int) -> Bool {
        kinds.contains { $0.key.year == year && $0.value == .holiday && !Self.isFixedHoliday($0.key) }
    }

    /// Tells two tables apart: the days with their kinds, by date.
    package var fingerprint: String {
        kinds.sorted { $0.key < $1.key }.map { "\($0.key)\($0.value.rawValue.prefix(1))" }.joined(separator: " ")
    }

    private static func isFixedHoliday(_ date: CivilDate) -> Bool {
        switch (date.day, date.month) {
        case (1, 1), (30, 4), (1, 5), (2, 9): true
        default: false
        }
    }
}
