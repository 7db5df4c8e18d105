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

    /// Reads CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3); a bare address is a block of one.
    ///
    /// An IPv4-mapped address takes no prefix: of which family its length counts bits could not be told.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = NetworkAddress(String(parts[0])) else { return nil }
        let bits = address.bytes.count * 8
        guard parts.count == 2 else {
            self.init(address: address, prefixLength: bits)
            return
        }
        let isMapped = bits == 32 && parts[0].utf8.contains(UInt8(ascii: ":"))
        guard !isMapped, let length = Self.length(parts[1]), length <= bits else { return nil }
        self.init(address: address, prefixLength: length)
    }

    /// One to three digits without a leading zero.
    private static func length(_ digits: Substring) -> Int? {
        guard (1...3).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            digits == "0" || !digits.hasPrefix("0")
        else { return nil }
        return Int(digits)
    }

    /// Whether an address lies in the block.
    package func contains(_ other: NetworkAddress) -> Bool {
        other.bytes.count == address.bytes.count && other.masked(prefixLength) == address
    }

    /// The block in CIDR notation.
    package var text: String { "\(address.text)/\(prefixLength)" }
}
