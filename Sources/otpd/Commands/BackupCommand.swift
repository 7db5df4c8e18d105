import AuthService
import JSONText
import Settings
import SQLStore

/// `otpd backup`: a consistent copy of the database while the service runs.
enum BackupCommand {
    static let commands = [
        Command(
            "backup", "copy the database consistently into a new folder, while the service runs",
            options: [
                .config, .required("out", "FOLDER", "made by the command; it must not exist"),
                .json(.object, "the manifest"),
            ],
            notes: "The ring keys are not in it: keep them elsewhere.", exits: "0 done, 1 the folder cannot be written",
            example: "otpd backup --config /etc/otpd/otpd.json --out /var/backups/otpd-20261124",
            body: run)
    ]

    private static func run(_ arguments: Arguments) async throws {
        let folder = try arguments.required("out")
        let takenAt = SystemWallClock().now()
        try await StoreCommand.run(arguments) { store, vault, settings in
            guard case .sqlite(let path) = settings.database else { throw ExitCode.configuration }
            do {
                try LargeFile.makeFolder(folder)
                let copy = folder + "/" + BackupManifest.databaseName
                let exchange = ExchangeRingKey(
                    store: store, box: vault.box, log: store, clock: SystemWallClock())
                // Keys that came into use while the copy was made may be in it as well.
                let before = try await keys(exchange)
                try DatabaseCopy.write(from: path, to: copy)
                let keys = before.union(try await keys(exchange)).sorted()
                let content = try DatabaseCopy.check(copy)
                let manifest = BackupManifest(
                    digest: try LargeFile.digest(copy), keys: keys, version: HelpCommand.version, takenAt: takenAt)
                let json = manifest.json(content)
                try LargeFile.write(json + [10], to: folder + "/" + BackupManifest.fileName)
                if arguments.has("json") {
                    Terminal.row(json)
                } else {
                    Terminal.line(
                        "\(folder): \(content.accounts) accounts, \(content.auditRows) audit rows; needs ring keys "
                            + "\(keys.joined(separator: ", ")), which are not in it: keep them elsewhere")
                }
            } catch let failure as LargeFile.Failure {
                Terminal.complain("otpd: \(failure.path): \(failure.reason)")
                throw ExitCode.failure
            } catch let failure as StoreOpeningFailure {
                Terminal.complain("otpd: \(failure)")
                throw ExitCode.unavailable
            }
        }
    }

    private static func keys(_ exchange: ExchangeRingKey) async throws(StoreUnavailable) -> Set<String> {
        Set(try await exchange.census().flatMap(\.secrets.keys))
    }
}
