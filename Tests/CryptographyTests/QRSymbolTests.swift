import Foundation
import QRCode
import Testing

@Suite("QR codes")
struct QRSymbolTests {
    static let texts = [
        "otpauth://totp/Thu%20dien%20tu%20Ha%20Noi:anv%40hanoi.gov.vn?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
            + "&issuer=Thu%20dien%20tu%20Ha%20Noi&algorithm=SHA1&digits=6&period=30",
        "1", String(repeating: "0123456789ABCDEF", count: 40),
    ]

    private func scan(_ image: URL) throws -> String {
        let text = try ExternalTool.run(
            "zbarimg", ["--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", image.path])
        return String(text.dropLast())
    }

    @Test("R-URI-3: the SVG image, drawn by rsvg-convert, is read back by zbarimg", arguments: texts)
    func svg(text: String) throws {
        let symbol = try QRSymbol(text: text)
        try withTemporaryDirectory { directory in
            let svg = directory.appendingPathComponent("qr.svg")
            let png = directory.appendingPathComponent("qr.png")
            try symbol.svg().write(to: svg, atomically: false, encoding: .utf8)
            let width = String((symbol.width + 2 * QRSymbol.quietZone) * 4)
            _ = try ExternalTool.run("rsvg-convert", ["-w", width, "-o", png.path, svg.path])
            #expect(try scan(png) == text)
        }
    }

    @Test("R-URI-3: the terminal drawing, seen as pixels, is read back by zbarimg", arguments: texts)
    func terminal(text: String) throws {
        let symbol = try QRSymbol(text: text)
        for ground in [QRSymbol.TerminalGround.dark, .light] {
            try withTemporaryDirectory { directory in
                let image = directory.appendingPathComponent("qr.pgm")
                try Data(photograph(symbol.terminal(on: ground), on: ground)).write(to: image)
                #expect(try scan(image) == text)
            }
        }
    }

    /// What a camera sees of the drawing: ink is light on a dark ground and dark on a light one; four pixels a module.
    private func photograph(_ drawing: String, on ground: QRSymbol.TerminalGround) -> [UInt8] {
        let lines = drawing.split(separator: "\n")
        let ink: UInt8 = ground == .dark ? 255 : 0
        var rows: [[UInt8]] = []
        for line in lines {
            for half in [["█", "▀"], ["█", "▄"]] as [[Character]] {
                let row = line.flatMap { [UInt8](repeating: half.contains($0) ? ink : ~ink, count: 4) }
                rows += Array(repeating: row, count: 4)
            }
        }
        return Array("P5\n\(rows[0].count) \(rows.count)\n255\n".utf8) + rows.joined()
    }

    @Test("The drawing is square, with the margin all round, and free of control characters")
    func drawing() throws {
        let symbol = try QRSymbol(text: "otpd")
        let side = symbol.width + 2 * QRSymbol.quietZone
        let lines = symbol.terminal().split(separator: "\n")
        #expect(lines.count == (side + 1) / 2)
        #expect(lines.allSatisfy { $0.count == side })
        #expect(lines.prefix(2).allSatisfy { $0.allSatisfy { $0 == "█" } })
        #expect(lines.allSatisfy { $0.hasPrefix("████") && $0.hasSuffix("████") })
        #expect(symbol.svg().contains("viewBox=\"0 0 \(side) \(side)\""))
        #expect(symbol.svg().contains("fill=\"#fff\""))
    }

    @Test("Bounds: no text, the longest, one byte more")
    func bounds() throws {
        #expect(throws: QRSymbolError.empty) { try QRSymbol(text: "") }
        #expect(try QRSymbol(text: String(repeating: "x", count: 1024)).width > 0)
        #expect(throws: QRSymbolError.tooLong) { try QRSymbol(text: String(repeating: "x", count: 1025)) }
        #expect(throws: QRSymbolError.tooLong) { try QRSymbol(text: String(repeating: "ế", count: 400)) }
    }

    @Test("A symbol is not described")
    func redacted() throws {
        let symbol = try QRSymbol(text: "otpauth://totp/x?secret=JBSWY3DP")
        var dumped = "\(symbol) \(String(reflecting: symbol))"
        dump(symbol, to: &dumped)
        #expect(!dumped.contains("true"))
    }
}
