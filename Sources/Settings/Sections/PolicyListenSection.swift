/// Where Postfix' policy service listens.
package enum PolicyAddress: Hashable, Sendable {
    /// An IP address and a port.
    case tcp(ListenAddress)
    /// The absolute path of a socket.
    case unix(path: String)

    init(settingText text: String, folder: String) throws(Refusal) {
        guard text.hasPrefix("unix:") else {
            self = .tcp(try ListenAddress(settingText: text))
            return
        }
        let path = SettingsPath.resolve(String(text.dropFirst("unix:".count)), from: folder)
        // The kernel's bound on the path of a socket, with its final zero.
        guard (2...107).contains(path.utf8.count), !path.hasSuffix("/") else {
            throw Refusal("must be unix: and the path of a socket of at most 107 bytes")
        }
        self = .unix(path: path)
    }
}

extension Settings {
    /// `mail.policy_…`: the listener that Postfix asks whether a mailbox may send.
    package struct PolicyListen: Sendable {
        /// Where it listens; empty for not at all.
        package let addresses: [PolicyAddress]
        /// The mode of Unix sockets.
        package let socketMode: UInt32
        /// Open connections in all.
        package let maxConnections: Int

        init(_ reader: SectionReader) {
            let listen = KeyDoc(
                type: "list of IP address and port, or unix:PATH", defaultText: "[]",
                range: "keep it on loopback: the protocol has no login",
                summary: "Where Postfix asks whether a mailbox may send (policy delegation); [] for nowhere.")
            addresses =
                reader.list("policy_listen", listen) { text throws(Refusal) in
                    try PolicyAddress(settingText: text, folder: reader.source.folder)
                } ?? []
            let mode = KeyDoc(
                type: "octal mode", defaultText: "\"0660\"", range: "0600…0777",
                summary: "The mode of a Unix socket in mail.policy_listen: who may connect.")
            socketMode =
                reader.text("policy_socket_mode", mode) { text throws(Refusal) in
                    guard text.utf8.count == 4, let value = UInt32(text, radix: 8), (0o600...0o777).contains(value)
                    else {
                        throw Refusal("must be four octal digits like 0660, is \(SectionReader.quote(text))")
                    }
                    return value
                } ?? 0o660
            maxConnections = reader.integer(
                "policy_max_connections", default: 2048, in: 16...100_000,
                "Connections that the policy listener holds; beyond it the one idle longest makes room.")
        }
    }
}
