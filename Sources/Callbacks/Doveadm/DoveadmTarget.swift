package import AuthDomain
package import AuthService
package import HTTPClient

/// Dovecot's doveadm HTTP API: ends live IMAP, POP3 and Sieve sessions of a mailbox (R-LOCK-10).
///
/// The authentication cache goes first, then the sessions, and seconds later the sessions once more: a login that
/// was under way during the lock may have opened one after the first kick. Nothing else is ever called.
package struct DoveadmTarget: EventTarget {
    /// How Dovecot knows a mailbox.
    package enum UserForm: String, CaseIterable, Sendable {
        /// The whole address.
        case address
        /// What stands before the `@`.
        case localPart = "local_part"
    }

    /// The events that say something to Dovecot.
    package static let events = AccountEventType.endingSessions.union([.passwordChanged, .mailboxRestored])

    private let url: String
    private let authorization: SecretBytes
    private let users: UserForm
    private let http: OutgoingHTTP
    private let limit: Duration
    private let authorityFile: String?
    private let secondKick: Duration
    private let clock: any WallClock

    /// Makes a target.
    ///
    /// - Parameters:
    ///   - url: The API, such as `http://127.0.0.1:11080/doveadm/v1`.
    ///   - key: Dovecot's `doveadm_api_key`.
    ///   - users: How Dovecot knows a mailbox.
    ///   - http: The threads that wait for Dovecot.
    ///   - limit: The longest that one delivery takes, all its calls together.
    ///   - authorityFile: A PEM file of the only authorities to trust; nil for those of the system.
    ///   - secondKick: The time between the first kick and the second.
    ///   - clock: Measures the calls.
    package init(
        url: String, key: SecretBytes, users: UserForm = .address, http: OutgoingHTTP, limit: Duration = .seconds(15),
        authorityFile: String? = nil, secondKick: Duration = .seconds(3), clock: any WallClock
    ) {
        self.url = url
        authorization = key.withBytes { SecretBytes(Array("X-Dovecot-API \(Base64.encode($0, .padded))".utf8)) }
        self.users = users
        self.http = http
        self.limit = limit
        self.authorityFile = authorityFile
        self.secondKick = secondKick
        self.clock = clock
    }

    /// Flushes and kicks; with the second part, kicks once more.
    package func deliver(_ message: OutboxMessage) async -> DeliveryOutcome {
        guard Self.events.contains(message.type), let user = user(of: message) else { return .delivered }
        guard message.stage == 0 else { return await call(.kick(user: user)) }
        let flush = await call(.flushAuthCache(user: user))
        guard AccountEventType.endingSessions.contains(message.type) else { return flush }
        // Sessions end even where the cache cannot be flushed; both are repeated then.
        let kick = await call(.kick(user: user))
        if case .failed = flush { return flush }
        return kick == .delivered ? .partly(next: secondKick) : kick
    }

    /// The name to kick; nil when there is none that means one user alone.
    private func user(of message: OutboxMessage) -> String? {
        let name =
            switch users {
            case .address: message.address
            case .localPart: message.address.prefix { $0 != "@" }.description
            }
        return DoveadmCall.isNameable(name) ? name : nil
    }

    private func call(_ call: DoveadmCall) async -> DeliveryOutcome {
        let header = authorization.withBytes { OutgoingHeader("Authorization", String(decoding: $0, as: UTF8.self)) }
        let request = OutgoingRequest(
            .post, url, headers: [OutgoingHeader("Content-Type", "application/json"), header], body: call.body,
            authorityFile: authorityFile,
            limits: OutgoingLimits(connect: min(limit / 2, .seconds(2)), total: limit / 2, responseBytes: 64 * 1024))
        do throws(OutgoingFailure) {
            let response = try await http.send(request)
            let outcome = DeliveryOutcome(response, at: clock.now())
            guard outcome == .delivered else { return outcome }
            return switch DoveadmCall.read(response.body) {
            case .done: .delivered
            case .refused: .failed(.refused, retryAfter: nil)
            case .malformed: .failed(.malformed, retryAfter: nil)
            }
        } catch {
            return DeliveryOutcome(error)
        }
    }
}
