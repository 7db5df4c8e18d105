/// A client's network address: IPv4 or IPv6, as bytes.
package struct NetworkAddress: Hashable, Sendable {
    /// Four or sixteen bytes in network order.
    package let bytes: [UInt8]

    /// Reads the usual text forms of at most 45 characters; an IPv4-mapped IPv6 address becomes IPv4.
    package init?(_ text: String) {
        guard text.utf8.count <= 45, !text.isEmpty else { return nil }
        if let four = Self.parseFour(text[...]) {
            bytes = four
            return
        }
        guard let sixteen = Self.parseSixteen(text) else { return nil }
        let mapped = sixteen[0..<10].allSatisfy { $0 == 0 } && sixteen[10] == 255 && sixteen[11] == 255
        bytes = mapped ? Array(sixteen[12...]) : sixteen
    }

    /// The address in one spelling: dotted for IPv4, full groups for IPv6.
    package var text: String {
        if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2).map {
            String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16)
        }.joined(separator: ":")
    }

    /// The network it belongs to for throttling: /24 of IPv4, /64 of IPv6.
    package var network: AddressBlock {
        AddressBlock(address: self, prefixLength: bytes.count == 4 ? 24 : 64)
    }

    private static func parseFour(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard (1...3).contains(part.count), part.allSatisfy({ $0.isASCII && $0.isNumber }),
                part.count == 1 || part.first != "0", let byte = UInt8(part)
            else { return nil }
            bytes.append(byte)
        }
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
            if allowsFour, index == parts.count - 1, part.contains("."), let four = parseFour(part) {
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
}

/// A block of addresses, such as `10.0.0.0/8`.
package struct AddressBlock: Hashable, Sendable {
    /// The first address; bits behind the prefix are zero.
    package let address: NetworkAddress
    /// Leading bits that all members share.
    package let prefixLength: Int

    /// Makes the block that an address lies in; the prefix is cut to the address's length.
    package init(address: NetworkAddress, prefixLength: Int) {
        let length = min(max(prefixLength, 0), address.bytes.count * 8)
        self.prefixLength = length
        self.address = address.masked(length)
    }

    /// Reads CIDR notation; a bare address is a block of one.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = NetworkAddress(String(parts[0])) else { return nil }
        let bits = address.bytes.count * 8
        guard parts.count == 2 else {
            self.init(address: address, prefixLength: bits)
            return
        }
        guard let length = Int(parts[1]), (0...bits).contains(length), parts[1].allSatisfy(\.isNumber) else {
            return nil
        }
        self.init(address: address, prefixLength: length)
    }

    /// Whether an address lies in the block.
    package func contains(_ other: NetworkAddress) -> Bool {
        other.bytes.count == address.bytes.count && other.masked(prefixLength) == address
    }

    /// The block in CIDR notation.
    package var text: String { "\(address.text)/\(prefixLength)" }
}

extension NetworkAddress {
    fileprivate init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    fileprivate func masked(_ length: Int) -> NetworkAddress {
        NetworkAddress(
            bytes: bytes.enumerated().map { index, byte in
                let kept = min(max(length - index * 8, 0), 8)
                return kept == 0 ? 0 : byte & (UInt8.max << UInt8(8 - kept))
            })
    }
}
