import AuthDomain
import Testing

/// A Hanoi day and time as an instant, for tables of cases.
private func hanoi(_ text: String) throws -> WallInstant {
    try #require(RFC3339.parse(text + "+07:00"))
}

/// The days off of 2026 and 2027 that the law names, with days off in lieu.
private let cityTable: HolidayTable = {
    let days: [(String, Holiday.Kind)] = [
        ("2026-01-01", .holiday), ("2026-02-16", .holiday), ("2026-02-17", .holiday), ("2026-02-18", .holiday),
        ("2026-02-19", .holiday), ("2026-02-20", .holiday), ("2026-04-26", .holiday), ("2026-04-27", .off),
        ("2026-09-01", .holiday), ("2026-09-02", .holiday), ("2027-02-05", .holiday), ("2027-02-06", .holiday),
        ("2027-02-07", .holiday), ("2027-02-08", .holiday), ("2027-02-09", .holiday), ("2027-02-10", .off),
        ("2027-02-11", .off), ("2027-04-16", .holiday), ("2027-05-03", .off), ("2027-09-03", .holiday),
    ]
    return HolidayTable(
        days.compactMap { text, kind in
            CivilDate(parsing: text).flatMap { Holiday(date: $0, kind: kind, name: "Nghỉ") }
        })
}()

@Suite("The regulation's calendar (R-TIME-1)")
struct CalendarTests {
    @Test(
        "R-FIRST-3: 05 days, the day of the notice not counted, rolled over days off",
        arguments: [
            ("2026-12-25T09:00:00", "2026-12-31T00:00:00"),  // Friday → Wednesday
            ("2026-12-25T00:00:00", "2026-12-31T00:00:00"),
            ("2026-12-25T23:59:59", "2026-12-31T00:00:00"),
            ("2026-12-24T23:59:59", "2026-12-30T00:00:00"),
            ("2026-12-26T00:00:00", "2027-01-01T00:00:00"),  // ends Thursday 31/12
            ("2026-12-27T08:00:00", "2027-01-05T00:00:00"),  // 01/01 is a Friday: Monday 04/01
            ("2026-11-23T08:00:00", "2026-12-01T00:00:00"),  // Saturday 28/11 → Monday 30/11
            ("2026-11-24T08:00:00", "2026-12-01T00:00:00"),  // Sunday 29/11 → Monday 30/11
            ("2027-02-01T08:00:00", "2027-02-13T00:00:00"),  // Tết: 05–11/02 are free
            ("2027-01-30T08:00:00", "2027-02-05T00:00:00"),  // the day before Tết
            ("2027-02-06T08:00:00", "2027-02-13T00:00:00"),  // given on the first day of Tết
            ("2027-04-25T08:00:00", "2027-05-05T00:00:00"),  // 30/04, Saturday 01/05, Sunday, 03/05 in lieu
            ("2027-04-26T08:00:00", "2027-05-05T00:00:00"),
            ("2028-02-24T08:00:00", "2028-03-01T00:00:00"),  // ends on the leap day
        ])
    func fiveDays(notice: String, over: String) throws {
        let calendar = OfficialCalendar(table: cityTable)
        #expect(calendar.end(of: .days(5), from: try hanoi(notice)) == (try hanoi(over)))
    }

    @Test(
        "R-LOCK-13: 03 calendar months end on the corresponding day or the last of the month",
        arguments: [
            ("2026-11-30T10:00:00", "2027-03-02T00:00:00"),  // 28/02/2027 is a Sunday: Monday 01/03
            ("2027-11-30T10:00:00", "2028-03-01T00:00:00"),  // 29/02/2028, a Tuesday
            ("2027-11-29T10:00:00", "2028-03-01T00:00:00"),
            ("2026-08-31T10:00:00", "2026-12-01T00:00:00"),  // 30/11
            ("2026-09-25T10:00:00", "2026-12-26T00:00:00"),
            ("2026-11-06T10:00:00", "2027-02-13T00:00:00"),  // ends on the first day of Tết
            ("2027-02-01T10:00:00", "2027-05-05T00:00:00"),  // ends on 01/05
            ("2028-02-29T10:00:00", "2028-05-30T00:00:00"),  // 29/05/2028, a Monday
            ("2026-10-01T10:00:00", "2027-01-05T00:00:00"),  // 01/01, then a weekend
        ])
    func threeMonths(activity: String, over: String) throws {
        let calendar = OfficialCalendar(table: cityTable)
        #expect(calendar.end(of: .months(3), from: try hanoi(activity)) == (try hanoi(over)))
    }

    @Test(
        "R-REST-2: 02 working days, weekends and holidays not counted",
        arguments: [
            ("2026-11-25T08:00:00", "2026-11-28T00:00:00"),  // Wednesday → Friday
            ("2026-12-25T16:00:00", "2026-12-30T00:00:00"),  // Friday → Tuesday
            ("2026-12-26T16:00:00", "2026-12-30T00:00:00"),  // Saturday → Tuesday
            ("2027-02-04T16:00:00", "2027-02-16T00:00:00"),  // before Tết → Monday 15/02
            ("2027-04-29T16:00:00", "2027-05-06T00:00:00"),
            ("2026-12-31T16:00:00", "2027-01-06T00:00:00"),
        ])
    func workingDays(received: String, over: String) throws {
        let calendar = OfficialCalendar(table: cityTable)
        #expect(calendar.end(ofWorkingDays: 2, from: try hanoi(received)) == (try hanoi(over)))
        // The only period in working days keeps to them in every mode.
        let strict = OfficialCalendar(table: cityTable, mode: .strictHours)
        #expect(strict.end(ofWorkingDays: 2, from: try hanoi(received)) == (try hanoi(over)))
    }

    @Test("A worked Saturday counts and ends a period; a swapped Monday does not")
    func swaps() throws {
        func day(_ text: String, _ kind: Holiday.Kind) throws -> Holiday {
            let date = try #require(CivilDate(parsing: text))
            return try #require(Holiday(date: date, kind: kind, name: "Hoán đổi"))
        }
        let table = HolidayTable([
            try day("2026-08-22", .work),
            try day("2026-08-31", .off),
        ])
        let calendar = OfficialCalendar(table: table)
        #expect(
            calendar.end(of: .days(5), from: try hanoi("2026-08-17T08:00:00")) == (try hanoi("2026-08-23T00:00:00")))
        #expect(
            calendar.end(ofWorkingDays: 2, from: try hanoi("2026-08-20T08:00:00")) == (try hanoi("2026-08-23T00:00:00"))
        )
        #expect(
            calendar.end(of: .days(5), from: try hanoi("2026-08-26T08:00:00")) == (try hanoi("2026-09-02T00:00:00")))
    }

    @Test("T-11: strict hours count from instant to instant, without roll-over")
    func strictHours() throws {
        let calendar = OfficialCalendar(table: cityTable, mode: .strictHours)
        #expect(
            calendar.end(of: .days(5), from: try hanoi("2027-02-01T08:30:15")) == (try hanoi("2027-02-06T08:30:15")))
        #expect(
            calendar.end(of: .months(3), from: try hanoi("2026-11-30T23:59:59")) == (try hanoi("2027-02-28T23:59:59")))
        #expect(
            calendar.end(of: .days(30), after: try #require(CivilDate(parsing: "2026-11-01")))
                == (try hanoi("2026-12-02T00:00:00")))
    }

    @Test("Without an imported table the holidays with a fixed date hold all the same")
    func fixedHolidays() throws {
        let calendar = OfficialCalendar()
        #expect(
            calendar.end(of: .days(5), from: try hanoi("2026-08-28T08:00:00")) == (try hanoi("2026-09-04T00:00:00")))
        #expect(!calendar.table.covers(year: 2026))
        #expect(cityTable.covers(year: 2026) && cityTable.covers(year: 2027) && !cityTable.covers(year: 2028))
    }

    @Test("A month later never leaves the month, and one month at a time never overtakes all at once")
    func months() throws {
        var day = try #require(CivilDate(parsing: "2023-12-31"))
        for _ in 0..<1500 {
            for count in 0...14 {
                let later = day.adding(months: count)
                let index = day.year * 12 + day.month - 1 + count
                #expect(later.year * 12 + later.month - 1 == index)
                #expect(later.day == day.day || later.adding(days: 1).day == 1)
                #expect(later.adding(months: -count) <= day)
            }
            let next = day.adding(days: 1)
            #expect(next.weekday.rawValue == day.weekday.rawValue % 7 + 1)
            #expect(CivilDate(inHanoiAt: next.startInHanoi) == next)
            #expect(CivilDate(inHanoiAt: next.startInHanoi - .milliseconds(1)) == day)
            day = next
        }
    }

    @Test("Periods never end on a day off, and a later event never ends earlier (Đ148.5)")
    func rollOver() throws {
        let calendar = OfficialCalendar(table: cityTable)
        var day = try #require(CivilDate(parsing: "2025-12-15"))
        var before: [Term: WallInstant] = [:]
        for _ in 0..<760 {
            for term in [Term.days(5), .days(15), .days(30), .days(60), .months(3)] {
                let over = calendar.end(of: term, after: day)
                #expect(cityTable.isWorkingDay(CivilDate(inHanoiAt: over - .milliseconds(1))))
                if let earlier = before[term] { #expect(over >= earlier) }
                before[term] = over
            }
            day = day.adding(days: 1)
        }
    }
}

@Suite("The holiday file")
struct HolidayFileTests {
    @Test("Lines, comments, a heading and names with commas are read")
    func good() throws {
        let text = "# Nguồn\r\ndate,kind,name\r\n2026-02-17, holiday ,Tết, mùng 1\n\n2026-08-22,work,Làm bù\n"
        let days = try HolidayFile.parse(text).get()
        #expect(days.map(\.date.description) == ["2026-02-17", "2026-08-22"])
        #expect(days.map(\.name) == ["Tết, mùng 1", "Làm bù"])
    }

    @Test(
        "Every wrong line is named, and nothing of the file is taken",
        arguments: [
            ("2026-02-30,holiday,x", [1]), ("2026-02-17,feast,x", [1]), ("2026-02-17,holiday", [1]),
            ("2026-02-17,holiday,", [1]), ("17/02/2026,holiday,x\n2026-2-17,off,y", [1, 2]),
            ("2026-02-17,holiday,x\n2026-02-17,off,y", [2]), ("2026-02-17,holiday,a\u{1B}b", [1]),
            (String(repeating: "9", count: 300_000), [1]),
        ])
    func wrong(text: String, lines: [Int]) {
        guard case .failure(let problems) = HolidayFile.parse(text) else {
            Issue.record("taken")
            return
        }
        #expect(problems.all.map(\.line) == lines)
    }
}
