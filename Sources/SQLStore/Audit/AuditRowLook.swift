internal import AuthDomain

/// What verification looks at in a row of `AuditStatements.rows`; the other columns only pass into the message.
struct AuditRowLook {
    var chain = ""
    var number: Int64 = 0
    var time = WallInstant(milliseconds: 0)
    var code = ""
    var detail: String?
    var previous: [UInt8] = []
    var mac: [UInt8] = []

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
                case (13, .text(let bytes)): detail = String(decoding: bytes, as: UTF8.self)
                case (20, .blob(let bytes)): previous = Array(bytes)
                default: break
                }
            }
        }
        mac = row.blob()
    }
}
