package import AuthDomain
package import AuthService

extension SQLiteStore: AuditRetentionStore {
    /// Removes the oldest rows of all chains in one transaction.
    package func purgeSlice(
        before cutoff: WallInstant, limit: Int, now: WallInstant
    ) async throws(StoreUnavailable) -> AuditPurgeSlice {
        try await write(.writeRegistry, changing: .nothing) { transaction in
            var removed = 0
            var unpurgeable: [UnpurgeableRow] = []
            var held: [UnpurgeableRow] = []
            let accounts = Set(try transaction.rows(LegalHoldStatements.heldAccounts) { AccountID($0.text()) })
            let chains = try transaction.rows(AuditStatements.purgeableChains(before: cutoff)) { $0.text() }
            for chain in chains where removed < limit {
                let prefix = try AuditPrefix(
                    of: chain, before: cutoff, limit: limit - removed, keeping: accounts,
                    digest: transaction.chain.digest, connection: transaction.connection)
                if let row = prefix.stoppedAt { unpurgeable.append(UnpurgeableRow(chain: chain, number: row)) }
                if let row = prefix.heldAt { held.append(UnpurgeableRow(chain: chain, number: row)) }
                guard let last = prefix.last else { continue }
                let anchor = AuditAnchor(chain: chain, number: last.number, rowMAC: last.mac, purgedAt: now)
                try transaction.execute(AuditStatements.deleteRows(of: chain, through: last.number))
                try transaction.execute(
                    AuditStatements.setAnchor(
                        anchor, mac: transaction.chain.digest.digest(anchor.message, purpose: .audit)))
                removed += prefix.count
            }
            return AuditPurgeSlice(rows: removed, unpurgeable: unpurgeable, held: held, isLast: removed < limit)
        }
    }
}

/// The rows at the beginning of a chain that are old and are what was written.
private struct AuditPrefix {
    private(set) var count = 0
    private(set) var last: AuditHead?
    /// The first old row that is not what was written.
    private(set) var stoppedAt: Int64?
    /// The first old row of an account under a legal hold: whatever comes after it stays as well, so that the chain
    /// still proves that nothing of the account is missing.
    private(set) var heldAt: Int64?

    init(
        of chain: String, before cutoff: WallInstant, limit: Int, keeping held: Set<AccountID>,
        digest: any KeyedDigest, connection: SQLiteConnection
    ) throws {
        var number: Int64 = 0
        var mac: [UInt8] = []
        if let record = try connection.first(AuditStatements.anchor(of: chain), { AuditAnchorRecord(row: &$0) }) {
            guard let anchor = record.genuine(digest) else {
                stoppedAt = record.anchor.number
                return
            }
            (number, mac) = (anchor.number, anchor.rowMAC)
        }
        var encoding = AuditEncoding(kind: AuditMessage.row)
        var isWithin = true
        _ = try connection.rows(AuditStatements.rows(of: chain, after: number, limit: limit)) { row in
            guard isWithin else { return }
            encoding.restart(kind: AuditMessage.row)
            let look = AuditRowLook(row: &row, encoding: &encoding)
            guard look.time < cutoff else {
                isWithin = false
                return
            }
            guard look.number == number + 1, look.previous == mac,
                try look.isGenuine(encoding.bytes, digest: digest, connection: connection)
            else {
                stoppedAt = look.number
                isWithin = false
                return
            }
            if let owner = look.owner, held.contains(owner) {
                heldAt = look.number
                isWithin = false
                return
            }
            (number, mac) = (look.number, look.mac)
            count += 1
            last = AuditHead(number: number, mac: mac)
        }
    }
}
