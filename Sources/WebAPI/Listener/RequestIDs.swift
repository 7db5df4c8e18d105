internal import Synchronization

/// Takes the request id that a caller sends, or makes one (`X-Request-Id`).
final class RequestIDs: Sendable {
    private static let lengthLimit = 64

    private let prefix: String
    private let count = Atomic<UInt64>(0)

    /// Makes ids that start with a prefix of their own, so that those of two instances differ.
    init(prefix: String) {
        self.prefix = prefix + "-"
    }

    /// The caller's id when it is 1 to 64 letters, digits, `.`, `_` or `-`; else a new one.
    func id(_ told: String?) -> String {
        if let told, (1...Self.lengthLimit).contains(told.utf8.count), told.utf8.allSatisfy(Self.isAllowed) {
            return told
        }
        return prefix + Self.text(count.wrappingAdd(1, ordering: .relaxed).newValue)
    }

    /// A number in base 36, at most 13 digits.
    private static func text(_ number: UInt64) -> String {
        String(unsafeUninitializedCapacity: 13) { digits in
            var (rest, place) = (number, 13)
            repeat {
                place -= 1
                let digit = UInt8(rest % 36)
                digits[place] = digit < 10 ? 0x30 + digit : 0x57 + digit
                rest /= 36
            } while rest > 0
            for index in place..<13 { digits[index - place] = digits[index] }
            return 13 - place
        }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }
}
