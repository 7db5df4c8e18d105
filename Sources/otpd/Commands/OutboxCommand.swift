import AuthDomain
import AuthService
import JSONText
import SQLStore
import Settings

/// `otpd outbox list | retry | drop`: events that wait for other systems, and those that were given up.
enum OutboxCommand {
    private static let rowLimit = 10_000

    private static let selection: [Command.Option] = [
        .config, .optional("target", "NAME", "only events for one target of the settings"),
        .optional("id", "ID", "only one event, msg_…"),
    ]
    private static let notes = """
        Events of one account reach a target in order; one that was given up lets the next go first, and comes late
        when it is retried: receivers tell by "sequence" that it is old. Running instances notice within a second.
        """

    static let commands = [
        Command(
            "outbox list", "list events that wait for other systems, and those that were given up",
            options: selection + [
                .optional("state", "pending|dead", "only these"),
                .optional("limit", "N", "at most so many of each, 1 to 10000; default 100"),
                .json(.lines, "the events"),
            ],
            output: .lines, notes: notes, example: "otpd outbox list --config /etc/otpd/otpd.json --state dead",
            body: list),
        Command(
            "outbox retry", "try given-up events again now; also takes a stopped target up again",
            options: selection + [
                .optional("state", "pending|dead", "these instead of dead ones"), .json(.object, "how many"),
            ],
            notes: notes, example: "otpd outbox retry --config /etc/otpd/otpd.json --target store",
            body: retry),
        Command(
            "outbox drop", "forget given-up events; wants --target or --id",
            options: selection + [
                .optional("state", "pending|dead", "these instead of dead ones"), .json(.object, "how many"),
            ],
            notes: notes, example: "otpd outbox drop --config /etc/otpd/otpd.json --target store",
            body: drop),
    ]

    private static func list(_ arguments: Arguments) async throws {
        let parts = try part(arguments).map { [$0] } ?? OutboxSelection.Part.allCases
        let limit = try limit(arguments)
        try await StoreCommand.run(arguments) { store, _, _ in
            var count = 0
            for part in parts {
                let selection = OutboxSelection(part: part, target: arguments["target"], id: arguments["id"])
                let entries = try await store.entries(selection, limit: limit)
                count += entries.count
                for entry in entries { show(entry, asJSON: arguments.has("json")) }
            }
            for backlog in try await store.backlogs() where arguments["target"].map({ $0 == backlog.target }) ?? true {
                if !arguments.has("json") { show(backlog) }
            }
            if count == 0, !arguments.has("json") { Terminal.line("no such event") }
        }
    }

    private static func retry(_ arguments: Arguments) async throws {
        let selection = OutboxSelection(
            part: try part(arguments) ?? .dead, target: arguments["target"], id: arguments["id"])
        try await StoreCommand.run(arguments) { store, _, _ in
            let count = try await store.retry(selection, event: event(.outboxRetried, selection))
            report("retried", count, selection, arguments)
        }
    }

    /// Forgetting cannot be taken back, so the target or the event has to be named.
    private static func drop(_ arguments: Arguments) async throws {
        guard arguments["target"] != nil || arguments["id"] != nil else {
            throw Arguments.UsageError(message: "outbox drop wants --target NAME or --id ID")
        }
        let selection = OutboxSelection(
            part: try part(arguments) ?? .dead, target: arguments["target"], id: arguments["id"])
        try await StoreCommand.run(arguments) { store, _, _ in
            let count = try await store.drop(selection, event: event(.outboxDropped, selection))
            report("dropped", count, selection, arguments)
        }
    }

    // MARK: Arguments

    private static func part(_ arguments: Arguments) throws -> OutboxSelection.Part? {
        guard let text = arguments["state"] else { return nil }
        guard let part = OutboxSelection.Part(rawValue: text) else {
            throw Arguments.UsageError(message: "--state takes pending or dead")
        }
        return part
    }

    private static func limit(_ arguments: Arguments) throws -> Int {
        guard let text = arguments["limit"] else { return 100 }
        guard let number = Int(text), (1...rowLimit).contains(number) else {
            throw Arguments.UsageError(message: "--limit takes a number from 1 to \(rowLimit)")
        }
        return number
    }

    private static func event(_ code: AuditCode, _ selection: OutboxSelection) -> AuditEvent {
        let meant = [selection.part.rawValue, selection.target.map { "target \($0)" }, selection.id]
        return AuditEvent(
            time: SystemWallClock().now(), code: code, result: .success,
            detail: meant.compactMap(\.self).joined(separator: " "),
            provenance: Provenance(client: "cli", actor: Terminal.user, entry: "cli"))
    }

    // MARK: Output

    private static func show(_ entry: OutboxEntry, asJSON: Bool) {
        let message = entry.message
        guard asJSON else {
            let time = entry.time.map { "\(entry.part == .dead ? "given up" : "due") \(RFC3339.format($0))" }
            let words = [
                message.id, message.target, message.type.rawValue, message.address,
                "happened \(RFC3339.format(message.occurredAt))", entry.part.rawValue,
                message.attempts > 0 ? "\(message.attempts) attempts" : nil, entry.result, time,
            ]
            return Terminal.line(words.compactMap(\.self).joined(separator: "\t"))
        }
        Terminal.row(
            JSONWriter.object { json in
                json.field("id", message.id)
                json.field("target", message.target)
                json.field("state", entry.part.rawValue)
                json.field("type", message.type.rawValue)
                json.field("account", message.account.text)
                json.field("address", message.address)
                json.field("sequence", Int(message.sequence))
                json.field("occurred_at", RFC3339.format(message.occurredAt))
                json.field("attempts", message.attempts)
                json.optional("result", entry.result)
                json.optional(entry.part == .dead ? "died_at" : "due_at", entry.time.map(RFC3339.format))
            })
    }

    private static func show(_ backlog: OutboxBacklog) {
        let stop = backlog.stopped.map { "; stopped: \($0)" } ?? ""
        Terminal.line("\(backlog.target): \(backlog.pending) pending, \(backlog.dead) dead\(stop)")
    }

    private static func report(_ word: String, _ count: Int, _ selection: OutboxSelection, _ arguments: Arguments) {
        guard arguments.has("json") else { return Terminal.line("\(count) \(selection.part.rawValue) events \(word)") }
        Terminal.row(
            JSONWriter.object { json in
                json.field("state", selection.part.rawValue)
                json.field("count", count)
            })
    }
}
