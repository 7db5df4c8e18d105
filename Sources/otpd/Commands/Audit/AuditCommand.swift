import AuthDomain
import AuthService
import JSONText
import Settings
import SQLStore
import WebAPI

/// `otpd audit verify | export | purge`: the record that Đ9.2 asks for.
enum AuditCommand {
    static let commands = [
        Command(
            "audit verify", "check the audit chains; names every row that was changed, removed, moved or cut off",
            options: [.config, .json(.lines, "each finding, then a summary")], output: .lines,
            notes: "Works beside a running service. Run it daily and keep its result elsewhere.",
            exits: "0 clean, 1 findings", example: "otpd audit verify --config /etc/otpd/otpd.json",
            body: verify),
        Command(
            "audit export", "print audit rows in the order of time",
            options: [
                .config,
                .optional("account", "ACCOUNT", "only its rows: the address, or its id acc_… once it is destroyed"),
                .optional("since", "INSTANT", "only rows from this instant on, such as 2026-11-24T00:00:00+07:00"),
                .optional("until", "INSTANT", "only rows before this instant"),
                .json(.lines, "as without it"),
            ],
            output: .lines, exits: "0 done, 1 there is no such account",
            example: "otpd audit export --config /etc/otpd/otpd.json --since 2026-11-24T00:00:00+07:00",
            body: export),
        Command(
            "audit purge", "remove rows older than audit.retention_days, as the service does each hour",
            options: [.config, .json(.object, "what was removed")], notes: "What stays still verifies.",
            exits: "0 done, 1 rows were changed and stay", example: "otpd audit purge --config /etc/otpd/otpd.json",
            body: purge),
    ]

    /// Names every row that is not what was written.
    private static func verify(_ arguments: Arguments) async throws {
        let report = AuditReport(isJSON: arguments.has("json"))
        try await StoreCommand.run(arguments) { store, vault, _ in
            let progress = TerminalProgress(noun: "rows")
            let result = try await AuditVerifier(store: store, digest: vault.digest).verify(
                progress: { progress.report($0) },
                finding: { finding in
                    progress.clear()
                    report.show(finding)
                })
            progress.clear()
            report.finish(result)
            guard result.isClean else { throw ExitCode.failure }
        }
    }

    /// Prints rows in the order of time, one JSON object to a line.
    private static func export(_ arguments: Arguments) async throws {
        var query = AuditQuery(
            account: nil, since: try instant("since", arguments), until: try instant("until", arguments),
            cursor: nil, limit: 500)
        try await StoreCommand.run(arguments) { store, _, settings in
            if let account = arguments["account"] {
                query.account = try await identity(account, store: store, domains: settings.domains)
                guard query.account != nil else {
                    Terminal.complain(
                        "otpd: no account has the address \"\(account)\"; a destroyed one is named by its id, acc_…")
                    throw ExitCode.failure
                }
            }
            let progress = TerminalProgress(noun: "rows")
            var count: Int64 = 0
            repeat {
                let page = try await store.page(query)
                for row in page.rows {
                    var writer = JSONWriter()
                    writer.auditRow(row)
                    Terminal.row(writer.bytes)
                }
                count += Int64(page.rows.count)
                progress.report(count)
                query.cursor = page.next
            } while query.cursor != nil
            progress.clear()
        }
    }

    /// Removes the rows whose retention is over; the service does the same by itself.
    private static func purge(_ arguments: Arguments) async throws {
        try await StoreCommand.run(arguments) { store, _, settings in
            let progress = TerminalProgress(noun: "rows")
            let purge = PurgeAudit(
                store: store, log: store,
                clock: settings.testing.clockFile.map(FileWallClock.init(path:)) ?? SystemWallClock(),
                retention: AuditRetention(days: settings.audit.retentionDays))
            let result = try await purge(
                provenance: Provenance(client: "cli", actor: Terminal.user, entry: "cli"),
                progress: { progress.report($0) })
            progress.clear()
            AuditReport(isJSON: arguments.has("json")).show(result, retentionDays: settings.audit.retentionDays)
            guard result.unpurgeable.isEmpty else { throw ExitCode.failure }
        }
    }

    private static func instant(_ name: String, _ arguments: Arguments) throws -> WallInstant? {
        guard let text = arguments[name] else { return nil }
        guard let instant = RFC3339.parse(text) else {
            throw Arguments.UsageError(message: "--\(name) takes an instant such as 2026-11-24T00:00:00+07:00")
        }
        return instant
    }

    /// An account by address, or by id: a destroyed one has no address any more.
    private static func identity(
        _ text: String, store: SQLiteStore, domains: [String]
    ) async throws(StoreUnavailable) -> AccountID? {
        if let address = try? MailboxAddress(parsing: text, domains: domains),
            let account = try await store.account(at: address)
        {
            return account.id
        }
        return text.hasPrefix("acc_") && !text.contains("@") ? AccountID(text) : nil
    }
}
