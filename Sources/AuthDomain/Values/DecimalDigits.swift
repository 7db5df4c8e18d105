/// Whole numbers in decimal for those who put bytes together: no text is made of them.
package enum DecimalDigits {
    /// Lends the digits of a number, a minus sign before them where it is negative; valid during the call only.
    package static func lend<Result>(_ number: Int64, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        // 19 digits and the sign.
        withUnsafeTemporaryAllocation(byteCount: 20, alignment: 1) { digits in
            var place = digits.count
            var rest = number.magnitude
            repeat {
                place -= 1
                digits[place] = 0x30 + UInt8(rest % 10)
                rest /= 10
            } while rest > 0
            if number < 0 {
                place -= 1
                digits[place] = UInt8(ascii: "-")
            }
            return body(UnsafeRawBufferPointer(rebasing: digits[place...]))
        }
    }
}
