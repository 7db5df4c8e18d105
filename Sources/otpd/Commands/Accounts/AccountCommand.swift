import AuthDomain
import AuthService
import Cryptography
import Forms
import JSONText
import SQLStore
import Settings

/// `otpd account import`: accounts with the records of their passwords, from other systems.
enum AccountCommand {
    static let commands = [
        Command(
            "account import", operand: "ACCOUNTS", "take over accounts with hashed passwords from other systems",
            options: [
                .config, .flag("apply", "take over what is right; else nothing is changed"),
                .optional("mode", "rows|all", "rows (default), or all: nothing unless every account is right"),
                .optional("kind", "KIND", "personal (default), organisation, clerical, technical"),
                .optional("organisation", "NAME", "of accounts that name none, at most 200 characters"),
                .flag(
                    "must-change",
                    "a new password is owed at the next sign-in, for accounts that may have a default one"),
                .optional("document", "TEXT", "number and date of the paper"),
                .optional(
                    "certificate", "FILE", "issue activation codes and seal them to this certificate (PEM); with --out"),
                .optional("out", "PREFIX", "where sealed files go: PREFIX-<file>-<part>.p7m, 2,000 accounts each"),
                .json(.lines, "every account, then a summary"),
            ],
            output: .lines,
            notes: """
                Reads Dovecot's passwd-file, shadow, or LDIF (mail or uid, userPassword, cn, o, mobile); every account is
                judged first. Schemes: ARGON2ID, PBKDF2-SHA256, SSHA, SSHA512, SHA512-CRYPT ($6$), BLF-CRYPT ($2a$, $2b$,
                $2y$), also behind {CRYPT}; costs within bounds. Owners keep their passwords; old records are made anew at
                the first sign-in. An interrupted import goes on where it was: run it again with the same file.
                """,
            exits:
                "0 every account right or done, 1 some are wrong, 65 the file cannot be read, 73 a sealed file cannot "
                + "be written",
            example: "otpd account import --config /etc/otpd/otpd.json --apply users.passwd", body: run)
    ]

    private static func run(_ arguments: Arguments) async throws {
        let path = try arguments.operand("the file of accounts")
        let wanted = try importOptions(arguments)
        let isTolerant = try isTolerant(arguments)
        let sealing = try SealingOrder(arguments)
        try await StoreCommand.run(arguments) { store, vault, settings in
            let entries = try read(path)
            let file = FormFileIdentity(digest: try ImportedFile.sha256(of: path), form: nil)
            let clock: any WallClock = settings.testing.clockFile.map(FileWallClock.init(path:)) ?? SystemWallClock()
            let ports = FormPorts(
                store: store, recorder: SaltedDigestRecorder(random: vault.random), box: vault.box,
                digest: vault.digest, random: vault.random, clock: clock)
            let imports = ImportAccounts(
                ports: ports, policy: ServicePolicy(settings, blocklist: Blocklist()), options: wanted)
            let judging = TerminalProgress(noun: "accounts judged")
            let rows = try await imports.judge(entries, of: file) {
                judging.report(Int64($0), of: Int64(entries.count))
            }
            judging.clear()
            var report = AccountImportReport(isJSON: arguments.has("json"))
            for row in rows { report.show(row) }
            if arguments.has("apply"), isTolerant || report.wrong == 0, report.planned > 0 {
                let delivery = try sealing.map { try $0.files(of: file) }
                let result = try await apply(imports, rows, of: file, delivery: delivery, planned: report.planned)
                report.add(result, files: result.deliveries.compactMap { delivery?.path($0) })
            }
            report.finish(applied: arguments.has("apply"))
            guard report.wrong == 0 else { throw ExitCode.failure }
        }
    }

    private static func apply(
        _ imports: ImportAccounts, _ rows: [JudgedCredential], of file: FormFileIdentity, delivery: SealedFiles?,
        planned: Int
    ) async throws -> FormImportResult {
        let progress = TerminalProgress(noun: "accounts taken over")
        defer { progress.clear() }
        do throws(FormImportFailure) {
            return try await imports(rows, of: file, delivery: delivery, provenance: .commandLine) {
                progress.report(Int64($0), of: Int64(planned))
            }
        } catch {
            progress.clear()
            throw error.told()
        }
    }

    private static func read(_ path: String) throws -> [CredentialEntry] {
        do throws(FormFileError) {
            return try CredentialFile.read(path)
        } catch {
            Terminal.complain("otpd: \(path): \(error)")
            throw ExitCode.badData
        }
    }

    private static func isTolerant(_ arguments: Arguments) throws -> Bool {
        let mode = arguments["mode"] ?? "rows"
        guard ["rows", "all"].contains(mode) else { throw Arguments.UsageError(message: "--mode is rows or all") }
        return mode == "rows"
    }

    private static func importOptions(_ arguments: Arguments) throws -> AccountImportOptions {
        var options = AccountImportOptions()
        if let text = arguments["kind"] {
            guard let kind = AccountKind(rawValue: text), kind.canSignIn else {
                throw Arguments.UsageError(message: "--kind is personal, organisation, clerical or technical")
            }
            options.kind = kind
        }
        options.organisation = arguments["organisation"].map { String($0.prefix(200)) }
        options.mustChange = arguments.has("must-change")
        options.document = arguments["document"].map { String($0.prefix(200)) }
        return options
    }
}

/// The report on an import of accounts; shows neither records nor names, only lines and addresses.
struct AccountImportReport {
    let isJSON: Bool
    private(set) var planned = 0
    private(set) var wrong = 0
    private var done = 0
    private var carriedOut = 0
    private var schemes: [String: Int] = [:]
    private var files: [String] = []

    init(isJSON: Bool) {
        self.isJSON = isJSON
    }

    /// An account with what became of it.
    mutating func show(_ row: JudgedCredential) {
        switch row.verdict {
        case .planned(let address, let scheme):
            planned += 1
            schemes[scheme, default: 0] += 1
            line(row.line, "right", address: address.text, "nhận \(address.text), \(scheme)")
        case .done(let address):
            done += 1
            line(row.line, "done_before", address: address.text, "đã nhận trước đây, \(address.text)")
        case .wrong(let problems):
            wrong += 1
            for problem in problems {
                line(row.line, "wrong", code: problem.code, "SAI – \(problem.message)")
            }
        }
    }

    /// What the import did.
    mutating func add(_ result: FormImportResult, files: [String]) {
        carriedOut = result.carriedOut
        self.files = files
        for (position, problem) in result.refused {
            wrong += 1
            line(position.row, "refused", code: problem.code.rawValue, "KHÔNG THỰC HIỆN ĐƯỢC – \(problem.message)")
        }
    }

    /// The end of the report.
    func finish(applied: Bool) {
        guard isJSON else {
            let list = schemes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
            Terminal.line("\(planned) đúng (\(list)), \(wrong) sai, \(done) đã nhận trước đây")
            Terminal.line(applied ? "đã nhận \(carriedOut) tài khoản" : "chưa thực hiện gì; thêm --apply để thực hiện")
            for file in files { Terminal.line("mã kích hoạt (mã hóa cho chứng thư): \(file)") }
            return
        }
        Terminal.row(
            JSONWriter.object { writer in
                writer.field("type", "summary")
                writer.field("right", planned)
                writer.field("wrong", wrong)
                writer.field("done_before", done)
                writer.field("applied", applied)
                writer.field("carried_out", carriedOut)
                writer.strings("sealed_files", files)
            })
    }

    private func line(
        _ number: Int, _ verdict: String, address: String? = nil, code: String? = nil, _ text: String
    ) {
        guard isJSON else {
            Terminal.row(Array("dòng \(number): \(text)".utf8))
            return
        }
        Terminal.row(
            JSONWriter.object { writer in
                writer.field("type", "account")
                writer.field("line", number)
                writer.field("verdict", verdict)
                writer.optional("address", address)
                writer.optional("code", code)
                writer.field("message", text)
            })
    }
}
