import AuthDomain
import AuthService
import JSONText
import Settings
import SQLStore

/// `otpd maintenance announce | list | cancel`: planned stops that sign-in pages show (Đ10.1.d, R-SCOPE-5).
enum MaintenanceCommand {
    private static let listed = 100

    static let commands = [
        Command(
            "maintenance announce", "announce a planned stop, which sign-in pages then show",
            options: [
                .config, .required("from", "INSTANT", "when it begins, such as 2026-12-05T22:00:00+07:00"),
                .required("to", "INSTANT", "when it ends"),
                .required("message-vi", "TEXT", "what people are told, in Vietnamese"),
                .optional("message-en", "TEXT", "the same in English"),
                .flag("urgent", "announce it less than 3 days ahead, which Điều 10.1.d does not plan for"),
                .json(.object, "the notice"),
            ],
            notes: "Đ10.1.d: at least 03 days ahead. Running instances show it at once, at GET /v1/maintenance.",
            exits: "0 done, 1 less than 3 days ahead without --urgent",
            example: """
                otpd maintenance announce --config /etc/otpd/otpd.json --message-vi "Bảo trì hệ thống thư" \\
                  --from 2026-12-05T22:00:00+07:00 --to 2026-12-06T02:00:00+07:00
                """,
            body: announce),
        Command(
            "maintenance list", "list the stops that are ahead or under way",
            options: [.config, .json(.object, "the notices")],
            example: "otpd maintenance list --config /etc/otpd/otpd.json", body: list),
        Command(
            "maintenance cancel", "call a planned stop off",
            options: [.config, .required("id", "ID", "as listed, mnt_…"), .json(.object, "the id")],
            exits: "0 done, 1 no such notice is ahead or under way",
            example: "otpd maintenance cancel --config /etc/otpd/otpd.json --id mnt_7qy2", body: cancel),
    ]

    /// Running instances show it with the next question.
    private static func announce(_ arguments: Arguments) async throws {
        let (from, until) = (try instant("from", arguments), try instant("to", arguments))
        let message = try arguments.required("message-vi")
        try await StoreCommand.run(arguments) { store, vault, settings in
            let now = clock(settings).now()
            let notice: MaintenanceNotice
            do throws(MaintenanceNotice.Refusal) {
                notice = try MaintenanceNotice(
                    id: vault.random.identifier(prefix: "mnt_"), from: from, until: until, messageVI: message,
                    messageEN: arguments["message-en"], announcedAt: now, announcedBy: Terminal.user ?? "cli")
            } catch {
                let option = error.part.map { $0 == "_" ? "-" : $0 }
                throw Arguments.UsageError(message: "--\(String(option)) must be \(error.expected)")
            }
            if notice.isUrgent { try permitUrgent(arguments) }
            try await store.announce(
                notice,
                event: event(
                    .maintenanceAnnounced, at: now,
                    "\(notice.id) from \(RFC3339.format(from)) to \(RFC3339.format(until))"
                        + (notice.isUrgent ? ", urgent" : "")))
            if arguments.has("json") {
                Terminal.row(JSONWriter.object { write(notice, to: &$0) })
            } else {
                Terminal.line("announced as \(notice.id)")
            }
        }
    }

    private static func permitUrgent(_ arguments: Arguments) throws {
        let rule = "Điều 10.1.d asks for an announcement at least 03 days ahead"
        guard arguments.has("urgent") else {
            Terminal.complain("otpd: \(rule); choose a later --from, or say --urgent for a stop that cannot wait")
            throw ExitCode.failure
        }
        Terminal.complain("warning: \(rule); this one is announced as urgent")
    }

    private static func list(_ arguments: Arguments) async throws {
        try await StoreCommand.run(arguments) { store, _, settings in
            let notices = try await store.maintenanceNotices(at: clock(settings).now(), limit: listed)
            if arguments.has("json") {
                Terminal.row(
                    JSONWriter.object { writer in
                        writer.array("notices", notices) { writer, notice in
                            writer.object { write(notice, to: &$0) }
                        }
                    })
                return
            }
            for notice in notices {
                let span = "\(RFC3339.format(notice.from))\t\(RFC3339.format(notice.until))"
                Terminal.line("\(notice.id)\t\(span)\t\(notice.isUrgent ? "urgent" : "planned")\t\(notice.messageVI)")
            }
        }
    }

    private static func cancel(_ arguments: Arguments) async throws {
        let id = try arguments.required("id")
        try await StoreCommand.run(arguments) { store, _, settings in
            let now = clock(settings).now()
            guard try await store.cancelMaintenance(id, now: now, event: event(.maintenanceCancelled, at: now, id))
            else {
                Terminal.complain("otpd: no notice \(id) is ahead or under way; \"otpd maintenance list\" shows those")
                throw ExitCode.failure
            }
            if arguments.has("json") {
                Terminal.row(JSONWriter.object { $0.field("cancelled", id) })
            } else {
                Terminal.line("cancelled \(id)")
            }
        }
    }

    private static func instant(_ name: String, _ arguments: Arguments) throws -> WallInstant {
        guard let instant = RFC3339.parse(try arguments.required(name)) else {
            throw Arguments.UsageError(message: "--\(name) must be an instant like 2026-12-05T22:00:00+07:00")
        }
        return instant
    }

    /// The clock that the service goes by, so that the time ahead is counted as it will be shown.
    private static func clock(_ settings: Settings) -> any WallClock {
        settings.testing.clockFile.map { FileWallClock(path: $0) as any WallClock } ?? SystemWallClock()
    }

    private static func event(_ code: AuditCode, at now: WallInstant, _ detail: String) -> AuditEvent {
        AuditEvent(
            time: now, code: code, result: .success, clause: "Điều 10.1.d", detail: detail,
            provenance: Provenance(client: "cli", actor: Terminal.user, entry: "cli"))
    }

    private static func write(_ notice: MaintenanceNotice, to writer: inout JSONWriter) {
        writer.field("id", notice.id)
        writer.field("from", RFC3339.format(notice.from))
        writer.field("to", RFC3339.format(notice.until))
        writer.field("message_vi", notice.messageVI)
        writer.nullable("message_en", notice.messageEN)
        writer.field("urgent", notice.isUrgent)
    }
}
