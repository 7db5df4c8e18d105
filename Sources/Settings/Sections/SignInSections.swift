extension Settings {
    /// `lockout`: how many wrong entries lock a mailbox (Đ8.2.b).
    package struct Lockout: Sendable {
        /// Which clients share a count.
        package enum Lanes: String, CaseIterable, Sendable {
            case single, device
        }
        /// What serves while Redis is unreachable.
        package enum RedisDown: String, CaseIterable, Sendable {
            case refuse
            case inProcess = "in_process"
        }
        /// Judged failures that lock.
        package let limit: Int
        /// Which clients share a count.
        package let lanes: Lanes
        /// What serves while Redis is unreachable.
        package let redisDown: RedisDown
        /// How long a guess waits for the others to settle.
        package let busyWait: Duration

        init(_ reader: SectionReader) {
            limit = reader.integer(
                "limit", default: 5, in: 3...10,
                "Judged wrong entries in a row that lock a mailbox; the regulation says 5 (Đ8.2.b).")
            lanes = reader.choice(
                "lanes", default: .single,
                "Whether a recognised device keeps a count of its own, out of reach of strangers' guesses (T-3).")
            redisDown = reader.choice(
                "redis_down", default: .refuse,
                "While Redis is unreachable: refuse with 503, or count in this process, for a single instance only.")
            busyWait = .milliseconds(
                reader.integer(
                    "busy_wait_ms", default: 3000, in: 0...10000, unit: "milliseconds",
                    "How long a guess waits while others hold the last places of the budget; then 503."))
        }
    }

    /// `totp`: codes of authenticator apps (RFC 6238).
    package struct TOTP: Sendable {
        /// Accepted steps before the present one.
        package let windowBack: Int
        /// Accepted steps after the present one.
        package let windowAhead: Int
        /// Authenticators that one account may have.
        package let maxPerAccount: Int

        init(_ reader: SectionReader) {
            windowBack = reader.integer(
                "window_back", default: 1, in: 0...2, unit: "steps of 30 s",
                "Steps before the present one whose code is taken, for clocks that lag (R-TOTP-6).")
            windowAhead = reader.integer(
                "window_ahead", default: 1, in: 0...2, unit: "steps of 30 s",
                "Steps after the present one whose code is taken, for clocks that run ahead (R-TOTP-6).")
            maxPerAccount = reader.integer(
                "max_per_account", default: 10, in: 5...50,
                "Authenticators that one mailbox may have: one for each person who shares it (T-6).")
        }
    }

    /// `sign_in`: the sign-in transaction.
    package struct SignIn: Sendable {
        /// From its start to its end.
        package let lifetime: Duration
        /// How long a completed sign-in still serves self-service.
        package let afterComplete: Duration

        init(_ reader: SectionReader) {
            lifetime = reader.seconds(
                "lifetime_s", default: 600, in: 30...3600, "How long a sign-in may take from password to completion.")
            afterComplete = reader.seconds(
                "after_complete_s", default: 600, in: 0...3600,
                "How long a completed sign-in still changes the password or adds an authenticator.")
        }
    }

    /// `enrolment_code`: the first proof of an account without authenticator.
    package struct EnrolmentCode: Sendable {
        /// Days until an unused code dies.
        package let lifetimeDays: Int

        init(_ reader: SectionReader) {
            lifetimeDays = reader.integer(
                "lifetime_days", default: 7, in: 1...30, unit: "days", "How long an enrolment code may be used.")
        }
    }

    /// `assertion`: the signed statement of a completed sign-in, and the keys that sign it.
    package struct Assertion: Sendable {
        /// From `iat` to `exp`.
        package let lifetime: Duration
        /// Days after which a new signing key takes over.
        package let keyRotationDays: Int
        /// How long a new key is published before it signs.
        package let keyPublishAhead: Duration

        init(_ reader: SectionReader) {
            lifetime = reader.seconds(
                "lifetime_s", default: 60, in: 5...60, "How long an assertion holds after it was signed.")
            keyRotationDays = reader.integer(
                "key_rotation_days", default: 30, in: 1...365, unit: "days", "How long one key signs assertions.")
            keyPublishAhead = reader.seconds(
                "key_publish_ahead_s", default: 3600, in: 0...604_800,
                "How long a new key stands in jwks.json before it signs, so that callers' caches know it.")
        }
    }
}
