package import AuthDomain

extension Settings {
    /// `callbacks`: who is told what happens to accounts (R-HOOK-1, R-LOCK-10).
    package struct Callbacks: Sendable {
        /// One receiver of events.
        package struct Target: Sendable {
            /// What it speaks.
            package enum Kind: String, CaseIterable, Sendable {
                /// Standard Webhooks 1.0.0.
                case webhook
                /// Dovecot's doveadm HTTP API.
                case doveadm
            }
            /// How Dovecot knows a mailbox.
            package enum Users: String, CaseIterable, Sendable {
                case address
                case localPart = "local_part"
            }
            /// Its name in the outbox, in metrics and commands.
            package let name: String
            /// What it speaks.
            package let kind: Kind
            /// Where it is called.
            package let url: String
            /// Signing secrets of a webhook: one, or two while the receiver changes over.
            package let secrets: [WebhookSecret]
            /// The API key of a doveadm target.
            package let apiKey: SecretBytes?
            /// The events it is told; nil for all that say something to its kind.
            package let events: Set<AccountEventType>?
            /// The only authorities to trust; nil for those of the system.
            package let authorityFile: String?
            /// How Dovecot knows a mailbox.
            package let users: Users
        }

        /// The receivers.
        package let targets: [Target]
        /// The longest that one delivery takes.
        package let timeout: Duration
        /// Deliveries to one target at once.
        package let connections: Int

        init(_ reader: SectionReader) {
            let objects = reader.objects(
                "targets",
                "Receivers of events, each an object: name, type (webhook or doveadm), url, secret_files; events, "
                    + "authority_file and users (address or local_part) may be left out.")
            targets = objects.compactMap { Target($0) }
            timeout = reader.seconds(
                "timeout_s", default: 15, in: 1...30,
                "The longest that one delivery takes; 2 s more at most in a queue.")
            connections = reader.integer(
                "connections", default: 8, in: 1...64, "Deliveries to one target at once, of different accounts.")
            let names = targets.map(\.name)
            for name in Set(names) where names.count(where: { $0 == name }) > 1 {
                reader.refuse("targets", because: "two targets are named \(SectionReader.quote(name))")
            }
        }
    }
}

extension Settings.Callbacks.Target {
    /// Reads one target; nil when anything that it needs is missing or wrong.
    fileprivate init?(_ reader: ObjectReader) {
        let name = reader.text("name", parse: Self.name)
        let kind: Kind? = reader.choice("type", default: nil)
        let url = reader.text("url", parse: Self.url)
        let files = reader.list("secret_files", parse: reader.section.resolve)
        let events = reader.list("events", isRequired: false) { text throws(Refusal) in
            guard let type = AccountEventType(rawValue: text) else {
                let hint = Spelling.nearest(to: text, among: AccountEventType.allCases.map(\.rawValue))
                throw Refusal(
                    "is no event: \(SectionReader.quote(text, mark: "\""))"
                        + (hint.map { "; did you mean \($0)?" } ?? ""))
            }
            return type
        }
        if let events, events.isEmpty { reader.refuse("events", "must name at least one event") }
        authorityFile = reader.text("authority_file", isRequired: false, parse: reader.section.resolve)
        users = reader.choice("users", default: .address) ?? .address
        reader.refuseUnknown()
        guard let name, let kind, let url, let files else { return nil }
        self.name = name
        self.kind = kind
        self.url = url
        self.events = events.map { Set($0) }
        secrets = kind == .webhook ? Self.webhookSecrets(files, reader) : []
        apiKey = kind == .doveadm ? Self.apiKey(files, reader) : nil
        if url.hasPrefix("http://"), !Self.isLoopback(url) {
            reader.section.source.warn(
                "callbacks.\(reader.place).url: without TLS whoever is in between reads what happens to mailboxes")
        }
    }

    private static func name(_ text: String) throws(Refusal) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
            default: false
            }
        }
        guard isPlain, (1...32).contains(text.utf8.count) else {
            throw Refusal("must be 1 to 32 letters, digits, hyphens or underscores")
        }
        return text
    }

    private static func url(_ text: String) throws(Refusal) -> String {
        let rest = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        let authority = rest.count == 2 ? rest[1].prefix { $0 != "/" && $0 != "?" } : ""
        guard rest[0] == "https" || rest[0] == "http", !authority.isEmpty, !authority.hasPrefix(":"),
            !text.contains("#"), !text.contains("\\"), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw Refusal("must be an http or https URL") }
        guard !authority.contains("@") else {
            throw Refusal("must not hold a user or password: secrets come from secret_files")
        }
        return text
    }

    private static func isLoopback(_ url: String) -> Bool {
        let authority = url.dropFirst("http://".count).prefix { $0 != "/" && $0 != "?" }
        return authority.hasPrefix("127.") || authority.hasPrefix("[::1]") || authority == "localhost"
            || authority.hasPrefix("localhost:")
    }

    private static func webhookSecrets(_ files: [String], _ reader: ObjectReader) -> [WebhookSecret] {
        guard (1...2).contains(files.count) else {
            reader.refuse("secret_files", "must name one file, or two while the receiver changes over")
            return []
        }
        return files.enumerated().compactMap { index, path in
            guard let text = reader.section.secret(at: path, for: "\(reader.place).secret_files[\(index)]") else {
                return nil
            }
            guard let secret = WebhookSecret(text) else {
                reader.refuse(
                    "secret_files[\(index)]",
                    "the file \(SectionReader.quote(path)) must hold whsec_ and 24 to 64 bytes in base64")
                return nil
            }
            return secret
        }
    }

    private static func apiKey(_ files: [String], _ reader: ObjectReader) -> SecretBytes? {
        guard files.count == 1 else {
            reader.refuse("secret_files", "must name one file, which holds Dovecot's doveadm_api_key")
            return nil
        }
        return reader.section.secret(at: files[0], for: "\(reader.place).secret_files[0]")
    }
}
