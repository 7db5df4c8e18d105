/// Readers of the keys that stand at the top of the file.
extension SectionReader {
    func listener(_ key: String, default fallback: ListenAddress, _ summary: String) -> ListenAddress {
        let doc = KeyDoc(
            type: "IP address and port", defaultText: "\"\(fallback)\"", range: "port 0 lets the system choose",
            summary: summary)
        return text(key, doc, parse: ListenAddress.init(settingText:)) ?? fallback
    }

    func databaseLocation() -> DatabaseLocation {
        let doc = KeyDoc(
            type: "sqlite:PATH", summary: "The database file; it is made at first start, its folder must exist.")
        let location = text("database", doc) { text throws(Refusal) in
            let location = try DatabaseLocation(settingText: text, folder: source.folder)
            guard source.opensFiles, case .sqlite(let path) = location else { return location }
            let folder = SettingsPath.folder(of: path)
            guard BoundedFile.isFolder(folder) else {
                throw Refusal("the folder \(Self.quote(folder)) does not exist")
            }
            return location
        }
        return location ?? .sqlite(path: "")
    }

    func redisEndpoint() -> RedisEndpoint? {
        let doc = KeyDoc(
            type: "redis://[USER@]HOST:PORT/DB or unix:PATH", defaultText: "null", isSecret: true,
            summary: "Redis, shared by all instances; null counts in this process, for a single instance.")
        let count = source.problems.count
        var endpoint = text("redis", doc) { text throws(Refusal) in
            try RedisEndpoint(settingText: text, folder: source.folder)
        }
        let isRefused = source.problems.count > count
        let password = secretFile("redis_password_file", "A file whose one line is the password of Redis.")
        if password != nil, endpoint == nil, !isRefused {
            refuse("redis_password_file", because: "stands without redis")
        }
        endpoint?.password = password
        return endpoint
    }

    func issuer() -> String {
        let fallback = "https://sso.thudo.gov.vn"
        let doc = KeyDoc(
            type: "https URL", defaultText: "\"\(fallback)\"", summary: "The `iss` claim of assertions.")
        return text("issuer", doc) { text throws(Refusal) in
            let rest = text.dropFirst("https://".count)
            let host = rest.prefix { $0 != "/" && $0 != ":" }
            let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") }
            guard text.hasPrefix("https://"), isPlain, DomainName.isValid(String(host), leastLabels: 1),
                !text.contains("?"), !text.contains("#"), !text.contains("@")
            else {
                throw Refusal("must be an https URL without query, is \(Self.quote(text, mark: "\""))")
            }
            return text
        } ?? fallback
    }

    func totpIssuer() -> String {
        let fallback = "Thu dien tu Ha Noi"
        let doc = KeyDoc(
            type: "text", defaultText: "\"\(fallback)\"", range: "1…40 ASCII characters, no colon",
            summary: "The issuer that authenticator apps show (R-URI-3).")
        return text("totp_issuer", doc) { text throws(Refusal) in
            let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: ":") }
            guard isPlain, (1...40).contains(text.utf8.count), text.first != " ", text.last != " " else {
                throw Refusal(
                    "must be 1 to 40 ASCII characters without a colon, is \(Self.quote(text, mark: "\""))")
            }
            return text
        } ?? fallback
    }

    func domains() -> [String] {
        let fallback = ["hanoi.gov.vn", "thudo.gov.vn"]
        let doc = KeyDoc(
            type: "list of domain names", defaultText: "[\"hanoi.gov.vn\", \"thudo.gov.vn\"]", range: "at least 1",
            summary: "The mail domains whose mailboxes are served (Đ5).")
        let given = list("domains", doc) { text throws(Refusal) in
            guard DomainName.isValid(text, leastLabels: 2) else {
                throw Refusal("must be a domain name, is \(Self.quote(text, mark: "\""))")
            }
            return text.lowercased()
        }
        if let given, given.isEmpty { refuse("domains", because: "must name at least one domain") }
        return given ?? fallback
    }

    func timeZone() -> CivilZone {
        let doc = KeyDoc(
            type: "time zone", defaultText: "\"\(CivilZone.hanoi.name)\"",
            range: "Asia/Ho_Chi_Minh, Asia/Bangkok, UTC or a fixed offset like +07:00",
            summary: "The zone in which days of deadlines are counted (R-TIME-1).")
        return text("time_zone", doc, parse: CivilZone.init(settingText:)) ?? .hanoi
    }

    func instance(hostName: String) -> String {
        let doc = KeyDoc(
            type: "text", defaultText: "null", range: "1…64 letters, digits, dots, hyphens, underscores",
            summary: "The name of this instance in logs and audit; null takes the host name.")
        return text("instance", doc) { text throws(Refusal) in
            let isPlain = text.utf8.allSatisfy { byte in
                DomainName.isValid(String(Unicode.Scalar(byte)), leastLabels: 1) || "-._".utf8.contains(byte)
            }
            guard isPlain, (1...64).contains(text.utf8.count) else {
                throw Refusal(
                    "must be 1 to 64 letters, digits, dots, hyphens or underscores, is \(Self.quote(text, mark: "\""))")
            }
            return text
        } ?? hostName
    }
}
