internal import AuthDomain
internal import AuthService

/// Where a purged chain begins: its last purged row, which the first row that stayed was written after.
///
/// Authenticated like the rows: whoever can write the file can remove rows, but not make it look like a purge.
struct AuditAnchor: Sendable {
    let chain: String
    let number: Int64
    let rowMAC: [UInt8]
    let purgedAt: WallInstant

    /// What its authentication covers.
    var message: [UInt8] {
        var encoding = AuditEncoding(kind: AuditMessage.anchor)
        encoding.append(.text(chain))
        encoding.append(SQLValue.integer(number))
        encoding.append(.blob(rowMAC))
        encoding.append(SQLValue.integer(purgedAt.milliseconds))
        return encoding.bytes
    }
}

/// An anchor as stored.
struct AuditAnchorRecord {
    let anchor: AuditAnchor
    let mac: [UInt8]

    /// Reads the columns of `AuditStatements.anchor`.
    init(row: inout SQLRow) {
        anchor = AuditAnchor(
            chain: row.text(), number: row.integer(), rowMAC: row.blob(), purgedAt: row.instant())
        mac = row.blob()
    }

    /// The anchor, if the service wrote it.
    func genuine(_ digest: any KeyedDigest) -> AuditAnchor? {
        digest.verify(mac, message: anchor.message, purpose: .audit) ? anchor : nil
    }
}

extension AuditStatements {
    static func anchor(of chain: String) -> SQLStatement {
        "SELECT chain, number, row_mac, purged_at, mac FROM audit_anchors WHERE chain = \(chain)"
    }

    static func setAnchor(_ anchor: AuditAnchor, mac: [UInt8]) -> SQLStatement {
        """
        INSERT INTO audit_anchors (chain, number, row_mac, purged_at, mac)
        VALUES (\(anchor.chain), \(anchor.number), \(anchor.rowMAC), \(anchor.purgedAt), \(mac))
        ON CONFLICT (chain) DO UPDATE
        SET number = excluded.number, row_mac = excluded.row_mac, purged_at = excluded.purged_at, mac = excluded.mac
        """
    }

    /// Chains that began before an instant and still have rows, oldest first.
    static func purgeableChains(before cutoff: WallInstant) -> SQLStatement {
        """
        SELECT c.chain FROM audit_chains c LEFT JOIN audit_anchors a ON a.chain = c.chain
        WHERE c.opened_at < \(cutoff) AND c.head_number > COALESCE(a.number, 0)
        ORDER BY c.opened_at, c.chain
        """
    }

    static func deleteRows(of chain: String, through number: Int64) -> SQLStatement {
        "DELETE FROM audit WHERE chain = \(chain) AND number <= \(number)"
    }
}
