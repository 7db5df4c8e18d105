import Settings

/// Every command there is: what is not in this table cannot be run, and has no help.
enum CommandTable {
    static let all: [Command] =
        ServeCommand.commands + ClientCommand.commands + AccountCommand.commands + HoldCommand.commands
        + FormsCommand.commands + ReportCommand.commands + AuditCommand.commands + KeysCommand.commands
        + BackupCommand.commands + RestoreCommand.commands + HolidaysCommand.commands + MaintenanceCommand.commands
        + OutboxCommand.commands + HelpCommand.commands

    /// The command that a command line begins with, and the words behind its name.
    static func find(_ words: [String]) throws(Arguments.UsageError) -> (command: Command, rest: [String]) {
        for length in [2, 1] where words.count >= length {
            let name = words.prefix(length).joined(separator: " ")
            if let command = all.first(where: { $0.name == name }) {
                return (command, Array(words.dropFirst(length)))
            }
        }
        guard let first = words.first else { throw Arguments.UsageError(message: "a command is missing") }
        let group = all.filter { $0.name.hasPrefix(first + " ") }
        guard group.isEmpty else {
            let known = group.map { String($0.name.dropFirst(first.count + 1)) }
            let meant = words.dropFirst().first.flatMap { Spelling.nearest(to: $0, among: known) }
            throw Arguments.UsageError(
                message: "\(first) knows: \(known.joined(separator: ", "))"
                    + (meant.map { "; did you mean \"\(first) \($0)\"?" } ?? ""))
        }
        let names = Set(all.map { String($0.name.prefix { $0 != " " }) }).sorted()
        let meant = Spelling.nearest(to: first, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
        throw Arguments.UsageError(message: "unknown command \"\(first)\"\(meant)")
    }

    /// What `--help` prints: the page of a command, the pages of a group, or the overview.
    static func help(_ words: [String]) -> String {
        let names = words.filter { !$0.hasPrefix("-") }
        for length in [2, 1] where names.count >= length {
            let name = names.prefix(length).joined(separator: " ")
            if let command = all.first(where: { $0.name == name }) { return command.page }
        }
        let group = names.first.map { first in all.filter { $0.name.hasPrefix(first + " ") } } ?? []
        return group.isEmpty ? overview : group.map(\.page).joined(separator: "\n\n\n")
    }

    static var overview: String {
        let width = all.map(\.name.count).max() ?? 0
        let lines = all.map { command in
            "  \(command.name)\(String(repeating: " ", count: width - command.name.count))  \(command.summary)"
        }
        return """
            otpd \(HelpCommand.version) – one-time codes and password policy for the city's mailboxes

            Usage: otpd COMMAND [OPTIONS]

            \(lines.joined(separator: "\n"))

            "otpd COMMAND --help" explains a command: its options, exit codes and an example. Every command takes --json;
            errors are then JSON objects on standard error, one to a line.
            Every setting can be overridden by OTPD_<SECTION>_<KEY>; deploy/otpd.example.json explains each.
            Exit codes: 0 done, 1 refused or broken, 64 usage, 65 unreadable data,
                        69 something needed is unavailable, 73 a file cannot be made, 78 settings.
            """
    }
}
