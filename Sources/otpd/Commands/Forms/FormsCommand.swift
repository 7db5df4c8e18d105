import AuthDomain
import AuthService
import Cryptography
import Forms
import Settings
import SQLStore

/// `otpd forms import`: Mẫu 01 to 04, judged row by row and carried out on demand.
enum FormsCommand {
    static let commands = [FormsHelp.importForm(importForm), FormsHelp.messages(FormMessagesCommand.run)]

    private static func importForm(_ arguments: Arguments) async throws {
        var order = try FormOrder(arguments)
        try await StoreCommand.run(arguments) { store, vault, settings in
            try order.learn(hasGateway: settings.sms.isEnabled)
            try await run(order, try read(order), settings: settings, vault: vault, store: store)
        }
    }

    private static func read(_ order: FormOrder) throws -> FormDocument {
        do throws(FormFileError) {
            return try FormFile.read(order.path, form: order.form)
        } catch {
            Terminal.complain("otpd: \(order.path): \(error)")
            throw ExitCode.badData
        }
    }

    private static func run(
        _ order: FormOrder, _ document: FormDocument, settings: Settings, vault: Vault, store: SQLiteStore
    ) async throws {
        let policy = ServicePolicy(settings, blocklist: Blocklist())
        let file = FormFileIdentity(digest: try ImportedFile.sha256(of: order.path), form: order.form)
        let judge = JudgeForm(accounts: store, store: store, policy: policy, form: order.form, options: order.options)
        let judging = TerminalProgress(noun: "rows judged")
        let rows = try await judge(document.entries, of: file) {
            judging.report(Int64($0), of: Int64(document.entries.count))
        }
        judging.clear()
        let report = FormReport(form: order.form, isJSON: order.isJSON, options: order.options)
        for row in rows { report.show(row) }
        var tally = FormTally(rows, passedOver: document.passedOver.count)
        var files: [String] = []
        if order.applies, order.isTolerant || tally.wrong == 0, tally.planned > 0 {
            let delivery = try order.delivery(file: file, isNeeded: rows.contains { $0.needsFile(order.options) })
            let result = try await apply(rows, of: file, delivery: delivery, order, policy, vault, store, settings)
            for (position, problem) in result.refused { report.showRefusal(position, problem) }
            tally.carriedOut = result.carriedOut
            tally.messages = result.messages
            tally.wrong += result.refused.count
            files = result.deliveries.map(delivery.path)
        }
        report.finish(tally, files: files, applied: order.applies, digest: file.digest)
        guard tally.wrong == 0 else { throw ExitCode.failure }
    }

    private static func apply(
        _ rows: [JudgedRow], of file: FormFileIdentity, delivery: SealedFiles, _ order: FormOrder,
        _ policy: ServicePolicy, _ vault: Vault, _ store: SQLiteStore, _ settings: Settings
    ) async throws -> FormImportResult {
        let clock: any WallClock = settings.testing.clockFile.map(FileWallClock.init(path:)) ?? SystemWallClock()
        let ports = FormPorts(
            store: store, recorder: SaltedDigestRecorder(random: vault.random), box: vault.box, digest: vault.digest,
            random: vault.random, clock: clock)
        var options = order.options
        options.calendar = OfficialCalendar(
            table: HolidayTable(try await store.holidays()), mode: DeadlineRules(settings).calendar.mode)
        let planned = Int64(rows.reduce(0) { $1.isPlanned ? $0 + 1 : $0 })
        let progress = TerminalProgress(noun: "rows carried out")
        defer { progress.clear() }
        do throws(FormImportFailure) {
            return try await ImportForm(ports: ports, policy: policy, options: options)(
                rows, of: file, delivery: delivery, provenance: .commandLine
            ) { progress.report(Int64($0), of: planned) }
        } catch {
            progress.clear()
            throw error.told()
        }
    }
}

/// What the command line orders.
struct FormOrder {
    let form: FormKind
    let path: String
    let applies: Bool
    /// Whether right rows are carried out although others are wrong.
    let isTolerant: Bool
    let isJSON: Bool
    private(set) var options: FormOptions
    private let sealing: SealingOrder?

    init(_ arguments: Arguments) throws {
        guard let form = FormKind(rawValue: try arguments.required("form")) else {
            throw Arguments.UsageError(message: "--form is one of 01, 02, 03, 04")
        }
        let path = try arguments.operand("the form's file")
        let mode = arguments["mode"] ?? "rows"
        guard ["rows", "all"].contains(mode) else { throw Arguments.UsageError(message: "--mode is rows or all") }
        var options = FormOptions()
        options.abbreviation = arguments["abbreviation"]
        options.recallsHeads = arguments.has("heads")
        options.acceptsProposals = arguments.has("accept-proposals")
        options.document = arguments["document"].map { String($0.prefix(150)) }
        if let text = arguments["notified-at"] {
            guard let instant = RFC3339.parse(text) else {
                throw Arguments.UsageError(message: "--notified-at is an instant like 2026-12-25T08:00:00Z")
            }
            options.notifiedAt = instant
        }
        let sealing = try SealingOrder(arguments)
        switch arguments["passwords"] ?? "files" {
        case "files": options.passwords = .sealedFiles
        case "sms": options.passwords = .sms(othersInFiles: sealing != nil)
        default: throw Arguments.UsageError(message: "--passwords is files or sms")
        }
        self.form = form
        self.path = path
        self.options = options
        self.sealing = sealing
        applies = arguments.has("apply")
        isTolerant = mode == "rows"
        isJSON = arguments.has("json")
    }

    /// Takes note of what the settings say: messages are sent by the service, through its gateways.
    mutating func learn(hasGateway: Bool) throws {
        if case .sms = options.passwords, !hasGateway {
            throw Arguments.UsageError(
                message: "--passwords sms: the settings name no gateway in sms.gateways; add one, or use "
                    + "--certificate and --out")
        }
        options.confirmsNumbers = hasGateway
    }

    /// Where secrets go; the certificate is read before anything is changed.
    func delivery(file: FormFileIdentity, isNeeded: Bool) throws -> SealedFiles {
        guard let sealing else {
            guard !isNeeded else {
                throw Arguments.UsageError(
                    message: "rows of this form issue passwords: say how they leave, by --certificate and --out in "
                        + "sealed files or by --passwords sms")
            }
            return SealedFiles(envelope: nil, prefix: "", digest: file.digest)
        }
        return try sealing.files(of: file)
    }
}

/// The certificate that secrets are sealed to and where the sealed files go.
struct SealingOrder {
    private let certificate: String
    private let prefix: String

    /// Reads the two options; nil when neither is there.
    init?(_ arguments: Arguments) throws {
        switch (arguments["certificate"], arguments["out"]) {
        case (nil, nil): return nil
        case (let certificate?, let prefix?):
            self.certificate = certificate
            self.prefix = prefix
        case (_, _): throw Arguments.UsageError(message: "--certificate and --out belong together")
        }
    }

    /// The sealed files of an import.
    func files(of file: FormFileIdentity) throws -> SealedFiles {
        do {
            let envelope = try CMSEnvelope(certificatePEM: try BoundedFile.read(certificate, limit: 64 << 10))
            return SealedFiles(envelope: envelope, prefix: prefix, digest: file.digest)
        } catch {
            Terminal.complain("otpd: \(certificate): \(error)")
            throw ExitCode.badData
        }
    }
}

extension FormImportFailure {
    /// Tells the person what happened and how to go on; the exit code for it.
    func told() -> ExitCode {
        switch self {
        case .unavailable(let reason):
            Terminal.complain("otpd: the database is not available: \(reason); run the import again to go on")
            return .unavailable
        case .undelivered(let reason):
            Terminal.complain("otpd: a sealed file cannot be written: \(reason); run the import again to go on")
            return .cannotCreate
        }
    }
}

extension JudgedRow {
    var isPlanned: Bool {
        if case .planned = verdict { true } else { false }
    }

    /// Whether it brings secrets that leave in a sealed file.
    func needsFile(_ options: FormOptions) -> Bool {
        guard case .planned(let plan) = verdict else { return false }
        return plan.issuesSecrets && !options.sendsPassword(of: plan)
    }
}

extension Provenance {
    /// The person at the terminal.
    static var commandLine: Provenance { Provenance(client: "cli", actor: Terminal.user, entry: "cli") }
}
