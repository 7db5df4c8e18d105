import AuthDomain
import AuthService
import Settings
import SQLStore

/// `otpd holidays import | list`: the days that are not what the week says.
enum HolidaysCommand {
    static func run(_ words: [String]) async throws {
        let rest = Array(words.dropFirst())
        switch words.first {
        case "import": try await load(try Arguments(rest, allowed: ["config", "file"]))
        case "list": try await list(try Arguments(rest, allowed: ["config"]))
        default: throw Arguments.UsageError(message: "holidays knows: import, list")
        }
    }

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
            Terminal.line("imported \(holidays.count) days of \(years)")
        }
    }

    private static func list(_ arguments: Arguments) async throws {
        try await StoreCommand.run(arguments) { store, _, _ in
            for day in try await store.holidays() {
                Terminal.line("\(day.date)\t\(day.kind.rawValue)\t\(day.name)")
            }
        }
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
