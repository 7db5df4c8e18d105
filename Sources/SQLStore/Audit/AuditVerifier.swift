internal import AuthDomain
package import AuthService

/// Something that cannot be so unless the audit log was tampered with or damaged.
package enum AuditFinding: Hashable, Sendable, CustomStringConvertible {
    /// The content of a row is not what was written.
    case changed(chain: String, number: Int64)
    /// Rows are gone from the middle or the beginning of a chain.
    case missing(chain: String, numbers: ClosedRange<Int64>)
    /// A genuine row stands after another than the one it was written after.
    case misplaced(chain: String, number: Int64)
    /// Rows are gone from the end of a chain.
    case tailMissing(chain: String, numbers: ClosedRange<Int64>)
    /// The record of a chain's end is gone, or is not what was written.
    case headChanged(chain: String)
    /// The note of where a purged chain begins is not what was written.
    case anchorChanged(chain: String)
    /// A whole chain is gone that the opening row of a later one names.
    case chainMissing(chain: String, namedBy: String)

    /// One line for an operator.
    package var description: String {
        switch self {
        case .changed(let chain, let number): "row \(number) of chain \(chain) was changed"
        case .missing(let chain, let numbers): "\(Self.rows(numbers, in: "of chain \(chain)")) missing"
        case .misplaced(let chain, let number): "row \(number) of chain \(chain) does not follow the row before it"
        case .tailMissing(let chain, let numbers): "\(Self.rows(numbers, in: "at the end of chain \(chain)")) missing"
        case .headChanged(let chain): "the record of the end of chain \(chain) was changed or removed"
        case .anchorChanged(let chain): "the record of the purged rows of chain \(chain) was changed"
        case .chainMissing(let chain, let namedBy): "chain \(chain), known to chain \(namedBy), is missing"
        }
    }

    private static func rows(_ numbers: ClosedRange<Int64>, in place: String) -> String {
        numbers.count == 1
            ? "row \(numbers.lowerBound) \(place) is"
            : "rows \(numbers.lowerBound) to \(numbers.upperBound) \(place) are"
    }
}

/// What a verification went through.
package struct AuditVerification: Hashable, Sendable {
    /// Rows read.
    package internal(set) var rows: Int64 = 0
    /// Chains that have rows.
    package internal(set) var chains: Int64 = 0
    /// Findings reported.
    package internal(set) var findings: Int64 = 0

    /// Whether every row, link, end and chain is what was written.
    package var isClean: Bool { findings == 0 }
}

/// Goes through the whole audit log and names what was changed, removed or reordered.
///
/// Works on a live database: rows written meanwhile are verified or not reached, rows purged meanwhile are not missed.
/// Rows that were purged after their retention are not missing either: an authenticated anchor says where the chain
/// begins; rows that the names of a destroyed account were taken out of are authenticated as they are since, and only
/// while that account is destroyed. Memory stays the same however long
/// the log is. Someone who can write the file and puts back an older copy of everything, or who removes the newest
/// chain together with its record, leaves nothing to find here: only a copy of the last row kept elsewhere tells.
package struct AuditVerifier: Sendable {
    private let store: SQLiteStore
    private let digest: any KeyedDigest
    private let pageSize: Int

    /// Makes a verifier.
    ///
    /// - Parameters:
    ///   - store: The open store.
    ///   - digest: With every ring key that ever wrote audit rows.
    ///   - pageSize: Rows read in one go, between which other readers have their turn.
    package init(store: SQLiteStore, digest: any KeyedDigest, pageSize: Int = 4096) {
        self.store = store
        self.digest = digest
        self.pageSize = pageSize
    }

    /// Verifies everything.
    ///
    /// - Parameters:
    ///   - progress: Told the number of rows verified so far, after each page.
    ///   - finding: Told each finding, in the order of chains and numbers; whole chains at the end.
    package func verify(
        progress: @Sendable (Int64) -> Void = { _ in }, finding: @Sendable (AuditFinding) -> Void
    ) async throws(StoreUnavailable) -> AuditVerification {
        let (digest, pageSize) = (digest, pageSize)
        // Ends are read first: rows that come later may only lie beyond them.
        let heads = try await store.read(.readAudit) { try AuditHeads.read(from: $0, digest: digest) }
        var state = AuditWalk(digest: digest, heads: heads)
        for found in heads.forged { state.report(.headChanged(chain: found)) }
        while !state.isAtEnd {
            let before = state
            state = try await store.read(.readAudit) { connection in
                var walk = before
                try walk.readPage(of: pageSize, from: connection)
                return walk
            }
            for found in state.takeFindings() { finding(found) }
            progress(state.result.rows)
        }
        let walked = state
        state = try await store.read(.readAudit) { connection in
            var walk = walked
            try walk.conclude(connection)
            return walk
        }
        for found in state.takeFindings() { finding(found) }
        return state.result
    }
}

/// The recorded ends of all chains.
struct AuditHeads: Sendable {
    /// Ends whose record is genuine.
    var genuine: [String: AuditHead] = [:]
    /// Chains whose record is not what was written.
    var forged: [String] = []

    /// Reads and checks the records.
    static func read(from connection: SQLiteConnection, digest: any KeyedDigest) throws -> AuditHeads {
        var heads = AuditHeads()
        for record in try connection.rows(AuditStatements.heads, { AuditHeadRecord(row: &$0) }) {
            if record.isGenuine(digest) {
                heads.genuine[record.chain] = record.head
            } else {
                heads.forged.append(record.chain)
            }
        }
        return heads
    }
}

/// One record of a chain's end.
struct AuditHeadRecord {
    let chain: String
    let head: AuditHead
    let mac: [UInt8]

    /// Reads the columns of `AuditStatements.heads`.
    init(row: inout SQLRow) {
        chain = row.text()
        head = AuditHead(number: row.integer(), mac: row.blob())
        mac = row.blob()
    }

    /// Whether the service wrote it.
    func isGenuine(_ digest: any KeyedDigest) -> Bool {
        let message = AuditMessage.head(chain: chain, number: head.number, mac: head.mac)
        return digest.verify(mac, message: message, purpose: .audit)
    }
}
