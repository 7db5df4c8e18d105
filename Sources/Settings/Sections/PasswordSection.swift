extension Settings {
    /// `password`: rules for passwords (Đ8.1, TCVN 11930 7.2.3; R-TCVN-3).
    package struct Password: Sendable {
        /// What happens when a password reaches its greatest age.
        package enum Rotation: String, CaseIterable, Sendable {
            case remind, enforce, off
        }
        /// Fewest characters.
        package let minLength: Int
        /// Former passwords that may not come back.
        package let history: Int
        /// Age at which `rotation` acts.
        package let maxAgeDays: Int
        /// What happens at that age.
        package let rotation: Rotation
        /// The absolute path of the refused passwords, one in a line; nil for none.
        package let blocklist: String?
        /// Whether only A–Z count as upper case.
        package let uppercaseASCIIOnly: Bool
        /// Days until an unchanged temporary password locks the mailbox.
        package let temporaryDays: Int

        init(_ reader: SectionReader) {
            minLength = reader.integer(
                "min_length", default: 8, in: 8...64, unit: "characters", "The fewest characters of a password.")
            history = reader.integer(
                "history", default: 5, in: 0...24, "How many former passwords may not be taken again; 0 for none.")
            maxAgeDays = reader.integer(
                "max_age_days", default: 180, in: 1...3650, unit: "days", "The age at which rotation acts.")
            rotation = reader.choice(
                "rotation", default: .remind,
                "What an over-aged password brings: a notice, a demanded change, or nothing.")
            blocklist = reader.file(
                "blocklist", "A file of refused passwords in UTF-8, one in a line, beside those built in.")
            uppercaseASCIIOnly = reader.flag(
                "uppercase_ascii_only", default: false,
                "Whether only A to Z count as upper case, and not Đ or Ư.")
            temporaryDays = reader.integer(
                "temporary_days", default: 5, in: 1...30, unit: "days",
                "Days within which a temporary password must be changed.")
        }
    }

    /// `hash`: the cost of Argon2id (RFC 9106) and the pool that pays it.
    package struct Hash: Sendable {
        /// Memory of one hash.
        package let memoryKiB: Int
        /// Passes over that memory.
        package let passes: Int
        /// Lanes of one hash.
        package let lanes: Int
        /// Threads that hash; 0 means one per core.
        package let threads: Int
        /// Waiting hashes before load is shed.
        package let queue: Int

        init(_ reader: SectionReader) {
            memoryKiB = reader.integer(
                "memory_kib", default: 19456, in: 64...1_048_576, unit: "KiB", "Memory that one hash takes.")
            passes = reader.integer("passes", default: 2, in: 1...16, "How often a hash passes over its memory.")
            lanes = reader.integer("lanes", default: 1, in: 1...16, "Lanes of one hash.")
            threads = reader.integer("threads", default: 0, in: 0...256, "Threads that hash; 0 for one per core.")
            queue = reader.integer(
                "queue", default: 256, in: 1...65536, "Hashes that may wait; a full queue answers 503.")
        }
    }
}
