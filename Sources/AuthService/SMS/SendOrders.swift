import AuthDomain
import Synchronization

/// Sends the messages that imports ordered: temporary passwords and codes for numbers that wait (R-PW-8, R-PHONE-5).
///
/// To be called every second by every instance; each order is claimed by one of them, and the claim's lease outlasts
/// all gateways together. What a budget or a gateway refuses is tried later, for as long as it takes; so an import of
/// any size passes under the rate and the ceiling that the settings allow, behind those who wait for a code.
package final class SendOrders: Sendable {
    /// What a pass did.
    package struct Result: Hashable, Sendable {
        /// Messages that a gateway took.
        package var sent = 0
        /// Orders that ended so that somebody has to look after their accounts.
        package var lost = 0

        /// What a pass over `sent` and `lost` orders did; nothing by default.
        package init(sent: Int = 0, lost: Int = 0) {
            self.sent = sent
            self.lost = lost
        }
    }

    /// Messages on their way at once.
    private static let width = 16
    /// When a message without an answer is looked after again; reports have come by then.
    private static let afterSilence = Duration.seconds(600)
    /// When an account that stands locked is looked at again.
    private static let whileLocked = Duration.seconds(600)
    private static let longestPause = Duration.seconds(300)

    /// How passes go while gateways or budgets refuse: seldom, and with one order to try.
    private struct Pace {
        var pausedUntil: WallInstant?
        var pause = Duration.zero
        var width: Int { pause == .zero ? SendOrders.width : 1 }
    }

    private let ports: ServicePorts
    private let policy: ServicePolicy
    private let sms: SMSPorts
    private let book: any SMSOrderBook
    private let pace = Mutex(Pace())

    /// Makes the use case.
    package init(ports: ServicePorts, policy: ServicePolicy, sms: SMSPorts, book: any SMSOrderBook) {
        self.ports = ports
        self.policy = policy
        self.sms = sms
        self.book = book
    }

    /// Sends what is due and may leave.
    package func callAsFunction() async throws(StoreUnavailable) -> Result {
        var result = Result()
        while true {
            let now = ports.clock.now()
            let width = pace.withLock { pace in
                pace.pausedUntil.map { now < $0 } ?? false ? 0 : pace.width
            }
            guard width > 0 else { return result }
            let references = (0..<width).map { _ in ports.random.identifier(prefix: "sms_") }
            let claimed = try await book.claim(
                references: references, lease: now + policy.sms.sendingLimit + .seconds(60), now: now)
            guard !claimed.isEmpty else { return result }
            let outcomes = await withTaskGroup(of: Outcome.self) { group in
                for order in claimed { group.addTask { await self.carryOut(order) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            for outcome in outcomes {
                switch outcome {
                case .sent: result.sent += 1
                case .lost: result.lost += 1
                case .settled, .held: break
                }
            }
            keepPace(outcomes)
        }
    }

    /// What became of one claim.
    private enum Outcome: Sendable {
        case sent, lost
        /// Nothing more is to be done, or not before long.
        case settled
        /// Refused for now; how long it may take.
        case held(Duration)
    }

    /// Where nothing of a batch could leave, all the others wait as well.
    private func keepPace(_ outcomes: [Outcome]) {
        let waits = outcomes.compactMap { if case .held(let wait) = $0 { wait } else { nil } }
        pace.withLock { pace in
            guard waits.count == outcomes.count, let wait = waits.min() else {
                pace = Pace()
                return
            }
            pace.pause = min(max(pace.pause * 2, wait, .seconds(1)), Self.longestPause)
            pace.pausedUntil = ports.clock.now() + pace.pause
        }
    }

    private func carryOut(_ claimed: ClaimedSMSOrder) async -> Outcome {
        do {
            let found = try await ports.accounts.account(id: claimed.order.account)
            if case .end(let end) = claimed.step { return try await self.end(claimed, end, found) }
            guard let account = found, !account.lifecycle.hasEnded else { return try await end(claimed, .outdated) }
            guard account.locks.isEmpty else {
                try await postpone(claimed, by: Self.whileLocked)
                return .settled
            }
            if let version = claimed.order.passwordVersion {
                guard account.password.version == version, account.password.mustChange else {
                    return try await end(claimed, .outdated, account)
                }
                guard account.password.expiresAt.map({ $0 > ports.clock.now() }) ?? true else {
                    return try await end(claimed, .overdue, account)
                }
            }
            guard let target = try await target(of: claimed.order, account) else {
                return try await end(claimed, .outdated, account)
            }
            return try await send(claimed, account, target)
        } catch {
            // The lease ends by itself.
            return .held(.seconds(10))
        }
    }

    /// The number an order is for: the one that waits with its change, else, for a password, the account's.
    private func target(
        of order: SMSOrder, _ account: Account
    ) async throws(StoreUnavailable) -> (phone: PhoneNumber, index: [UInt8])? {
        if let pending = try await sms.phones.pendingPhone(of: account.id), pending.id == order.transaction {
            return ports.phone(pending.sealed, of: account.id).map { ($0, pending.index) }
        }
        guard order.purpose.carriesPassword, let registered = account.phone else { return nil }
        return ports.phone(of: account).map { ($0, registered.index) }
    }

    private func send(
        _ claimed: ClaimedSMSOrder, _ account: Account, _ target: (phone: PhoneNumber, index: [UInt8])
    ) async throws(StoreUnavailable) -> Outcome {
        var password: String?
        if let sealed = claimed.order.sealedPassword {
            guard let opened = ports.box.open(sealed, row: claimed.order.id, purpose: .temporaryPassword),
                let text = opened.withBytes({ String(validating: $0, as: UTF8.self) })
            else { return try await end(claimed, .refused, account, reason: "its seal cannot be opened") }
            password = text
        }
        let order = CodeDispatch.Order(
            transaction: claimed.order.purpose.carriesCode ? claimed.order.transaction : claimed.order.id,
            account: account, phone: target.phone, index: target.index, purpose: claimed.order.purpose,
            language: .vietnamese, clientAddress: nil,
            provenance: Provenance(client: "otpd", entry: "service"),
            ahead: CodeDispatch.Ahead(claimed: claimed, password: password))
        do {
            let dispatch = try await CodeDispatch(ports: ports, policy: policy, sms: sms).dispatch(order).dispatch
            return try await conclude(claimed, account, dispatch.outcome)
        } catch let failure as SendFailure {
            return try await conclude(claimed, account, failure)
        } catch let error as StoreUnavailable {
            throw error
        } catch {
            throw StoreUnavailable(reason: "\(type(of: error))")
        }
    }

    // MARK: Concluding

    private func conclude(
        _ claimed: ClaimedSMSOrder, _ account: Account, _ outcome: GatewayOutcome
    ) async throws(StoreUnavailable) -> Outcome {
        switch outcome {
        case .accepted, .queued:
            return try await end(claimed, .sent, account)
        case .ambiguous:
            try await postpone(claimed, by: Self.afterSilence)
            return .settled
        case .refused(.permanent, let reason):
            return try await end(claimed, .refused, account, reason: reason)
        case .refused(.retryable, _), .refused(.configuration, _):
            try await postpone(claimed, by: policy.sms.outageRetry)
            return .held(policy.sms.outageRetry)
        }
    }

    private func conclude(
        _ claimed: ClaimedSMSOrder, _ account: Account, _ failure: SendFailure
    ) async throws(StoreUnavailable) -> Outcome {
        switch failure {
        case .refused(let wait):
            try await postpone(claimed, by: wait)
            return .held(wait)
        case .noGateway(let wait):
            try await postpone(claimed, by: wait)
            return .held(wait)
        case .outdated:
            // Something changed since the account was read; the next look finds what.
            try await postpone(claimed, by: .seconds(1))
            return .settled
        case .unavailable:
            try await postpone(claimed, by: policy.sms.outageRetry)
            return .held(policy.sms.outageRetry)
        }
    }

    private func postpone(_ claimed: ClaimedSMSOrder, by wait: Duration) async throws(StoreUnavailable) {
        let now = ports.clock.now()
        try await book.conclude(claimed, .later(now + max(wait, .seconds(1))), now: now, event: nil)
    }

    private func end(
        _ claimed: ClaimedSMSOrder, _ end: SMSOrderEnd, _ account: Account? = nil, reason: String? = nil
    ) async throws(StoreUnavailable) -> Outcome {
        let now = ports.clock.now()
        let event =
            end.needsOperator
            ? AuditEvent(
                time: now, code: .messageUndelivered, result: .failure, account: claimed.order.account,
                address: account?.address.text, factor: FactorKind.sms.rawValue,
                detail: "\(claimed.order.purpose.rawValue) \(end.rawValue): \(reason ?? "no reason told")",
                provenance: Provenance(client: "otpd", entry: "service"))
            : nil
        try await book.conclude(claimed, .ended(end, reason: reason), now: now, event: event)
        sms.observer.orderEnded(end)
        return switch end {
        case .sent: .sent
        case .outdated: .settled
        case .undelivered, .refused, .unknown, .overdue: .lost
        }
    }
}
