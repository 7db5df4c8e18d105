package import AuthDomain

/// Where the database is.
package enum DatabaseLocation: Hashable, Sendable {
    /// A SQLite file, by its absolute path.
    case sqlite(path: String)

    init(settingText text: String, folder: String) throws(Refusal) {
        guard text.hasPrefix("sqlite:") else {
            throw Refusal("must be \"sqlite:PATH\"" + (text.contains("@") ? "" : ", is \(SectionReader.quote(text))"))
        }
        let path = String(text.dropFirst("sqlite:".count))
        guard !path.isEmpty, !path.hasPrefix(":"), !path.hasPrefix("//") else {
            throw Refusal("must name a file after \"sqlite:\"")
        }
        self = .sqlite(path: SettingsPath.resolve(path, from: folder))
    }
}

/// Where Redis listens.
package enum RedisAddress: Hashable, Sendable {
    /// A host name or address in numbers, and a port.
    case tcp(host: String, port: UInt16)
    /// A Unix socket, by its absolute path.
    case unix(path: String)
}

/// How to reach Redis.
package struct RedisEndpoint: Sendable {
    /// Where it listens.
    package let address: RedisAddress
    /// The number of the database to select.
    package let database: Int
    /// The ACL user; nil for the default one.
    package let user: String?
    /// The password from `redis_password_file`; nil when none is asked for.
    package internal(set) var password: SecretBytes?

    /// Reads `redis://[user@]HOST[:PORT][/DB]` or `unix:PATH`; no refusal shows the text, it may hold a password.
    init(settingText text: String, folder: String) throws(Refusal) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst("unix:".count))
            guard !path.isEmpty, !path.hasPrefix("//") else { throw Refusal("must name a socket after \"unix:\"") }
            address = .unix(path: SettingsPath.resolve(path, from: folder))
            (database, user, password) = (0, nil, nil)
            return
        }
        let form = Refusal("must be \"redis://[USER@]HOST:PORT/DB\" or \"unix:PATH\"")
        guard text.hasPrefix("redis://") else { throw form }
        var rest = text.dropFirst("redis://".count)
        var user: String?
        if let at = rest.lastIndex(of: "@") {
            let before = rest[..<at]
            guard !before.contains(":") else {
                throw Refusal("must not hold a password: put it in a file and name that in redis_password_file")
            }
            guard !before.isEmpty else { throw form }
            user = String(before)
            rest = rest[rest.index(after: at)...]
        }
        let parts = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let digits = parts.count == 2 ? parts[1] : "0"
        guard let number = Int(digits.isEmpty ? "0" : digits), (0...65535).contains(number) else { throw form }
        let place = Self.place(String(parts[0]))
        guard let (host, port) = place, Self.isHost(host) else { throw form }
        address = .tcp(host: host, port: port)
        database = number
        self.user = user
        password = nil
    }

    private static func place(_ text: String) -> (host: String, port: UInt16)? {
        if let (host, port) = ListenAddress.split(text) {
            guard let port, port != 0 else { return nil }
            return (host, port)
        }
        return text.contains(":") ? nil : (text, 6379)
    }

    private static func isHost(_ text: String) -> Bool {
        if NetworkAddress(text) != nil { return true }
        return DomainName.isValid(text, leastLabels: 1)
    }
}

/// Paths of the settings file.
enum SettingsPath {
    /// An absolute path as it is, a relative one from the folder of the settings file.
    static func resolve(_ path: String, from folder: String) -> String {
        if path.hasPrefix("/") || folder.isEmpty { return path }
        return folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
    }

    /// The folder part of a path; `.` when it has none.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

/// Names of hosts and mail domains.
enum DomainName {
    /// Whether a name consists of labels of letters, digits and inner hyphens (RFC 1123 §2.1), 253 bytes at most.
    static func isValid(_ name: String, leastLabels: Int) -> Bool {
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        return name.utf8.count <= 253 && labels.count >= leastLabels
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                    && label.utf8.allSatisfy { byte in
                        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) && byte >= 0x41
                            || byte == UInt8(ascii: "-")
                    }
            }
    }
}
