/// A client's network address: IPv4 or IPv6, as bytes.
package struct NetworkAddress: Hashable, Sendable {
    /// Four or sixteen bytes in network order.
    package let bytes: [UInt8]

    /// Reads the usual text forms of at most 45 characters; an IPv4-mapped IPv6 address becomes IPv4.
    package init?(_ text: String) {
        guard text.utf8.count <= 45, !text.isEmpty else { return nil }
        if let four = Self.parseFour(text.utf8) {
            bytes = four
            return
        }
        guard let sixteen = Self.parseSixteen(text) else { return nil }
        let mapped = sixteen[0..<10].allSatisfy { $0 == 0 } && sixteen[10] == 255 && sixteen[11] == 255
        bytes = mapped ? Array(sixteen[12...]) : sixteen
    }

    /// The address in its one spelling: dotted for IPv4, RFC 5952 §4 for IPv6.
    package var text: String {
        if bytes.count == 4 { return dotted }
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        let zeros = Self.longestZeros(groups)
        guard zeros.count > 1 else { return Self.joined(groups[...]) }
        return Self.joined(groups[..<zeros.lowerBound]) + "::" + Self.joined(groups[zeros.upperBound...])
    }

    /// Put together digit by digit: every request of a mail program names the bucket of its address.
    private var dotted: String {
        var text: [UInt8] = []
        text.reserveCapacity(15)
        for number in bytes {
            if !text.isEmpty { text.append(UInt8(ascii: ".")) }
            DecimalDigits.append(Int64(number), to: &text)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Whether it is in `127.0.0.0/8` or is `::1`.
    package var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
    }

    /// `127.0.0.1`.
    package static let loopback = NetworkAddress(bytes: [127, 0, 0, 1])

    /// The network it belongs to for throttling: /24 of IPv4, /64 of IPv6.
    package var network: AddressBlock {
        AddressBlock(address: self, prefixLength: bytes.count == 4 ? 24 : 64)
    }

    /// Four numbers of 0…255 without zeros in front.
    private static func parseFour(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4)
        var number: Int?
        for character in text {
            switch character {
            case 0x30...0x39:
                // A digit behind a zero would be a zero in front.
                guard number != 0 else { return nil }
                number = (number ?? 0) * 10 + Int(character - 0x30)
                guard let number, number <= 255 else { return nil }
            case UInt8(ascii: "."):
                guard let part = number, bytes.count < 3 else { return nil }
                bytes.append(UInt8(part))
                number = nil
            default: return nil
            }
        }
        guard let last = number, bytes.count == 3 else { return nil }
        bytes.append(UInt8(last))
        return bytes
    }

    private static func parseSixteen(_ text: String) -> [UInt8]? {
        let halves = text.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
        guard halves.count <= 2 else { return nil }
        var sides: [[UInt8]] = []
        for (index, half) in halves.enumerated() {
            guard let groups = parseGroups(half, allowsFour: index == halves.count - 1) else { return nil }
            sides.append(groups)
        }
        if sides.count == 1 { return sides[0].count == 16 ? sides[0] : nil }
        let missing = 16 - sides[0].count - sides[1].count
        guard missing >= 2 else { return nil }
        return sides[0] + [UInt8](repeating: 0, count: missing) + sides[1]
    }

    private static func parseGroups(_ text: Substring, allowsFour: Bool) -> [UInt8]? {
        if text.isEmpty { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 8 else { return nil }
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if allowsFour, index == parts.count - 1, part.contains("."), let four = parseFour(part.utf8) {
                bytes += four
                continue
            }
            guard (1...4).contains(part.count), part.allSatisfy({ $0.isASCII && $0.isHexDigit }),
                let group = UInt16(part, radix: 16)
            else { return nil }
            bytes += [UInt8(group >> 8), UInt8(group & 255)]
        }
        return bytes
    }

    private static func joined(_ groups: ArraySlice<UInt16>) -> String {
        groups.map { String($0, radix: 16) }.joined(separator: ":")
    }

    /// The longest run of groups that are zero, the first of several; empty when there is none.
    private static func longestZeros(_ groups: [UInt16]) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        for (index, group) in groups.enumerated() {
            if group != 0 {
                start = index + 1
            } else if index + 1 - start > longest.count {
                longest = start..<index + 1
            }
        }
        return longest
    }
}

extension NetworkAddress {
    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The address with all bits behind a prefix set to zero.
    func masked(_ length: Int) -> NetworkAddress {
        NetworkAddress(
            bytes: bytes.enumerated().map { index, byte in
                let kept = min(max(length - index * 8, 0), 8)
                return kept == 0 ? 0 : byte & (UInt8.max << UInt8(8 - kept))
            })
    }
}
