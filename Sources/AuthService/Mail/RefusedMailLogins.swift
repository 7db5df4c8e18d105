package import AuthDomain
internal import Synchronization

/// Why a login through a mail server was refused, for metrics and the record; outside they look alike.
package enum MailRefusalReason: String, CaseIterable, Sendable {
    /// The mailbox password or anything else that no app password can be; it was not evaluated.
    case mainPassword = "main_password"
    /// Evaluated and wrong, or of nobody.
    case wrongSecret = "wrong_secret"
    /// No address of a mailbox here.
    case unknownAddress = "unknown_address"
    /// A service that is not kept here, or a way of logging in that is not.
    case unknownService = "unknown_service"
    /// A right app password that is over.
    case expired
    /// A right app password for other services.
    case scope
    /// A right app password from elsewhere.
    case network
    /// The secret was right; the mailbox is not open for this.
    case denied
    /// A lock stands, and the secret was not evaluated.
    case locked
}

/// Refused mail logins on their way into the record: one row for each account, client address and hour.
///
/// A stale phone tries every minute for weeks; what the record needs is how often, from where, with how many
/// different values and why.
package final class RefusedMailLogins: Sendable {
    /// One refusal.
    struct Refusal: Sendable {
        let address: String
        let clientAddress: String?
        let reason: MailRefusalReason
        let service: String
        let client: String
        /// The keyed digest of what was presented.
        let value: [UInt8]
        let time: WallInstant
    }

    private struct Key: Hashable {
        let address: String
        let clientAddress: String
        let hour: Int64
    }

    private struct Tally {
        let client: String
        let first: WallInstant
        var last: WallInstant
        var count = 0
        var reasons: [MailRefusalReason: Int] = [:]
        var services: Set<String> = []
        var values: Set<[UInt8]> = []
    }

    private static let capacity = 20_000
    private static let distinctLimit = 256
    private static let hour: Int64 = 3_600_000

    private let accounts: any AccountReader
    private let audit: any AuditLog
    private let observer: @Sendable (MailRefusalReason) -> Void
    private let tallies = Mutex<[Key: Tally]>([:])

    init(
        accounts: any AccountReader, audit: any AuditLog, observer: @escaping @Sendable (MailRefusalReason) -> Void
    ) {
        self.accounts = accounts
        self.audit = audit
        self.observer = observer
    }

    /// Counts a refusal that concerns no mailbox here, and so is on no record.
    func count(_ reason: MailRefusalReason) { observer(reason) }

    /// Adds a refusal; whether its value is new for this account and client address within the hour.
    func note(_ refusal: Refusal) -> Bool {
        observer(refusal.reason)
        let key = Key(
            address: refusal.address, clientAddress: refusal.clientAddress ?? "",
            hour: refusal.time.milliseconds / Self.hour)
        return tallies.withLock { tallies in
            guard tallies[key] != nil || tallies.count < Self.capacity else { return true }
            var tally =
                tallies.removeValue(forKey: key)
                ?? Tally(client: refusal.client, first: refusal.time, last: refusal.time)
            defer { tallies[key] = tally }
            tally.last = refusal.time
            tally.count += 1
            tally.reasons[refusal.reason, default: 0] += 1
            tally.services.insert(refusal.service)
            guard tally.values.count < Self.distinctLimit else { return true }
            return tally.values.insert(Array(refusal.value.suffix(16))).inserted
        }
    }

    /// Puts the hours that are over on record, or all of them when the service stops.
    package func flush(now: WallInstant, all: Bool = false) async throws(StoreUnavailable) {
        let present = now.milliseconds / Self.hour
        let over = tallies.withLock { tallies in
            let over = tallies.filter { all || $0.key.hour < present }
            for key in over.keys { tallies[key] = nil }
            return over
        }
        var rest = over
        for (key, tally) in over {
            do {
                try await audit.append(try await event(key, tally))
                rest[key] = nil
            } catch {
                tallies.withLock { [rest] tallies in tallies.merge(rest) { newer, _ in newer } }
                throw error
            }
        }
    }

    private func event(_ key: Key, _ tally: Tally) async throws(StoreUnavailable) -> AuditEvent {
        let found = try await accounts.account(at: MailboxAddress(canonical: key.address))
        // Whoever has got the address since is somebody else (R-LIFE-9).
        let account = found.flatMap { $0.createdAt <= tally.first ? $0 : nil }
        let reasons = MailRefusalReason.allCases.compactMap { reason in
            tally.reasons[reason].map { "\(reason.rawValue)=\($0)" }
        }
        let seconds = (tally.last.milliseconds - tally.first.milliseconds) / 1_000
        let detail =
            "\(tally.count) refused within \(seconds) s, \(tally.values.count) values; "
            + (reasons + ["services=" + tally.services.sorted().joined(separator: ",")]).joined(separator: " ")
        return AuditEvent(
            time: tally.first, code: .mailLoginsRefused, result: .failure, account: account?.id, address: key.address,
            factor: "mail", detail: detail,
            provenance: Provenance(
                client: tally.client, clientAddress: key.clientAddress.isEmpty ? nil : key.clientAddress,
                entry: "mail"))
    }
}
