import AuthDomain
import AuthService
import Cryptography
import JSONText
import SQLStore
import Settings

/// `otpd account hold | holds`: accounts of which everything has to be kept.
enum HoldCommand {
    private static let meaning = """
        While a hold stands, the account cannot be destroyed, a destroyed one keeps its names in the record, and purging
        stops in each audit chain before the first row of the account. What fell due meanwhile follows the release.
        """

    static let commands = [
        Command(
            "account hold", operand: "ACCOUNT", "keep everything about an account for an authority, or end that",
            options: [
                .config, .required("document", "TEXT", "number and date of the paper"),
                .flag("release", "end the hold"), .json(.object, "the account, and whether it is held"),
            ],
            notes: "ACCOUNT is the address, or the id acc_… of one that is destroyed already. " + meaning,
            exits: "0 done, 1 no such account, held already, or not held",
            example: "otpd account hold --config /etc/otpd/otpd.json --document 12/CQCSDT an@hanoi.gov.vn",
            body: place),
        Command(
            "account holds", "list the accounts of which everything has to be kept",
            options: [.config, .json(.lines, "each hold")], output: .lines, notes: meaning,
            example: "otpd account holds --config /etc/otpd/otpd.json", body: list),
    ]

    private static func place(_ arguments: Arguments) async throws {
        let name = try arguments.operand("the address or id of the account")
        let document = try arguments.required("document")
        try await StoreCommand.run(arguments) { store, vault, settings in
            let clock: any WallClock = settings.testing.clockFile.map(FileWallClock.init(path:)) ?? SystemWallClock()
            let holds = KeepLegalHolds(
                store: store, accounts: store, clock: clock, random: vault.random, domains: settings.domains)
            do {
                if arguments.has("release") {
                    let account = try await holds.release(name, document: document, provenance: .commandLine)
                    tell(account, isHeld: false, arguments)
                } else {
                    let hold = try await holds.place(on: name, document: document, provenance: .commandLine)
                    tell(hold.account, isHeld: true, arguments)
                }
            } catch let failure as OperatorFailure {
                throw told(failure, name, isRelease: arguments.has("release"))
            }
        }
    }

    private static func list(_ arguments: Arguments) async throws {
        try await StoreCommand.run(arguments) { store, _, _ in
            let holds = try await store.standingHolds()
            for hold in holds {
                guard arguments.has("json") else {
                    let words = [hold.account.text, RFC3339.format(hold.placedAt), hold.placedBy, hold.document]
                    Terminal.line(words.joined(separator: "\t"))
                    continue
                }
                Terminal.row(
                    JSONWriter.object { writer in
                        writer.field("id", hold.id)
                        writer.field("account", hold.account.text)
                        writer.field("document", hold.document)
                        writer.field("placed_at", RFC3339.format(hold.placedAt))
                        writer.field("placed_by", hold.placedBy)
                    })
            }
            if holds.isEmpty, !arguments.has("json") { Terminal.line("no hold stands") }
        }
    }

    private static func tell(_ account: AccountID, isHeld: Bool, _ arguments: Arguments) {
        guard arguments.has("json") else {
            Terminal.line(isHeld ? "everything about \(account) is kept from now on" : "\(account) is no longer held")
            return
        }
        Terminal.row(
            JSONWriter.object { writer in
                writer.field("account", account.text)
                writer.field("held", isHeld)
            })
    }

    private static func told(_ failure: OperatorFailure, _ name: String, isRelease: Bool) -> any Error {
        switch failure {
        case .invalidRequest(let field, let expected):
            return Arguments.UsageError(message: "--\(field) takes \(expected)")
        case .unavailable(let reason):
            return StoreUnavailable(reason: reason)
        case .notFound where isRelease:
            Terminal.complain("otpd: no account \"\(name)\" is held; see \"otpd account holds\"")
        case .notFound:
            Terminal.complain("otpd: no account has the address or id \"\(name)\"; a destroyed one has only its id")
        default:
            Terminal.complain("otpd: \"\(name)\" is held already; see \"otpd account holds\"")
        }
        return ExitCode.failure
    }
}
