internal import AuthDomain
internal import AuthService

/// An audit row on its way through an erasure.
struct ErasedRow {
    /// The values in the order of `AuditStatements.fields`.
    private(set) var fields: [SQLValue] = []
    /// The authentication of the row as it was written; the next row was written after it, so it stays.
    private let mac: [UInt8]

    /// Reads the columns of `AuditStatements.whole`.
    init(row: inout SQLRow) {
        fields.reserveCapacity(AuditStatements.fieldCount)
        for _ in 0..<AuditStatements.fieldCount { fields.append(row.withRawValue { SQLValue($0) }) }
        mac = row.blob()
    }

    /// Puts the pseudonym in the place of names, and returns what authenticates the row from now on.
    ///
    /// A row that is not what was written stays evidence of that: it loses the names, and gets nothing that
    /// authenticates it.
    mutating func erase(_ pseudonym: Pseudonym, digest: any KeyedDigest) -> [UInt8] {
        let wasGenuine = digest.verify(mac, message: encoding, purpose: .audit)
        if fields[AuditStatements.addressField] != .null {
            fields[AuditStatements.addressField] = .text(pseudonym.text)
        }
        for index in AuditStatements.freeFields {
            guard case .text(let text) = fields[index] else { continue }
            fields[index] = .text(pseudonym.applied(to: text))
        }
        guard wasGenuine else { return [] }
        return digest.digest(AuditMessage.erased(row: encoding, mac: mac), purpose: .audit)
    }

    private var encoding: [UInt8] {
        var encoding = AuditEncoding(kind: AuditMessage.row)
        for field in fields { encoding.append(field) }
        return encoding.bytes
    }
}

extension SQLValue {
    /// A copy of a column.
    fileprivate init(_ column: RawColumn) {
        switch column {
        case .null: self = .null
        case .integer(let number): self = .integer(number)
        case .text(let bytes): self = .text(String(decoding: bytes, as: UTF8.self))
        case .blob(let bytes): self = .blob(Array(bytes))
        }
    }
}
