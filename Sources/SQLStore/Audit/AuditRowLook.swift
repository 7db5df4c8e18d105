internal import AuthDomain
internal import AuthService

/// What verification looks at in a row of `AuditStatements.rows`; the other columns only pass into the message.
struct AuditRowLook {
    var chain = ""
    var number: Int64 = 0
    var time = WallInstant(milliseconds: 0)
    var code = ""
    var detail: String?
    var previous: [UInt8] = []
    var mac: [UInt8] = []
    /// Authenticates the row as an erasure left it.
    var erasedMAC: [UInt8]?
    private var account: String?
    private var address: String?

    /// Reads a row and adds all of it to a message.
    init(row: inout SQLRow, encoding: inout AuditEncoding) {
        for index in 0..<AuditStatements.fieldCount {
            row.withRawValue { column in
                encoding.append(column)
                switch (index, column) {
                case (0, .text(let bytes)): chain = String(decoding: bytes, as: UTF8.self)
                case (1, .integer(let value)): number = value
                case (2, .integer(let value)): time = WallInstant(milliseconds: value)
                case (4, .text(let bytes)): code = String(decoding: bytes, as: UTF8.self)
                case (AuditStatements.accountField, .text(let bytes)):
                    account = String(decoding: bytes, as: UTF8.self)
                case (AuditStatements.addressField, .text(let bytes)):
                    address = String(decoding: bytes, as: UTF8.self)
                case (13, .text(let bytes)): detail = String(decoding: bytes, as: UTF8.self)
                case (20, .blob(let bytes)): previous = Array(bytes)
                default: break
                }
            }
        }
        mac = row.blob()
        erasedMAC = row.optionalBlob()
    }

    /// Whom the row is about; a row that an erasure left without an account has the pseudonym for its address.
    var owner: AccountID? { (account ?? (erasedMAC == nil ? nil : address)).map { AccountID($0) } }

    /// Whether the row is what was written, or what the erasure of a destroyed account made of it.
    ///
    /// - Parameter message: The row's encoding.
    func isGenuine(
        _ message: [UInt8], digest: any KeyedDigest, connection: SQLiteConnection
    ) throws -> Bool {
        guard let erasedMAC else { return digest.verify(mac, message: message, purpose: .audit) }
        let erased = AuditMessage.erased(row: message, mac: mac)
        guard digest.verify(erasedMAC, message: erased, purpose: .audit), let owner else { return false }
        return try connection.exists(ErasureStatements.isDestroyed(owner))
    }
}
