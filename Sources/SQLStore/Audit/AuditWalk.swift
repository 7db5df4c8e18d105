internal import AuthDomain
internal import AuthService

/// The state of a verification between two pages.
struct AuditWalk: Sendable {
    private let digest: any KeyedDigest
    private var heads: AuditHeads
    private(set) var result = AuditVerification()
    private(set) var isAtEnd = false
    private var findings: [AuditFinding] = []

    // The row before, and whether its authentication may be compared with what the next row says of it.
    private var chain = ""
    private var number: Int64 = 0
    private var mac: [UInt8] = []
    private var isLinkKnown = false
    // What opening rows say of other chains, and which chain said it first.
    private var references: [AuditReference: String] = [:]
    // Chains whose missing end was reported.
    private var tailless: Set<String> = []
    // Chains whose anchor was reported.
    private var forgedAnchors: Set<String> = []
    private var encoding = AuditEncoding(kind: AuditMessage.row)

    init(digest: any KeyedDigest, heads: AuditHeads) {
        self.digest = digest
        self.heads = heads
    }

    /// Notes a finding.
    mutating func report(_ finding: AuditFinding) {
        findings.append(finding)
        result.findings += 1
    }

    /// The findings since the last call.
    mutating func takeFindings() -> [AuditFinding] {
        defer { findings = [] }
        return findings
    }

    /// Verifies the next rows.
    mutating func readPage(of size: Int, from connection: SQLiteConnection) throws {
        let statement = AuditStatements.rows(afterChain: chain, number: number, limit: size)
        var count = 0
        _ = try connection.rows(statement) { row in
            count += 1
            try verify(&row, connection)
        }
        isAtEnd = count < size
    }

    /// Checks the last chain's end, chains that have an end but no rows, and that the rows which opening rows name
    /// are there; whether those are genuine was seen on the way.
    mutating func conclude(_ connection: SQLiteConnection) throws {
        try leaveChain(connection)
        for (chain, head) in heads.genuine.sorted(by: { $0.key < $1.key }) {
            let purged = try anchor(of: chain, connection)?.number ?? 0
            guard purged < head.number else { continue }
            report(.tailMissing(chain: chain, numbers: purged + 1...head.number))
            tailless.insert(chain)
        }
        // The highest number first: it names the whole of a missing tail.
        let named = references.sorted { ($0.key.chain, $1.key.number) < ($1.key.chain, $0.key.number) }
        for (reference, namedBy) in named where !tailless.contains(reference.chain) {
            let row = AuditStatements.row(chain: reference.chain, number: reference.number)
            guard try !connection.exists(row),
                try anchor(of: reference.chain, connection).map({ $0.number < reference.number }) ?? true
            else { continue }
            tailless.insert(reference.chain)
            try reportAbsence(of: reference, namedBy: namedBy, connection)
        }
    }

    /// Tells a missing chain from a missing tail whose record was put back to an older one.
    private mutating func reportAbsence(
        of reference: AuditReference, namedBy: String, _ connection: SQLiteConnection
    ) throws {
        let last = try connection.first(AuditStatements.lastNumber(of: reference.chain)) { $0.optionalInteger() }
        switch last.flatMap({ $0 }) {
        case nil: report(.chainMissing(chain: reference.chain, namedBy: namedBy))
        case let last? where last < reference.number:
            report(.tailMissing(chain: reference.chain, numbers: last + 1...reference.number))
        // A gap in the middle, which was reported on the way.
        case _?: break
        }
    }

    private mutating func verify(_ row: inout SQLRow, _ connection: SQLiteConnection) throws {
        encoding.restart(kind: AuditMessage.row)
        let fields = AuditRowLook(row: &row, encoding: &encoding)
        if fields.chain != chain || result.chains == 0 { try enterChain(fields.chain, connection) }
        if fields.number > number + 1 { try skipPurged(before: fields.number, connection) }
        if fields.number > number + 1 {
            report(.missing(chain: chain, numbers: number + 1...fields.number - 1))
            isLinkKnown = false
        }
        let isGenuine = try fields.isGenuine(encoding.bytes, digest: digest, connection: connection)
        if !isGenuine {
            report(.changed(chain: chain, number: fields.number))
        } else if isLinkKnown, fields.previous != mac {
            report(.misplaced(chain: chain, number: fields.number))
        }
        if isGenuine, fields.code == AuditCode.chainOpened.rawValue, let detail = fields.detail {
            for reference in AuditReference.parse(detail) ?? [] where references[reference] == nil {
                references[reference] = chain
            }
        }
        number = fields.number
        mac = fields.mac
        // A changed row's own authentication may have been changed with it: the next row is not to blame.
        isLinkKnown = isGenuine
        result.rows += 1
    }

    private mutating func enterChain(_ name: String, _ connection: SQLiteConnection) throws {
        if result.chains > 0 { try leaveChain(connection) }
        chain = name
        number = 0
        mac = []
        isLinkKnown = true
        result.chains += 1
    }

    /// Steps over rows that were purged, before the verification or while it went on.
    private mutating func skipPurged(before next: Int64, _ connection: SQLiteConnection) throws {
        guard let anchor = try anchor(of: chain, connection), anchor.number > number, anchor.number < next else {
            return
        }
        number = anchor.number
        mac = anchor.rowMAC
        isLinkKnown = true
    }

    /// Where a purged chain begins; nil for one that was not purged, or whose record of it is not genuine.
    private mutating func anchor(of chain: String, _ connection: SQLiteConnection) throws -> AuditAnchor? {
        let record = try connection.first(AuditStatements.anchor(of: chain)) { AuditAnchorRecord(row: &$0) }
        guard let record else { return nil }
        if let anchor = record.genuine(digest) { return anchor }
        if forgedAnchors.insert(chain).inserted { report(.anchorChanged(chain: chain)) }
        return nil
    }

    private mutating func leaveChain(_ connection: SQLiteConnection) throws {
        guard result.chains > 0 else { return }
        if let head = heads.genuine.removeValue(forKey: chain) {
            if head.number > number { try skipPurged(before: head.number + 1, connection) }
            if head.number > number {
                report(.tailMissing(chain: chain, numbers: number + 1...head.number))
                tailless.insert(chain)
            }
        } else if !heads.forged.contains(chain) {
            // A chain opened after the ends were read has a record by now.
            let record = try connection.first(AuditStatements.head(of: chain)) { AuditHeadRecord(row: &$0) }
            if record?.isGenuine(digest) != true { report(.headChanged(chain: chain)) }
        }
    }
}
