package import AuthDomain

extension Settings {
    /// `mail`: app passwords and the hooks of mail servers.
    package struct Mail: Sendable {
        /// Whether mail programs may use the mailbox password.
        package enum MainPassword: String, CaseIterable, Sendable {
            case refuse, allow
        }
        /// Whether mail programs may use the mailbox password.
        package let mainPassword: MainPassword
        /// App passwords that one mailbox may have.
        package let appPasswordsMax: Int
        /// How long an access token is valid.
        package let accessTokenLifetime: Duration
        /// New wrong values that one client address may send at once.
        package let wrongBurst: Int
        /// The time in which an address regains one of them.
        package let wrongRefill: Duration
        /// Whether failures that mail servers report count.
        package let policyCounts: Bool
        /// Whether the policy hook says why it refuses.
        package let policyTellsReason: Bool
        /// Where nginx sends IMAP; nil when it does not.
        package let nginxIMAP: ListenAddress?
        /// Where nginx sends POP3.
        package let nginxPOP3: ListenAddress?
        /// Where nginx sends submission.
        package let nginxSMTP: ListenAddress?
        /// What nginx logs in upstream with instead of the user's secret; nil to pass that on.
        package let nginxUpstreamPassword: SecretBytes?
        /// How long nginx waits before a client may try again.
        package let nginxWait: Duration

        init(_ reader: SectionReader) {
            mainPassword = reader.choice(
                "main_password", default: .refuse,
                "Whether mail programs may log in with the mailbox password (T-4); allow is for a transition only.")
            appPasswordsMax = reader.integer(
                "app_passwords_max", default: 20, in: 1...100, "App passwords that one mailbox may have.")
            accessTokenLifetime = reader.seconds(
                "access_token_s", default: 3600, in: 60...43_200,
                "How long an access token for XOAUTH2 and OAUTHBEARER is valid; a lock ends it at once.")
            wrongBurst = reader.integer(
                "wrong_burst", default: 60, in: 1...1_000_000, unit: "tokens",
                "New wrong values that one client address may send through mail servers.")
            wrongRefill = reader.seconds(
                "wrong_refill_s", default: 10, in: 1...3600, "The time in which an address regains one of them.")
            policyCounts = reader.flag(
                "policy_counts", default: false,
                "Whether failures that a mail server with a password database of its own reports count (R-MAIL-1).")
            policyTellsReason = reader.flag(
                "policy_tells_reason", default: false,
                "Whether the policy hook says why it refuses; only where it is asked after authentication alone.")
            nginxIMAP = Self.backend("nginx_imap", "IMAP", reader)
            nginxPOP3 = Self.backend("nginx_pop3", "POP3", reader)
            nginxSMTP = Self.backend("nginx_smtp", "submission", reader)
            nginxUpstreamPassword = reader.secretFile(
                "nginx_upstream_password_file",
                "A file whose one line nginx logs in upstream with, in place of the user's secret; null passes that on."
            )
            nginxWait = reader.seconds(
                "nginx_wait_s", default: 3, in: 1...30, "How long nginx holds a client back after a refusal.")
        }

        private static func backend(_ key: String, _ what: String, _ reader: SectionReader) -> ListenAddress? {
            let doc = KeyDoc(
                type: "IP address and port", defaultText: "null",
                summary: "Where nginx sends \(what) after a right login; null when it serves none.")
            return reader.text(key, doc) { text throws(Refusal) in
                let backend = try ListenAddress(settingText: text)
                guard backend.port != 0 else { throw Refusal("must name a port") }
                return backend
            }
        }
    }
}
