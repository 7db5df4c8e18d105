import QRCode

/// `otpd qr`: draws the text on standard input, so that a secret never stands on a command line.
enum QRCommand {
    static func run() throws {
        guard let bytes = Terminal.input(limit: QRSymbol.byteLimit),
            let text = String(validating: bytes, as: UTF8.self)?.split(whereSeparator: \.isNewline).first
        else {
            throw Arguments.UsageError(
                message: "qr wants one line of at most \(QRSymbol.byteLimit) bytes on standard input")
        }
        Terminal.line(try QRSymbol(text: String(text)).terminal())
    }
}
