package import AuthDomain

extension Settings {
    /// `deadlines`: the periods of the regulation and the sweeper that watches them (Đ7.4, Đ8.2, Đ8.3).
    package struct Deadlines: Sendable {
        /// How days and months are counted.
        package let mode: DeadlineMode
        /// Days from the notice of issue to the lock of a default password.
        package let defaultPasswordDays: Int
        /// Months from the last sign of life to the lock.
        package let inactivityMonths: Int
        /// What counts as a sign of life; never empty.
        package let inactivityCounts: [ActivityKind]
        /// How long the mail system's reports may stay away.
        package let feedSilence: Duration
        /// Working days from an organisation's request to the restoration.
        package let restorationDays: Int
        /// Main addresses of the mailboxes that may be restored without a request.
        package let breakGlass: [String]
        /// Time between two sweeps of an instance.
        package let sweepEvery: Duration
        /// Accounts in one transaction of a sweep.
        package let sweepBatch: Int

        init(_ reader: SectionReader) {
            mode = reader.choice(
                "mode", default: .civilCode,
                "How days and months are counted: whole days with roll-over as the civil code does, or exact hours.")
            defaultPasswordDays = reader.integer(
                "default_password_days", default: 5, in: 1...30, unit: "days",
                "Days from the notice of issue in which a default password must be changed (Đ8.2.d).")
            inactivityMonths = reader.integer(
                "inactivity_months", default: 3, in: 1...24, unit: "months",
                "Months without a sign of life after which a mailbox is locked (Đ8.2.a).")
            let doc = KeyDoc(
                type: "list of words", defaultText: "[\"login\", \"send\", \"receive\"]",
                range: "\"login\", \"send\", \"receive\"; at least 1",
                summary: "What counts as a sign of life (T-10); without send and receive no reports are needed.")
            let given = reader.list("inactivity_counts", doc) { text throws(Refusal) in
                guard let sign = ActivityKind(rawValue: text) else {
                    throw Refusal("must be login, send or receive, is \(SectionReader.quote(text, mark: "\""))")
                }
                return sign
            }
            if let given, given.isEmpty { reader.refuse("inactivity_counts", because: "must name at least one sign") }
            inactivityCounts = given ?? ActivityKind.allCases
            feedSilence = .seconds(
                3600
                    * reader.integer(
                        "feed_silence_hours", default: 24, in: 1...720, unit: "hours",
                        "How long the mail system's reports may stay away before no lock rests on them."))
            restorationDays = reader.integer(
                "restoration_working_days", default: 2, in: 1...30, unit: "working days",
                "Working days from an organisation's request to the restoration (Đ8.3.b).")
            let mailboxes = KeyDoc(
                type: "list of addresses", defaultText: "[\"kythuat@hanoi.gov.vn\"]",
                summary: "The mailboxes that requests for restoration come through: restored without one (R-REST-7).")
            breakGlass =
                reader.list("break_glass", mailboxes) { text throws(Refusal) in
                    let address = text.lowercased()
                    guard (try? MailboxAddress(parsing: address, domains: [Self.domain(of: address)])) != nil else {
                        throw Refusal("must be a whole address, is \(SectionReader.quote(text, mark: "\""))")
                    }
                    return address
                } ?? ["kythuat@hanoi.gov.vn"]
            sweepEvery = reader.seconds(
                "sweep_every_s", default: 30, in: 1...3600, "Time between two sweeps of one instance.")
            sweepBatch = reader.integer(
                "sweep_batch", default: 16, in: 1...1000, "Accounts in one transaction of a sweep.")
        }

        private static func domain(of address: String) -> String {
            address.split(separator: "@", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        }
    }
}
