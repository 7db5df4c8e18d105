/// How periods are counted (T-11).
package enum DeadlineMode: String, CaseIterable, Sendable {
    /// As the civil code counts: whole days, the first not counted, rolled over a day off (BLDS 2015 Đ147, Đ148).
    case civilCode = "civil_code"
    /// From instant to instant: 5 days are 120 hours; no roll-over.
    case strictHours = "strict_hours"
}

/// A period of the regulation.
package enum Term: Hashable, Sendable {
    /// Calendar days ("ngày").
    case days(Int)
    /// Calendar months ("tháng").
    case months(Int)
}

/// Counts the periods of the regulation in Hanoi's time (R-TIME-1).
///
/// All answers are the first instant at which the period is over: 00:00 after its last day.
package struct OfficialCalendar: Hashable, Sendable {
    /// The days that are not what the week says.
    package let table: HolidayTable
    /// How days and months are counted; working days are always whole.
    package let mode: DeadlineMode

    /// Makes a calendar.
    package init(table: HolidayTable = HolidayTable(), mode: DeadlineMode = .civilCode) {
        self.table = table
        self.mode = mode
    }

    /// When a period that an event began is over.
    ///
    /// - Parameters:
    ///   - term: The period.
    ///   - event: The event; its day is not counted (Đ147.2).
    package func end(of term: Term, from event: WallInstant) -> WallInstant {
        switch mode {
        case .civilCode:
            return end(of: term, after: CivilDate(inHanoiAt: event))
        case .strictHours:
            switch term {
            case .days(let count): return event + .seconds(86_400 * count)
            case .months(let count):
                let day = CivilDate(inHanoiAt: event)
                return day.adding(months: count).startInHanoi + (event - day.startInHanoi)
            }
        }
    }

    /// When a period is over that a dated paper began, whose hour nobody knows; counted in days in every mode.
    package func end(of term: Term, after day: CivilDate) -> WallInstant {
        var last =
            switch term {
            case .days(let count): day.adding(days: count)
            case .months(let count): day.adding(months: count)
            }
        if mode == .civilCode, !table.isWorkingDay(last) { last = table.workingDay(after: last) }
        return last.adding(days: 1).startInHanoi
    }

    /// When a number of working days is over; the day of the event is not counted (R-REST-2).
    package func end(ofWorkingDays count: Int, from event: WallInstant) -> WallInstant {
        var last = CivilDate(inHanoiAt: event)
        for _ in 0..<max(1, min(count, 366)) { last = table.workingDay(after: last) }
        return last.adding(days: 1).startInHanoi
    }
}
