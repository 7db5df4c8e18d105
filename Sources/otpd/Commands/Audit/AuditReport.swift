import AuthService
import JSONText
import SQLStore

/// What `otpd audit verify` and `otpd audit purge` tell: lines for people, or one JSON object a line.
struct AuditReport: Sendable {
    let isJSON: Bool

    /// A row, chain or record that is not what was written.
    func show(_ finding: AuditFinding) {
        guard isJSON else { return Terminal.line("\(finding)") }
        Terminal.row(
            JSONWriter.object { writer in
                writer.field("type", "finding")
                writer.field("kind", finding.kind)
                writer.field("chain", finding.place.chain)
                if let rows = finding.place.rows {
                    writer.field("first", Int(rows.lowerBound))
                    writer.field("last", Int(rows.upperBound))
                }
                writer.field("message", "\(finding)")
            })
    }

    /// The end of a verification.
    func finish(_ result: AuditVerification) {
        guard isJSON else {
            return Terminal.line("\(result.rows) rows in \(result.chains) chains: \(result.findings) findings")
        }
        Terminal.row(
            JSONWriter.object { writer in
                writer.field("type", "summary")
                writer.field("rows", Int(result.rows))
                writer.field("chains", Int(result.chains))
                writer.field("findings", Int(result.findings))
                writer.field("clean", result.isClean)
            })
    }

    /// What a purge did; what stands in its way besides goes to standard error in any case.
    func show(_ purge: AuditPurge, retentionDays: Int) {
        if isJSON {
            Terminal.row(
                JSONWriter.object { writer in
                    writer.field("removed", Int(purge.rows))
                    writer.field("retention_days", retentionDays)
                    writer.array("held", Self.sorted(purge.held), Self.write)
                    writer.array("unpurgeable", Self.sorted(purge.unpurgeable), Self.write)
                })
        } else {
            Terminal.line("\(purge.rows) rows older than \(retentionDays) days removed")
            for row in Self.sorted(purge.held) {
                Terminal.line(
                    "chain \(row.chain) is kept from row \(row.number) on for a legal hold; see \"otpd account holds\"")
            }
        }
        for row in Self.sorted(purge.unpurgeable) {
            Terminal.complain(
                "otpd: chain \(row.chain) is not what was written at row \(row.number) and was left; "
                    + "see \"otpd audit verify\"")
        }
    }

    private static func write(_ writer: inout JSONWriter, _ row: UnpurgeableRow) {
        writer.object { writer in
            writer.field("chain", row.chain)
            writer.field("number", Int(row.number))
        }
    }

    private static func sorted(_ rows: Set<UnpurgeableRow>) -> [UnpurgeableRow] {
        rows.sorted { ($0.chain, $0.number) < ($1.chain, $1.number) }
    }
}

extension AuditFinding {
    /// What is wrong, in a word for programs.
    fileprivate var kind: String {
        switch self {
        case .changed: "changed"
        case .missing: "missing"
        case .misplaced: "misplaced"
        case .tailMissing: "tail_missing"
        case .headChanged: "head_changed"
        case .anchorChanged: "anchor_changed"
        case .chainMissing: "chain_missing"
        }
    }

    /// Where: the chain, and the rows if it is about some.
    fileprivate var place: (chain: String, rows: ClosedRange<Int64>?) {
        switch self {
        case .changed(let chain, let number), .misplaced(let chain, let number): (chain, number...number)
        case .missing(let chain, let numbers), .tailMissing(let chain, let numbers): (chain, numbers)
        case .headChanged(let chain), .anchorChanged(let chain), .chainMissing(let chain, _): (chain, nil)
        }
    }
}
