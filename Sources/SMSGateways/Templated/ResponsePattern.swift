internal import Glibc

/// A POSIX extended regular expression over an answer; without back references its time grows with the text alone.
struct ResponsePattern: Hashable, Sendable {
    /// How much of an answer is looked at, in bytes.
    static let reach = 16 * 1024

    let text: String

    /// Checks an expression; nil when it is wrong, has back references or is longer than 512 bytes.
    init?(_ text: String) {
        guard (1...512).contains(text.utf8.count), !text.utf8.contains(0), !Self.hasBackReference(text) else {
            return nil
        }
        self.text = text
        guard groups(in: "") != nil else { return nil }
    }

    func matches(_ answer: String) -> Bool {
        groups(in: answer).map { !$0.isEmpty } ?? false
    }

    /// What the first group took; nil without a match or a group.
    func firstGroup(in answer: String) -> String? {
        groups(in: answer).flatMap { $0.count > 1 ? $0[1] : nil }
    }

    /// The match and its first group, empty without a match; nil when the expression is wrong.
    private func groups(in answer: String) -> [String]? {
        // Compiled at each use: a compiled one is not `Sendable`, and it costs less than the request did.
        var compiled = regex_t()
        guard regcomp(&compiled, text, REG_EXTENDED) == 0 else { return nil }
        defer { regfree(&compiled) }
        let bytes = answer.utf8.prefix(Self.reach).map { $0 == 0 ? UInt8(ascii: " ") : $0 } + [0]
        var found = [regmatch_t](repeating: regmatch_t(rm_so: -1, rm_eo: -1), count: 2)
        let isFound = bytes.withUnsafeBytes { raw in
            regexec(&compiled, raw.bindMemory(to: CChar.self).baseAddress, found.count, &found, 0) == 0
        }
        guard isFound else { return [] }
        return found.prefix { $0.rm_so >= 0 }.map { match in
            String(decoding: bytes[Int(match.rm_so)..<Int(match.rm_eo)], as: UTF8.self)
        }
    }

    private static func hasBackReference(_ text: String) -> Bool {
        var isEscaped = false
        for byte in text.utf8 {
            if isEscaped, (0x31...0x39).contains(byte) { return true }
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        }
        return false
    }
}
