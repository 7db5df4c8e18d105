/// Whole numbers in decimal for those who put bytes together: no text is made of them.
package enum DecimalDigits {
    /// How many bytes a number takes, the sign of a negative one included.
    package static func count(of number: Int64) -> Int {
        var count = number < 0 ? 2 : 1
        var rest = number.magnitude / 10
        while rest > 0 {
            count += 1
            rest /= 10
        }
        return count
    }

    /// Writes a number behind what the buffer holds.
    package static func append(_ number: Int64, to bytes: inout [UInt8]) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        var scale: UInt64 = 1
        while number.magnitude / scale >= 10 { scale *= 10 }
        while scale > 0 {
            bytes.append(0x30 + UInt8(truncatingIfNeeded: number.magnitude / scale % 10))
            scale /= 10
        }
    }
}
