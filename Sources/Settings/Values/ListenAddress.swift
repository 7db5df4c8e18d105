package import AuthDomain

/// An address and port to listen on.
package struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address; `0.0.0.0` and `::` mean every one.
    package let address: NetworkAddress
    /// The port; 0 lets the system choose.
    package let port: UInt16

    /// `127.0.0.1:8080` or `[::1]:8080`.
    package var description: String {
        address.bytes.count == 4 ? "\(address.text):\(port)" : "[\(address.text)]:\(port)"
    }

    init(settingText text: String) throws(Refusal) {
        let shown = SectionReader.quote(text, mark: "\"")
        guard let (host, port) = Self.split(text), let port, let address = NetworkAddress(host) else {
            throw Refusal("must be an IP address and a port, like 127.0.0.1:8080 or [::1]:8080, is \(shown)")
        }
        self.address = address
        self.port = port
    }

    /// The default of a listener on this machine.
    init(loopbackPort port: UInt16) {
        address = .loopback
        self.port = port
    }

    /// Splits `HOST:PORT` and `[HOST]:PORT`; nil when a bracket is odd, and a nil port when it is none.
    static func split(_ text: String) -> (host: String, port: UInt16?)? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        let isPort = !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]"), host.contains(":") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") || host.contains("[") || host.contains("]") {
            return nil
        }
        return (String(host), isPort ? UInt16(digits) : nil)
    }
}
