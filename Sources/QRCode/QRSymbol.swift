internal import CQRencode

/// Why a text has no QR code.
package enum QRSymbolError: Error, Hashable, Sendable {
    /// No text at all.
    case empty
    /// More than `QRSymbol.byteLimit` bytes.
    case tooLong
    /// The library gave no symbol: out of memory.
    case unavailable
}

/// A QR code (ISO/IEC 18004) as a square of modules, error correction level M (15 %).
///
/// It can hold a secret: it is never described.
package struct QRSymbol: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The longest text taken, in bytes of UTF-8.
    package static let byteLimit = 1024
    /// The light margin that scanners need, in modules.
    package static let quietZone = 4

    /// Modules on a side, without the margin.
    package let width: Int
    private let dark: [Bool]

    /// Encodes a text as bytes.
    /// - Throws: `QRSymbolError` by case.
    package init(text: String) throws(QRSymbolError) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= Self.byteLimit else { throw .tooLong }
        guard let code = QRcode_encodeData(Int32(bytes.count), bytes, 0, QR_ECLEVEL_M) else { throw .unavailable }
        defer { QRcode_free(code) }
        width = Int(code.pointee.width)
        // The lowest bit of each module says dark; the others tell the library what it is part of.
        dark = UnsafeBufferPointer(start: code.pointee.data, count: width * width).map { $0 & 1 == 1 }
    }

    /// Whether a module is dark; every module outside the symbol is light.
    /// - Parameters:
    ///   - column: From 0 at the left; the margin has negative ones.
    ///   - row: From 0 at the top.
    package func isDark(column: Int, row: Int) -> Bool {
        guard (0..<width).contains(column), (0..<width).contains(row) else { return false }
        return dark[row * width + column]
    }

    /// Always `***`.
    package var description: String { "***" }

    /// Always `***`.
    package var debugDescription: String { "***" }

    /// No children: a dump shows nothing.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
