/// The holiday table as a file: `date,kind,name` lines, comments after `#`.
package enum HolidayFile {
    /// The largest file that is read, in bytes.
    package static let byteLimit = 262_144

    /// What is wrong with a file.
    package struct Problem: Error, Hashable, CustomStringConvertible {
        /// The line, from 1.
        package let line: Int
        /// What was expected.
        package let expected: String

        /// One line for the operator.
        package var description: String { "line \(line): \(expected)" }
    }

    /// Reads a file; every wrong line is told at once, and then nothing is taken.
    ///
    /// - Returns: The days in the order of the file; of two lines about a day the second is a problem.
    package static func parse(_ text: String) -> Result<[Holiday], Problems> {
        var days: [Holiday] = []
        var seen: Set<CivilDate> = []
        var problems: [Problem] = []
        guard text.utf8.count <= byteLimit else {
            return .failure(Problems([Problem(line: 1, expected: "a file of at most \(byteLimit) bytes")]))
        }
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = trimmed(line)
            if line.isEmpty || line.hasPrefix("#") || line == "date,kind,name" { continue }
            do throws(Problem) {
                let day = try holiday(line, number: index + 1)
                guard seen.insert(day.date).inserted else {
                    throw Problem(line: index + 1, expected: "each day once; \(day.date) stands above")
                }
                days.append(day)
            } catch {
                problems.append(error)
            }
        }
        return problems.isEmpty ? .success(days) : .failure(Problems(problems))
    }

    /// Every problem of a file.
    package struct Problems: Error, Hashable {
        /// The problems in the order of the lines.
        package let all: [Problem]

        init(_ all: [Problem]) {
            self.all = all
        }
    }

    private static func holiday(_ line: Substring, number: Int) throws(Problem) -> Holiday {
        let fields = line.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false).map(trimmed)
        guard fields.count == 3 else { throw Problem(line: number, expected: "date,kind,name") }
        guard let date = CivilDate(parsing: String(fields[0])) else {
            throw Problem(line: number, expected: "a date as YYYY-MM-DD")
        }
        guard let kind = Holiday.Kind(rawValue: String(fields[1])) else {
            throw Problem(
                line: number, expected: "a kind: \(Holiday.Kind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        guard let day = Holiday(date: date, kind: kind, name: String(fields[2])) else {
            throw Problem(line: number, expected: "a name of 1 to 200 characters")
        }
        return day
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }
}
