internal import AuthDomain
package import AuthService

/// Which chain a process writes, and with what.
package struct AuditChainIdentity: Sendable {
    /// The instance's name, a field of every row.
    package let instance: String
    /// The chain's name, new at every process start: the instance's name, `/` and something never used before.
    package let chain: String
    /// Authenticates the rows.
    package let digest: any KeyedDigest

    /// Makes an identity.
    package init(instance: String, chain: String, digest: any KeyedDigest) {
        self.instance = instance
        self.chain = chain
        self.digest = digest
    }
}

/// Where a chain ends: number and authentication of its last row.
struct AuditHead: Sendable {
    var number: Int64
    var mac: [UInt8]
}

/// The end of the chain as one transaction sees it; the writer keeps it only if the transaction commits.
struct AuditChain {
    private let identity: AuditChainIdentity
    /// Nil until the first row is written.
    private(set) var head: AuditHead?
    /// When the chain was opened; set with its first row.
    private var openedAt = WallInstant(milliseconds: 0)

    init(identity: AuditChainIdentity) {
        self.identity = identity
    }

    /// What authenticates the rows.
    var digest: any KeyedDigest { identity.digest }

    /// Writes a row; before the first one, the row that opens the chain.
    mutating func append(_ event: AuditEvent, to connection: SQLiteConnection) throws {
        if head == nil { try open(at: event.time, in: connection) }
        try insert(event, into: connection)
    }

    /// Opens the chain unless it is open.
    mutating func open(at now: WallInstant, in connection: SQLiteConnection) throws {
        guard head == nil else { return }
        guard try !connection.exists(AuditStatements.chain(named: identity.chain)) else {
            throw StoreUnavailable(reason: "the audit chain \(identity.chain) exists already")
        }
        let heads = try connection.rows(AuditStatements.newestChains(limit: 64)) { row in
            AuditReference(chain: row.text(), number: row.integer(), mac: row.blob())
        }
        openedAt = now
        let opening = AuditEvent(
            time: now, code: .chainOpened, result: .success, detail: AuditReference.list(heads),
            provenance: Provenance(client: "otpd", entry: "service"))
        try insert(opening, into: connection)
    }

    /// Notes the last row in the chain's own record, so that a missing tail shows: once for each commit.
    func seal(in connection: SQLiteConnection) throws {
        guard let head else { return }
        let message = AuditMessage.head(chain: identity.chain, number: head.number, mac: head.mac)
        let mac = identity.digest.digest(message, purpose: .audit)
        try connection.execute(
            AuditStatements.seal(chain: identity.chain, openedAt: openedAt, head: head, mac: mac))
    }

    private mutating func insert(_ event: AuditEvent, into connection: SQLiteConnection) throws {
        let number = (head?.number ?? 0) + 1
        let previous = head?.mac ?? []
        let fields = AuditStatements.fields(
            of: event, chain: identity.chain, number: number, instance: identity.instance, previous: previous)
        var encoding = AuditEncoding(kind: AuditMessage.row)
        for field in fields { encoding.append(field) }
        let mac = identity.digest.digest(encoding.bytes, purpose: .audit)
        try connection.execute(AuditStatements.insert(fields, mac: mac))
        head = AuditHead(number: number, mac: mac)
    }
}

/// A row of another chain that an opening row vouches for.
struct AuditReference: Hashable {
    let chain: String
    let number: Int64
    let mac: [UInt8]

    /// As stored in an opening row's detail: `number mac chain`, one to a line.
    static func list(_ references: [AuditReference]) -> String? {
        guard !references.isEmpty else { return nil }
        return references.map { "\($0.number) \(Hex.encode($0.mac)) \($0.chain)" }.joined(separator: "\n")
    }

    /// Reads what `list` wrote; nil when it is something else.
    static func parse(_ text: String) -> [AuditReference]? {
        var result: [AuditReference] = []
        for line in text.split(separator: "\n", maxSplits: 256) {
            let parts = line.split(separator: " ", maxSplits: 2)
            guard parts.count == 3, let number = Int64(parts[0]), let mac = Hex.decode(parts[1]) else { return nil }
            result.append(AuditReference(chain: String(parts[2]), number: number, mac: mac))
        }
        return result
    }
}
