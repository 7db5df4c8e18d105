import AuthDomain
import AuthService
import JSONText
import Settings
import SQLStore

/// `otpd holidays import | list`: the days that are not what the week says.
enum HolidaysCommand {
    static let commands = [
        Command(
            "holidays import", "replace the table of days off for the years in a file",
            options: [
                .config, .required("file", "CSV", "lines of day, kind (holiday, off, work) and name, in UTF-8"),
                .json(.object, "how many days of which years"),
            ],
            notes: """
                deploy/holidays has the days of 2026 and 2027 with their source. Running instances notice with their next
                sweep of deadlines.
                """,
            exits: "0 done, 1 the file is no such table; nothing was changed",
            example: "otpd holidays import --config /etc/otpd/otpd.json --file deploy/holidays/2027.csv",
            body: load),
        Command(
            "holidays list", "list the table of days off",
            options: [.config, .json(.object, "the days with kind and name")],
            example: "otpd holidays list --config /etc/otpd/otpd.json", body: list),
    ]

    /// Running instances notice with their next sweep.
    private static func load(_ arguments: Arguments) async throws {
        let path = try arguments.required("file")
        let holidays = try read(path)
        let years = Set(holidays.map(\.date.year)).sorted().map(String.init).joined(separator: " ")
        try await StoreCommand.run(arguments) { store, _, _ in
            let event = AuditEvent(
                time: SystemWallClock().now(), code: .holidaysImported, result: .success,
                detail: "\(holidays.count) days of \(years)",
                provenance: Provenance(client: "cli", actor: Terminal.user, entry: "cli"))
            try await store.replaceHolidays(with: holidays, event: event)
            guard arguments.has("json") else {
                return Terminal.line("imported \(holidays.count) days of \(years)")
            }
            Terminal.row(
                JSONWriter.object { json in
                    json.field("days", holidays.count)
                    json.strings("years", years.split(separator: " ").map(String.init))
                })
        }
    }

    private static func list(_ arguments: Arguments) async throws {
        try await StoreCommand.run(arguments) { store, _, _ in
            let days = try await store.holidays()
            guard !arguments.has("json") else { return showJSON(days) }
            for day in days {
                Terminal.line("\(day.date)\t\(day.kind.rawValue)\t\(day.name)")
            }
        }
    }

    private static func showJSON(_ days: [Holiday]) {
        Terminal.row(
            JSONWriter.object { json in
                json.array("days", days) { json, day in
                    json.object { json in
                        json.field("date", day.date.description)
                        json.field("kind", day.kind.rawValue)
                        json.field("name", day.name)
                    }
                }
            })
    }

    private static func read(_ path: String) throws -> [Holiday] {
        let bytes: [UInt8]
        do throws(BoundedFile.Failure) {
            bytes = try BoundedFile.read(path, limit: HolidayFile.byteLimit)
        } catch {
            Terminal.complain("otpd: \(path) cannot be read: \(error)")
            throw ExitCode.failure
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            Terminal.complain("otpd: \(path) is not UTF-8")
            throw ExitCode.failure
        }
        switch HolidayFile.parse(text) {
        case .success(let holidays) where !holidays.isEmpty:
            return holidays
        case .success:
            Terminal.complain("otpd: \(path) holds no day")
            throw ExitCode.failure
        case .failure(let problems):
            for problem in problems.all { Terminal.complain("otpd: \(path): \(problem)") }
            throw ExitCode.failure
        }
    }
}
