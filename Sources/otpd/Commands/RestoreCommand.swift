import AuthDomain
import AuthService
import JSONText
import Settings
import SQLStore

/// `otpd restore`: checks a backup from end to end, and puts it in place unless only the check is asked for.
enum RestoreCommand {
    static let commands = [
        Command(
            "restore", operand: "FOLDER", "check a backup from end to end and put it in place",
            options: [
                .config, .flag("check", "only check; nothing is put in place"),
                .json(.object, "whether it was restored, when it was taken, how much it holds"),
            ],
            notes: """
                Passwords, locks and used codes are then as they were when it was taken: lock what was locked since, and
                empty Redis, before the service is opened to people.
                """,
            exits: "0 good, 1 damaged, incomplete, without its keys, or a database is in the way",
            example: "otpd restore --config /etc/otpd/otpd.json --check /var/backups/otpd-20261124",
            body: run)
    ]

    private static func run(_ arguments: Arguments) async throws {
        let folder = try arguments.operand("the folder of a backup")
        let settings = try CheckConfigCommand.load(arguments)
        guard case .sqlite(let path) = settings.database else { throw ExitCode.configuration }
        let onlyChecks = arguments.has("check")
        if !onlyChecks, LargeFile.exists(path) {
            throw refuse("\(path) exists: stop the service and move the old database away first, it is not overwritten")
        }
        let scratch = path + ".restoring"
        for name in [scratch, scratch + "-wal", scratch + "-shm"] { LargeFile.remove(name) }
        defer { LargeFile.remove(scratch) }
        do {
            let manifest = try manifest(in: folder)
            try checkKeys(manifest, settings)
            let digest = try LargeFile.digest(folder + "/" + BackupManifest.databaseName, copyingTo: scratch)
            guard digest == manifest.digest else {
                throw refuse("the database of the backup is not the one that its manifest names: it was cut or changed")
            }
            let content = try DatabaseCopy.check(scratch)
            try await checkContent(scratch, settings)
            if !onlyChecks { try LargeFile.rename(scratch, to: path) }
            tell(manifest, content, isInPlace: !onlyChecks, arguments)
        } catch let failure as LargeFile.Failure {
            throw refuse("\(failure.path): \(failure.reason)")
        } catch let failure as StoreOpeningFailure {
            throw refuse("\(failure)")
        } catch let failure as StoreUnavailable {
            throw refuse("the copy cannot be read: \(failure.reason)")
        }
    }

    private static func manifest(in folder: String) throws -> BackupManifest {
        let path = folder + "/" + BackupManifest.fileName
        do {
            let bytes = try BoundedFile.read(path, limit: BackupManifest.byteLimit)
            if let manifest = BackupManifest(bytes) { return manifest }
        } catch {
            throw refuse("\(path) \(error.description)")
        }
        throw refuse("\(path) is not the manifest of a backup")
    }

    private static func checkKeys(_ manifest: BackupManifest, _ settings: Settings) throws {
        let missing = manifest.keys.filter { id in !settings.keys.contains { $0.id == id } }
        guard missing.isEmpty else {
            throw refuse(
                "the backup needs ring keys that the settings do not name: \(missing.joined(separator: ", "))")
        }
    }

    /// Opens the copy as the service would, every secret in it, and goes through its audit chains.
    private static func checkContent(_ scratch: String, _ settings: Settings) async throws {
        let (store, vault) = try Database.open(path: scratch, settings, role: "-restore")
        defer { store.close() }
        let exchange = ExchangeRingKey(store: store, box: vault.box, log: store, clock: SystemWallClock())
        let unreadable = try await exchange.unreadable()
        guard unreadable.isEmpty else {
            throw refuse("no ring key of the settings opens: \(unreadable.joined(separator: ", "))")
        }
        let progress = TerminalProgress(noun: "audit rows")
        let verification = try await AuditVerifier(store: store, digest: vault.digest).verify(
            progress: { progress.report($0) },
            finding: { finding in
                progress.clear()
                Terminal.complain("otpd: \(finding)")
            })
        progress.clear()
        guard verification.isClean else { throw refuse("the audit log of the backup is not what was written") }
    }

    private static func tell(
        _ manifest: BackupManifest, _ content: DatabaseContent, isInPlace: Bool, _ arguments: Arguments
    ) {
        guard !arguments.has("json") else {
            return Terminal.row(
                JSONWriter.object { writer in
                    writer.field("restored", isInPlace)
                    writer.field("taken_at", RFC3339.format(manifest.takenAt))
                    writer.content(content)
                })
        }
        Terminal.line(
            "good: \(content.accounts) accounts, \(content.authenticators) authenticators, "
                + "\(content.standingLocks) standing locks, \(content.auditRows) audit rows, "
                + "as of \(RFC3339.format(manifest.takenAt))")
        guard isInPlace else { return }
        Terminal.line(
            "in place; passwords, locks and used codes are as they were then: lock what was locked since, "
                + "and empty Redis, before you open the front")
    }

    private static func refuse(_ reason: String) -> ExitCode {
        Terminal.complain("otpd: \(reason)")
        return .failure
    }
}
