/// Why a blocklist file is refused.
package enum BlocklistError: Error, Hashable, Sendable {
    /// More than `Blocklist.byteLimit` bytes.
    case tooLarge
    /// A line of more than `Blocklist.lineByteLimit` bytes; the number counts from one.
    case lineTooLong(line: Int)
    /// A line that is not UTF-8; the number counts from one.
    case notUTF8(line: Int)
}

/// Passwords that everybody tries first (R-PW-5).
///
/// Entries match whatever the case and diacritics; nothing else is folded, so that an entry `Matkhau@1` says nothing
/// about `Mật khẩu@1` or `Matkhau1!`. Kept as sorted 64-bit hashes: eight bytes an entry, and a false match among a
/// million entries is rarer than one in 10¹³.
package struct Blocklist: Sendable {
    /// The largest file taken, in bytes.
    package static let byteLimit = 64 * 1024 * 1024
    /// The longest line taken, in bytes.
    package static let lineByteLimit = 1024

    private let hashes: [UInt64]

    /// An empty list.
    package init() {
        hashes = []
    }

    /// Reads one password a line; empty lines and a carriage return at the end of a line are skipped.
    /// - Throws: `BlocklistError` by case.
    package init(parsing file: [UInt8]) throws(BlocklistError) {
        guard file.count <= Self.byteLimit else { throw .tooLarge }
        var hashes: [UInt64] = []
        var number = 0
        for line in file.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            let entry = line.last == 0x0D ? line.dropLast() : line
            guard !entry.isEmpty else { continue }
            guard entry.count <= Self.lineByteLimit else { throw .lineTooLong(line: number) }
            guard let text = String(validating: entry, as: UTF8.self) else { throw .notUTF8(line: number) }
            hashes.append(Self.hash(FoldedText.fold(text)))
        }
        hashes.sort()
        var distinct: [UInt64] = []
        distinct.reserveCapacity(hashes.count)
        for hash in hashes where hash != distinct.last { distinct.append(hash) }
        self.hashes = distinct
    }

    /// The number of distinct entries.
    package var count: Int { hashes.count }

    /// Whether a text is on the list, whatever its case and diacritics.
    package func contains(_ text: String) -> Bool {
        contains(folded: FoldedText.fold(text))
    }

    func contains(folded: [Unicode.Scalar]) -> Bool {
        let wanted = Self.hash(folded)
        var low = 0
        var high = hashes.count
        while low < high {
            let middle = low + (high - low) / 2
            if hashes[middle] < wanted { low = middle + 1 } else { high = middle }
        }
        return low < hashes.count && hashes[low] == wanted
    }

    /// FNV-1a over the code points; it need not withstand an attacker, who could at most refuse himself a password.
    private static func hash(_ scalars: [Unicode.Scalar]) -> UInt64 {
        scalars.reduce(0xCBF2_9CE4_8422_2325) { hash, scalar in
            var mixed = hash
            for shift in [0, 8, 16] as [UInt32] {
                mixed = (mixed ^ UInt64(scalar.value >> shift & 0xFF)) &* 0x0000_0100_0000_01B3
            }
            return mixed
        }
    }
}
