package import AuthDomain

/// One thing that happened to a mailbox, as a mail system tells it.
package struct ActivityReport: Sendable {
    /// The mailbox, as the mail system names it.
    package let login: String
    /// What happened.
    package let kind: ActivityKind
    /// When; nil for now.
    package let time: WallInstant?
    /// How often.
    package let count: Int

    /// Makes a report.
    package init(login: String, kind: ActivityKind, time: WallInstant?, count: Int = 1) {
        self.login = login
        self.kind = kind
        self.time = time
        self.count = count
    }
}

/// Takes in what mail systems report of logins, sends and deliveries; keeps mailbox, kind and day (R-LOCK-12).
package struct RecordActivity: Sendable {
    /// Older reports are refused: the days they would count for have been judged.
    private static let memory = Duration.seconds(400 * 86_400)

    private let tally: ActivityTally
    private let domains: [String]
    private let clock: any WallClock

    /// Makes the use case.
    package init(tally: ActivityTally, domains: [String], clock: any WallClock) {
        self.tally = tally
        self.domains = domains
        self.clock = clock
    }

    /// Notes reports of a feed.
    ///
    /// - Returns: How many can be meant; the rest named no mailbox of the served domains or a time too long ago.
    ///   Whether a mailbox exists shows when the tally is written, and is not told.
    @discardableResult
    package func callAsFunction(_ reports: [ActivityReport], from feed: ActivityFeed) -> Int {
        let now = clock.now()
        tally.hear(feed, at: now, events: reports.count)
        var taken = 0
        for report in reports {
            guard let address = try? MailboxAddress(parsing: report.login, domains: domains) else { continue }
            // A clock ahead must not make a mailbox seem alive in days to come.
            let time = min(report.time ?? now, now)
            guard time >= now - Self.memory, report.count > 0 else { continue }
            tally.note(report.kind, of: .address(address), at: time, count: report.count)
            taken += 1
        }
        return taken
    }

    /// Notes a login that a hook let go on; no feed, for whoever asks otpd is heard by it at each login anyway.
    package func loggedIn(_ account: AccountID) {
        tally.note(.login, of: .account(account), at: clock.now())
    }

    /// Notes a message that a mailbox handed in, as Postfix asked about it.
    package func sent(by account: AccountID) {
        let now = clock.now()
        tally.hear(.postfix, at: now)
        tally.note(.send, of: .account(account), at: now)
    }
}
