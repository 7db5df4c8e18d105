import AuthDomain
import AuthService
import Cryptography
import JSONText
import Settings
import SQLStore

/// `otpd keys new | list | rotate`: the ring keys and what they hold.
enum KeysCommand {
    static let commands = [
        Command(
            "keys new", "print a fresh ring key for the settings' \"keys\"",
            options: [.json(.object, "the key and its id")], example: "otpd keys new > ring-2.key",
            body: { try make($0) }),
        Command(
            "keys list", "tell what each ring key seals; a key that seals nothing can go",
            options: [.config, .json(.object, "keys with state and number of secrets")],
            exits: "0 done, 1 secrets need a key that is missing",
            example: "otpd keys list --config /etc/otpd/otpd.json", body: list),
        Command(
            "keys rotate", "seal everything under the first ring key, while the service runs",
            options: [.config, .json(.object, "what was sealed anew")],
            notes: """
                Interrupted, it is simply run again. Put the new key before the old in "keys" and restart every instance
                first; take the old one out once "otpd keys list" says that it seals nothing.
                """,
            exits: "0 done, 1 secrets changed meanwhile or cannot be opened: run it again",
            example: "otpd keys rotate --config /etc/otpd/otpd.json", body: rotate),
    ]

    /// Prints a fresh key, which is kept nowhere.
    private static func make(_ arguments: Arguments) throws {
        let random = SystemRandom()
        let id = random.bytes(count: 4)
        let line = RingKeyFile.line(id: id, key: random.bytes(count: 32))
        guard arguments.has("json") else { return Terminal.line(line) }
        Terminal.row(
            JSONWriter.object { writer in
                writer.field("id", Hex.encode(id))
                writer.field("key", line)
            })
    }

    /// Tells how many secrets each key holds, so that an operator sees which one can go.
    private static func list(_ arguments: Arguments) async throws {
        try await StoreCommand.run(arguments) { store, vault, settings in
            let census = try await exchange(store, vault).census()
            let held = Set(census.flatMap(\.secrets.keys))
            let ring = settings.keys.map(\.id)
            let ids = ring + held.subtracting(ring).sorted()
            if arguments.has("json") {
                Terminal.row(
                    JSONWriter.object { writer in
                        writer.array("keys", ids) { writer, id in
                            writer.object { writer in
                                writer.field("id", id)
                                writer.field("state", state(id, ring))
                                writer.field("secrets", census.reduce(0) { $0 + ($1.secrets[id] ?? 0) })
                            }
                        }
                    })
            } else {
                for id in ids {
                    let parts = census.compactMap { column in
                        column.secrets[id].map { "\($0) \(column.column.name)" }
                    }
                    let text = parts.isEmpty ? "nothing" : parts.joined(separator: ", ")
                    Terminal.line("\(id)\t\(state(id, ring))\t\(text)")
                }
            }
            let lost = held.subtracting(ring)
            guard lost.isEmpty else {
                Terminal.complain("otpd: secrets need a key that is missing from the settings: \(lost.sorted())")
                throw ExitCode.failure
            }
        }
    }

    private static func state(_ id: String, _ ring: [String]) -> String {
        ring.first == id ? "seals" : ring.contains(id) ? "opens" : "missing"
    }

    /// Seals everything under the first ring key.
    private static func rotate(_ arguments: Arguments) async throws {
        try await StoreCommand.run(arguments) { store, vault, settings in
            let progress = TerminalProgress(noun: "secrets")
            let result = try await exchange(store, vault)(
                provenance: Provenance(client: "cli", actor: Terminal.user, entry: "cli"),
                progress: { progress.report($0, of: $1) })
            progress.clear()
            let writing = vault.box.writingKey
            if arguments.has("json") {
                Terminal.row(
                    JSONWriter.object { writer in
                        writer.field("key", writing)
                        writer.field("resealed", result.resealed)
                        writer.field("overtaken", result.overtaken)
                        writer.strings("unreadable", result.unreadable)
                    })
            } else {
                Terminal.line("\(result.resealed) secrets sealed anew under ring key \(writing)")
            }
            for name in result.unreadable {
                Terminal.complain("otpd: no ring key of the settings opens \(name); it was left as it is")
            }
            if result.overtaken > 0 {
                Terminal.complain("otpd: \(result.overtaken) secrets changed meanwhile: run this again")
            }
            guard result.isWhole else { throw ExitCode.failure }
            let old = settings.keys.dropFirst().map(\.id)
            if !old.isEmpty, !arguments.has("json") {
                Terminal.line(
                    "once every instance runs with \(writing) as its first key, run this again; then "
                        + "\(old.joined(separator: ", ")) can leave the settings")
            }
        }
    }

    private static func exchange(_ store: SQLiteStore, _ vault: Vault) -> ExchangeRingKey {
        ExchangeRingKey(store: store, box: vault.box, log: store, clock: SystemWallClock())
    }
}
