import AuthDomain
import AuthService
internal import Glibc
import JSONText
import SQLStore
import Settings
import WebAPI

/// `otpd report`: lists for organisations and reviews, and the summary of clauses.
enum ReportCommand {
    /// Accounts of one page.
    private static let pageSize = 500

    static let commands =
        AccountReportKind.allCases.map { kind in
            Command(
                "report \(kind.rawValue)", summary(kind),
                options: [
                    .config, .optional("organisation", "NAME", "only its mailboxes, named as in the accounts"),
                    .json(.lines, "the mailboxes"),
                ],
                output: .lines,
                notes: """
                    Printed as separated values in UTF-8 for spreadsheets, read page by page, so any number of accounts
                    will do. Telephone numbers are masked.
                    """,
                example: "otpd report \(kind.rawValue) --config /etc/otpd/otpd.json > \(kind.rawValue).csv",
                body: { try await accounts(kind, $0) })
        } + [
            Command(
                "report compliance", "every clause in force, what the service does for it, today's figures",
                options: [.config, .json(.object, "the clauses with their figures")],
                notes: "Printed in Markdown.",
                example: "otpd report compliance --config /etc/otpd/otpd.json > tuan-thu.md",
                body: compliance)
        ]

    private static func summary(_ kind: AccountReportKind) -> String {
        switch kind {
        case .organisation:
            "the state of mailboxes: last sign-in, factors, locks with cause and clause, dates ahead (Điều 10.1.e)"
        case .review: "the same for the review each six months, with what is worth a look (Điều 14.7)"
        case .inactive45: "mailboxes in use without a sign-in for 45 days"
        }
    }

    private static func accounts(_ kind: AccountReportKind, _ arguments: Arguments) async throws {
        let isJSON = arguments.has("json")
        try await StoreCommand.run(arguments) { store, _, settings in
            let clock = clock(settings)
            var rules = DeadlineRules(settings)
            rules.calendar = OfficialCalendar(
                table: HolidayTable(try await store.holidays()), mode: rules.calendar.mode)
            let counted = rules
            let report = ReportAccounts(
                store: store, clock: clock, policy: ServicePolicy(settings, blocklist: Blocklist())
            ) { account async throws(StoreUnavailable) in
                let now = clock.now()
                let subject = try await store.deadlineSubject(account, now: now)
                return subject.map { counted.deadlines(of: $0.facts, at: now) } ?? []
            }
            var query = ReportQuery(organisation: arguments["organisation"], after: nil, limit: pageSize)
            let progress = TerminalProgress(noun: "accounts")
            if !isJSON { write((isatty(1) == 1 ? [] : ReportTable.byteOrderMark) + ReportTable.head) }
            var count = 0
            while true {
                let page = try await report.page(kind, query)
                for row in page.rows {
                    guard isJSON else {
                        write(ReportTable.line(row))
                        continue
                    }
                    var writer = JSONWriter(capacity: 1_024)
                    ReportJSON.write(row, to: &writer)
                    Terminal.row(writer.bytes)
                }
                guard let next = page.next else { break }
                query.after = next
                count += pageSize
                progress.report(Int64(count))
            }
            progress.clear()
        }
    }

    private static func compliance(_ arguments: Arguments) async throws {
        try await StoreCommand.run(arguments) { store, _, settings in
            let report = try await ReportCompliance(
                store: store, clock: clock(settings), policy: ServicePolicy(settings, blocklist: Blocklist()))()
            guard arguments.has("json") else {
                write(Array(ComplianceMarkdown.text(report).utf8))
                return
            }
            var writer = JSONWriter(capacity: 8_192)
            ReportJSON.write(report, to: &writer)
            Terminal.row(writer.bytes)
        }
    }

    private static func clock(_ settings: Settings) -> any WallClock {
        settings.testing.clockFile.map(FileWallClock.init(path:)) ?? SystemWallClock()
    }

    /// Bytes with their own line ends.
    private static func write(_ bytes: [UInt8]) {
        print(String(decoding: bytes, as: UTF8.self), terminator: "")
    }
}
