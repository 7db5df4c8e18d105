import AuthDomain

/// Bytes written in hexadecimal; spaces are skipped.
func hex(_ text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

extension SecretBytes {
    /// The bytes, to compare in a test.
    var exposed: [UInt8] { withBytes { Array($0) } }

    /// The bytes of a text.
    convenience init(text: String) { self.init(Array(text.utf8)) }
}
