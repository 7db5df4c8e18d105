import AuthDomain
import AuthService
import JSONText
import SQLStore

/// `otpd client add | list | revoke`: the systems that may call the service.
enum ClientCommand {
    static let commands = [
        Command(
            "client add", "add a calling system; its key is printed this once",
            options: [
                .config, .required("name", "NAME", "1 to 64 letters, digits, hyphens, underscores and dots"),
                .required(
                    "scope", "SCOPE[,SCOPE]",
                    ClientScope.allCases.map(\.rawValue).joined(separator: ", ") + "; what it may call"),
                .optional(
                    "lock-causes", "CAUSE[,CAUSE]",
                    "it may lock for these causes and do nothing else; with --scope operate alone"),
                .json(.object, "name and key, as without it"),
            ],
            notes:
                "Running instances know the key within a second. It is kept as a digest: who loses it needs another.",
            exits: "0 done, 1 an active client has the name",
            example: "otpd client add --config /etc/otpd/otpd.json --name sso --scope sign-in", body: add),
        Command(
            "client list", "list calling systems, without keys",
            options: [.config, .json(.object, "clients with scopes, state and dates")],
            example: "otpd client list --config /etc/otpd/otpd.json", body: list),
        Command(
            "client revoke", "end a key; running instances notice within a second",
            options: [
                .config, .required("name", "NAME", "as it was added"), .json(.object, "the name"),
            ],
            exits: "0 done, 1 no active client has the name",
            example: "otpd client revoke --config /etc/otpd/otpd.json --name sso", body: revoke),
    ]

    private static func add(_ arguments: Arguments) async throws {
        let name = try clientName(arguments)
        let scopes = try scopes(try arguments.required("scope"))
        let causes = try arguments["lock-causes"].map(lockCauses)
        guard causes == nil || scopes == [.operate] else {
            throw Arguments.UsageError(message: "--lock-causes goes with --scope operate alone")
        }
        try await StoreCommand.run(arguments) { store, vault, _ in
            let now = SystemWallClock().now()
            var minted = ClientKeyMint(random: vault.random, digest: vault.digest)
                .mint(name: name, scopes: scopes, now: now)
            minted.record.lockCauses = causes
            do {
                try await store.add(
                    minted.record,
                    event: event(.clientAdded, name, detail: detail(scopes, causes)))
            } catch OperatorRefusal.conflict {
                Terminal.complain("otpd: a client named \"\(name)\" exists; revoke it first or choose another name")
                throw ExitCode.failure
            }
            let text = minted.key.text
            Terminal.line("{\"name\":\"\(name)\",\"key\":\"\(text)\"}")
        }
    }

    private static func list(_ arguments: Arguments) async throws {
        try await StoreCommand.run(arguments) { store, _, _ in
            let clients = try await store.clients().sorted { $0.name < $1.name }
            guard !arguments.has("json") else { return showJSON(clients) }
            for client in clients {
                let state = client.revokedAt.map { "revoked \(RFC3339.format($0))" } ?? "active"
                var scopes = client.scopes.map(\.rawValue).joined(separator: ",")
                if let causes = client.lockCauses {
                    scopes += " (locks only: \(causes.map(\.rawValue).joined(separator: ",")))"
                }
                Terminal.line("\(client.name)\t\(scopes)\t\(state)\tadded \(RFC3339.format(client.createdAt))")
            }
        }
    }

    private static func showJSON(_ clients: [ClientRecord]) {
        Terminal.row(
            JSONWriter.object { json in
                json.array("clients", clients) { json, client in
                    json.object { json in
                        json.field("name", client.name)
                        json.strings("scopes", client.scopes.map(\.rawValue))
                        if let causes = client.lockCauses { json.strings("lock_causes", causes.map(\.rawValue)) }
                        json.field("state", client.revokedAt == nil ? "active" : "revoked")
                        json.field("added_at", RFC3339.format(client.createdAt))
                        json.optional("revoked_at", client.revokedAt.map(RFC3339.format))
                    }
                }
            })
    }

    private static func revoke(_ arguments: Arguments) async throws {
        let name = try clientName(arguments)
        try await StoreCommand.run(arguments) { store, _, _ in
            do {
                try await store.revoke(
                    name: name, now: SystemWallClock().now(), event: event(.clientRevoked, name, detail: nil))
            } catch OperatorRefusal.notFound {
                Terminal.complain("otpd: no active client is named \"\(name)\"; see \"otpd client list\"")
                throw ExitCode.failure
            }
            guard arguments.has("json") else { return Terminal.line("revoked \(name)") }
            Terminal.row(JSONWriter.object { $0.field("revoked", name) })
        }
    }

    private static func event(_ code: AuditCode, _ name: String, detail: String?) -> AuditEvent {
        AuditEvent(
            time: SystemWallClock().now(), code: code, result: .success,
            detail: detail.map { "\(name): \($0)" } ?? name,
            provenance: Provenance(client: "cli", actor: Terminal.user, entry: "cli"))
    }

    /// A name that is safe in a token, a log line and a file name.
    private static func clientName(_ arguments: Arguments) throws -> String {
        let name = try arguments.required("name")
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard isPlain, name.utf8.count <= 64 else {
            throw Arguments.UsageError(message: "--name takes 1 to 64 letters, digits, hyphens, underscores and dots")
        }
        return name
    }

    /// The causes that a watching system may lock for (R-LOCK-16).
    private static func lockCauses(_ text: String) throws -> [LockCause] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { word in
            guard let cause = LockCause(rawValue: String(word)), cause.mayBeSet(by: .monitoring) else {
                let known = LockCause.allCases.filter { $0.mayBeSet(by: .monitoring) }
                throw Arguments.UsageError(
                    message: "--lock-causes takes \(known.map(\.rawValue).joined(separator: ", ")), not \"\(word)\"")
            }
            return cause
        }
    }

    private static func detail(_ scopes: [ClientScope], _ causes: [LockCause]?) -> String {
        let words = scopes.map(\.rawValue).joined(separator: " ")
        guard let causes else { return words }
        return words + ", locks only: " + causes.map(\.rawValue).joined(separator: " ")
    }

    private static func scopes(_ text: String) throws -> [ClientScope] {
        var scopes: [ClientScope] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let scope = ClientScope(rawValue: String(word)) else {
                let known = ClientScope.allCases.map(\.rawValue).joined(separator: ", ")
                throw Arguments.UsageError(message: "unknown scope \"\(word)\"; known: \(known)")
            }
            if !scopes.contains(scope) { scopes.append(scope) }
        }
        return scopes
    }
}
