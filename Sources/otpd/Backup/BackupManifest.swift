import AuthDomain
import JSONText
import SQLStore

/// What lies beside the database in a backup: enough to tell whether it is whole and which keys it needs.
struct BackupManifest: Sendable {
    /// The manifest's name in the folder of a backup.
    static let fileName = "manifest.json"
    /// The database's name in the folder of a backup.
    static let databaseName = "otpd.db"
    /// The largest manifest, in bytes.
    static let byteLimit = 65_536

    /// SHA-256 of the database file, in hexadecimal digits.
    let digest: String
    /// The ids of the ring keys that its secrets are sealed under.
    let keys: [String]
    /// The version of the program that made it.
    let version: String
    /// When it was made.
    let takenAt: WallInstant

    init(digest: String, keys: [String], version: String, takenAt: WallInstant) {
        self.digest = digest
        self.keys = keys
        self.version = version
        self.takenAt = takenAt
    }

    /// Reads a manifest; nil for anything that is none.
    init?(_ bytes: [UInt8]) {
        guard let value = try? JSONReader.read(bytes, form: .exchanged), case .object(let members) = value else {
            return nil
        }
        var texts: [String: String] = [:]
        var ids: [String]?
        for member in members {
            switch member.value {
            case .string(let text): texts[member.name] = text
            case .array(let items) where member.name == "ring_keys":
                ids = items.compactMap { if case .string(let id) = $0 { id } else { nil } }
            case .null, .bool, .number, .array, .object: break
            }
        }
        guard let keys = ids, let digest = texts["sha256"], let version = texts["version"],
            let takenAt = texts["taken_at"].flatMap(RFC3339.parse)
        else { return nil }
        self.init(digest: digest, keys: keys, version: version, takenAt: takenAt)
    }

    /// The manifest as text, with how much the database holds for whoever reads it.
    func json(_ content: DatabaseContent) -> [UInt8] {
        JSONWriter.object { writer in
            writer.field("version", version)
            writer.field("taken_at", RFC3339.format(takenAt))
            writer.field("sha256", digest)
            writer.strings("ring_keys", keys)
            writer.content(content)
        }
    }
}

extension JSONWriter {
    /// How much a database holds.
    mutating func content(_ content: DatabaseContent) {
        field("schema", content.schema)
        field("accounts", content.accounts)
        field("authenticators", content.authenticators)
        field("standing_locks", content.standingLocks)
        field("audit_rows", content.auditRows)
    }
}
