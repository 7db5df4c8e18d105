import JSONText
import QRCode

/// `otpd qr`: draws the text on standard input, so that a secret never stands on a command line.
enum QRCommand {
    static func run(_ arguments: Arguments) throws {
        guard let bytes = Terminal.input(limit: QRSymbol.byteLimit),
            let text = String(validating: bytes, as: UTF8.self)?.split(whereSeparator: \.isNewline).first
        else {
            throw Arguments.UsageError(
                message: "qr wants one line of at most \(QRSymbol.byteLimit) bytes on standard input")
        }
        let symbol = try QRSymbol(text: String(text))
        guard arguments.has("json") else { return Terminal.line(symbol.terminal()) }
        Terminal.row(
            JSONWriter.object { json in
                json.field("width", symbol.width)
                json.strings(
                    "rows",
                    (0..<symbol.width).map { row in
                        (0..<symbol.width).map { symbol.isDark(column: $0, row: row) ? "1" : "0" }.joined()
                    })
            })
    }
}
