/// Instants as text in the profile of RFC 3339 that the service speaks.
package enum RFC3339 {
    /// The longest text that `parse` looks at, in bytes.
    package static let byteLimit = 40

    /// When milliseconds are written.
    package enum Fraction: Sendable {
        /// Only when they are not zero.
        case ifAny
        /// Always, so that texts of one length sort by time.
        case always
    }

    /// Writes an instant in UTC, with milliseconds only when they are not zero: `2026-11-23T08:00:00Z`.
    ///
    /// Instants outside the years 0000…9999 are kept to that range.
    package static func format(_ instant: WallInstant) -> String {
        format(instant, fraction: .ifAny)
    }

    /// Writes an instant in UTC as `format(_:)` does, with a say about milliseconds: `2026-11-23T08:00:00.000Z`.
    package static func format(_ instant: WallInstant, fraction shown: Fraction) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        append(instant, fraction: shown, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes an instant as `format(_:fraction:)` does, behind what the buffer holds.
    package static func append(_ instant: WallInstant, fraction shown: Fraction, to bytes: inout [UInt8]) {
        let bounded = min(max(instant, earliest), latest)
        let seconds = bounded.seconds
        let days = CivilDate.days(inSeconds: seconds)
        let timeOfDay = Int(seconds - days * 86_400)
        let fraction = Int(bounded.milliseconds - seconds * 1000)
        let date = CivilDate(daysSinceEpoch: days)
        /// A number of a fixed width with the mark behind it.
        func add(_ number: Int, width: Int, then mark: Unicode.Scalar) {
            var scale = width == 4 ? 1000 : width == 3 ? 100 : 10
            while scale > 0 {
                bytes.append(0x30 + UInt8(truncatingIfNeeded: number / scale % 10))
                scale /= 10
            }
            bytes.append(UInt8(ascii: mark))
        }
        add(date.year, width: 4, then: "-")
        add(date.month, width: 2, then: "-")
        add(date.day, width: 2, then: "T")
        add(timeOfDay / 3600, width: 2, then: ":")
        add(timeOfDay / 60 % 60, width: 2, then: ":")
        let hasFraction = fraction != 0 || shown == .always
        add(timeOfDay % 60, width: 2, then: hasFraction ? "." : "Z")
        if hasFraction { add(fraction, width: 3, then: "Z") }
    }

    /// Reads `YYYY-MM-DDTHH:MM:SS[.f…](Z|±HH:MM)`; nil for anything else.
    ///
    /// Upper-case `T` and `Z` only, one to nine digits of fraction (cut to milliseconds), no leap second.
    package static func parse(_ text: String) -> WallInstant? {
        guard text.utf8.count <= byteLimit else { return nil }
        var cursor = Cursor(rest: Array(text.utf8)[...])
        guard let date = cursor.date(), cursor.take("T"), let time = cursor.timeOfDay(),
            let milliseconds = cursor.fraction(), let offset = cursor.offset(), cursor.rest.isEmpty
        else { return nil }
        let seconds = date.daysSinceEpoch * 86_400 + time - offset
        return WallInstant(milliseconds: seconds * 1000 + milliseconds)
    }

    private static let earliest = WallInstant(seconds: -62_167_219_200)
    private static let latest = WallInstant(milliseconds: 253_402_300_799_999)

    private struct Cursor {
        var rest: ArraySlice<UInt8>

        mutating func take(_ expected: Unicode.Scalar) -> Bool {
            guard let byte = rest.first, UInt32(byte) == expected.value else { return false }
            rest.removeFirst()
            return true
        }

        mutating func number(digits: Int) -> Int? {
            guard rest.count >= digits else { return nil }
            var value = 0
            for byte in rest.prefix(digits) {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            rest.removeFirst(digits)
            return value
        }

        mutating func date() -> CivilDate? {
            guard let year = number(digits: 4), take("-"), let month = number(digits: 2), take("-"),
                let day = number(digits: 2)
            else { return nil }
            return CivilDate(year: year, month: month, day: day)
        }

        mutating func timeOfDay() -> Int64? {
            guard let hour = number(digits: 2), take(":"), let minute = number(digits: 2), take(":"),
                let second = number(digits: 2), hour < 24, minute < 60, second < 60
            else { return nil }
            return Int64(hour * 3600 + minute * 60 + second)
        }

        mutating func fraction() -> Int64? {
            guard take(".") else { return 0 }
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            guard (1...9).contains(digits.count) else { return nil }
            rest.removeFirst(digits.count)
            let padded = Array(digits.prefix(3)) + [UInt8](repeating: 0x30, count: max(0, 3 - digits.count))
            return padded.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        }

        mutating func offset() -> Int64? {
            if take("Z") { return 0 }
            let isWest = take("-")
            guard isWest || take("+") else { return nil }
            guard let hour = number(digits: 2), take(":"), let minute = number(digits: 2), hour < 24, minute < 60
            else { return nil }
            return Int64(hour * 3600 + minute * 60) * (isWest ? -1 : 1)
        }
    }
}
