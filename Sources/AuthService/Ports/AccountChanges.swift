package import AuthDomain

/// A place in the order of changes.
package struct ChangeCursor: Hashable, Sendable {
    /// The number of the last change seen.
    package let number: Int64
    /// The account, for those that share a number.
    package let account: AccountID

    /// Makes a cursor.
    package init(number: Int64, account: AccountID) {
        self.number = number
        self.account = account
    }

    /// Reads what `text` made; nil when it is something else.
    package init?(text: String) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard text.utf8.count <= 128, parts.count == 2, let number = Int64(parts[0]), number >= 0 else { return nil }
        self.init(number: number, account: AccountID(String(parts[1])))
    }

    /// The opaque form.
    package var text: String { "\(number).\(account)" }
}

/// An account that changed.
package struct ChangedAccount: Sendable {
    /// The account as it is now; a destroyed one has an empty address.
    package let account: Account
    /// The number of its newest event.
    package let sequence: Int64
    /// When it last changed.
    package let changedAt: WallInstant
    /// Its place in the order.
    package let cursor: ChangeCursor

    /// Makes a changed account.
    package init(account: Account, sequence: Int64, changedAt: WallInstant, cursor: ChangeCursor) {
        self.account = account
        self.sequence = sequence
        self.changedAt = changedAt
        self.cursor = cursor
    }
}

/// Where reading changes begins.
package enum ChangeStart: Hashable, Sendable {
    /// With the first account.
    case beginning
    /// With what changed at or after an instant.
    case instant(WallInstant)
    /// After a place.
    case after(ChangeCursor)
}

/// Reads which accounts changed, so that a receiver finds what it missed (R-HOOK-2).
package protocol AccountChanges: Sendable {
    /// Accounts in the order of their last change, each once, at most `limit`.
    ///
    /// An account that changes while one reads on comes again, later.
    func changes(from start: ChangeStart, limit: Int) async throws(StoreUnavailable) -> [ChangedAccount]
}
