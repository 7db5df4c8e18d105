/// The host that a code is to be typed into, as it stands in the last line of a message (R-SMS-3).
package struct WebOrigin: Hashable, Sendable, CustomStringConvertible {
    /// The host name, lower-case, at most 64 characters so that it leaves room for the message.
    package let host: String

    /// Reads a host name such as `sso.thudo.gov.vn`; nil for one with a scheme, a port, a path or without a dot.
    package init?(host: String) {
        let lowered = host.lowercased()
        guard lowered.utf8.count <= 64 else { return nil }
        let labels = lowered.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
        guard labels.count >= 2, labels.allSatisfy(Self.isLabel) else { return nil }
        self.host = lowered
    }

    /// The line that binds a code to the host, so that a phone offers it nowhere else.
    func line(code: String) -> String { "@\(host) #\(code)" }

    /// The host name.
    package var description: String { host }

    private static func isLabel(_ label: Substring.UTF8View) -> Bool {
        guard let first = label.first, let last = label.last, first != 0x2D, last != 0x2D else { return false }
        return label.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }
}
