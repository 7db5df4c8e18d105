internal import Glibc

/// An IPv4 or IPv6 address.
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// Four or sixteen bytes in network order.
    package let bytes: [UInt8]

    /// Reads an address in numbers; an IPv4 address written as IPv6 (`::ffff:192.0.2.1`) becomes IPv4.
    package init?(_ text: String) {
        guard text.utf8.count <= 45, !text.utf8.contains(0) else { return nil }
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: &four) { Array($0) }
            return
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        let all = withUnsafeBytes(of: &six) { Array($0) }
        let isMapped = all.starts(with: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF])
        bytes = isMapped ? Array(all[12...]) : all
    }

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether it is `127.0.0.0/8` or `::1`.
    package var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }

    /// The address in its usual form.
    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// A range of addresses with a common prefix (CIDR).
package struct NetworkRange: Hashable, Sendable, CustomStringConvertible {
    /// The first address of the range.
    package let base: IPAddress
    /// How many leading bits the range shares.
    package let prefixLength: Int

    /// Whether an address lies in the range; an address of the other family never does.
    package func contains(_ address: IPAddress) -> Bool {
        address.bytes.count == base.bytes.count && Self.masked(address, prefixLength) == base
    }

    /// The range as written in settings: `10.0.0.0/8`.
    package var description: String { "\(base)/\(prefixLength)" }

    init(settingText text: String) throws(Refusal) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let address = IPAddress(String(parts[0])), parts.count <= 2 else {
            throw Refusal("must be an address range like 10.0.0.0/8 or 2001:db8::/32, is \(SectionReader.quote(text))")
        }
        let bits = address.bytes.count * 8
        let length = parts.count == 1 ? bits : Int(parts[1]) ?? -1
        guard (0...bits).contains(length) else {
            throw Refusal("must have a prefix length between 0 and \(bits), is \(SectionReader.quote(text))")
        }
        base = Self.masked(address, length)
        prefixLength = length
        // A range written by a host address is a slip more often than a wish.
        guard base == address else { throw Refusal("has bits beyond its prefix: did you mean \(self)?") }
    }

    private static func masked(_ address: IPAddress, _ length: Int) -> IPAddress {
        var bytes = address.bytes
        for index in bytes.indices {
            let kept = min(max(length - index * 8, 0), 8)
            bytes[index] &= UInt8(truncatingIfNeeded: 0xFF00 >> kept)
        }
        return IPAddress(bytes: bytes)
    }
}
