import AuthDomain
import AuthService

/// The real ports, each failing when the test says so.
struct FaultyAccounts: AccountReader {
    let base: any AccountReader
    let faults: Faults

    private func check(_ name: String) throws(StoreUnavailable) {
        if faults.meets(.accounts, name) { throw StoreUnavailable(reason: "broken") }
    }

    func account(at address: MailboxAddress) async throws(StoreUnavailable) -> Account? {
        try check("at")
        return try await base.account(at: address)
    }

    func account(id: AccountID) async throws(StoreUnavailable) -> Account? {
        try check("id")
        return try await base.account(id: id)
    }

    func budget(_ key: BudgetKey, now: WallInstant) async throws(StoreUnavailable) -> BudgetState {
        try check("budget")
        return try await base.budget(key, now: now)
    }

    func passwordHistory(of account: AccountID, limit: Int) async throws(StoreUnavailable) -> [String] {
        try check("history")
        return try await base.passwordHistory(of: account, limit: limit)
    }

    func recoveryCode(of account: AccountID, slot: Int) async throws(StoreUnavailable) -> RecoveryCodeRecord? {
        try check("recovery")
        return try await base.recoveryCode(of: account, slot: slot)
    }
}

struct FaultyJudge: FailureJudge {
    let base: any FailureJudge
    let faults: Faults

    func judge(_ failure: AccountFailure) async throws(StoreUnavailable) -> FailureJudgement {
        if faults.meets(.judge, "judge") { throw StoreUnavailable(reason: "broken") }
        return try await base.judge(failure)
    }

    func judgeUnknown(
        _ key: BudgetKey, limit: Int, now: WallInstant, expiresAt: WallInstant, event: AuditEvent
    ) async throws(StoreUnavailable) -> FailureJudgement {
        if faults.meets(.judge, "judge") { throw StoreUnavailable(reason: "broken") }
        return try await base.judgeUnknown(key, limit: limit, now: now, expiresAt: expiresAt, event: event)
    }
}

struct FaultyLedger: SignInLedger {
    let base: any SignInLedger
    let faults: Faults

    private func check(_ name: String) async throws(StoreUnavailable) {
        if faults.meets(.ledger, name) { throw StoreUnavailable(reason: "broken") }
        await faults.interleave()
    }

    func accept(
        _ factor: ConsumedFactor, guard step: StepGuard, now: WallInstant, resetting: Bool, event: AuditEvent,
        completion: Completion?
    ) async throws(StoreUnavailable) -> StepVerdict {
        try await check("accept")
        return try await base.accept(
            factor, guard: step, now: now, resetting: resetting, event: event, completion: completion)
    }

    func changePassword(
        to record: String, guard step: StepGuard, keeping history: Int, now: WallInstant, event: AuditEvent,
        completion: Completion?
    ) async throws(StoreUnavailable) -> StepVerdict {
        try await check("change")
        return try await base.changePassword(
            to: record, guard: step, keeping: history, now: now, event: event, completion: completion)
    }

    func confirmEnrolment(
        _ enrolment: ConfirmedEnrolment, guard step: StepGuard, now: WallInstant, events: [AuditEvent],
        completion: Completion?
    ) async throws(StoreUnavailable) -> StepVerdict {
        try await check("confirm")
        return try await base.confirmEnrolment(
            enrolment, guard: step, now: now, events: events, completion: completion)
    }

    func rehash(account: AccountID, version: Int64, record: String) async throws(StoreUnavailable) {
        try await check("rehash")
        try await base.rehash(account: account, version: version, record: record)
    }
}

struct FaultyOperators: OperatorStore {
    let base: any OperatorStore
    let faults: Faults

    private func check(_ name: String) throws(OperatorRefusal) {
        if faults.meets(.operators, name) { throw .unavailable(reason: "broken") }
    }

    func provision(_ new: NewAccount, event: AuditEvent) async throws(OperatorRefusal) {
        try check("provision")
        try await base.provision(new, event: event)
    }

    func change(_ account: AccountID, _ change: AccountChange, event: AuditEvent) async throws(OperatorRefusal) {
        try check("change")
        try await base.change(account, change, event: event)
    }

    func destroy(_ account: AccountID, now: WallInstant, event: AuditEvent) async throws(OperatorRefusal) {
        try check("destroy")
        try await base.destroy(account, now: now, event: event)
    }

    func lock(_ account: AccountID, _ lock: Lock, event: AuditEvent) async throws(OperatorRefusal) {
        try check("lock")
        try await base.lock(account, lock, event: event)
    }

    func restore(
        _ restoration: RestorationWrite, now: WallInstant, event: AuditEvent
    ) async throws(OperatorRefusal) -> [BudgetKind: BudgetState] {
        try check("restore")
        return try await base.restore(restoration, now: now, event: event)
    }

    func resetPassword(
        _ account: AccountID, record: String, expiresAt: WallInstant, now: WallInstant, event: AuditEvent
    ) async throws(OperatorRefusal) {
        try check("reset")
        try await base.resetPassword(account, record: record, expiresAt: expiresAt, now: now, event: event)
    }

    func issueEnrolmentCode(
        _ account: AccountID, _ code: EnrolmentCodeRecord, now: WallInstant, event: AuditEvent
    ) async throws(OperatorRefusal) {
        try check("code")
        if faults.failsCodes { throw .unavailable(reason: "broken") }
        try await base.issueEnrolmentCode(account, code, now: now, event: event)
    }

    func revokeAuthenticator(
        _ account: AccountID, _ id: AuthenticatorID, now: WallInstant, event: AuditEvent
    ) async throws(OperatorRefusal) {
        try check("revoke")
        try await base.revokeAuthenticator(account, id, now: now, event: event)
    }
}

struct FaultyBudget: AttemptBudget {
    let base: any AttemptBudget
    let faults: Faults

    func reserve(
        _ key: BudgetKey, ticket: String, durable: BudgetState, limit: Int
    ) async throws(CountersUnavailable) -> ReservationOutcome {
        if faults.meets(.budget, "reserve") { throw CountersUnavailable() }
        return try await base.reserve(key, ticket: ticket, durable: durable, limit: limit)
    }

    func settle(_ key: BudgetKey, ticket: String, judged: BudgetState?) async {
        _ = faults.meets(.budget, "settle")
        await base.settle(key, ticket: ticket, judged: judged)
    }

    func refresh(_ key: BudgetKey, state: BudgetState) async {
        await base.refresh(key, state: state)
    }
}

struct FaultySignIns: SignInStore {
    let base: any SignInStore
    let faults: Faults

    private func check(_ name: String) throws(CountersUnavailable) {
        if faults.meets(.signIns, name) { throw CountersUnavailable() }
    }

    func create(id: String, record: [UInt8], lifetime: Duration) async throws(CountersUnavailable) {
        try check("create")
        try await base.create(id: id, record: record, lifetime: lifetime)
    }

    func find(id: String) async throws(CountersUnavailable) -> (record: [UInt8], version: Int64)? {
        try check("find")
        return try await base.find(id: id)
    }

    func replace(
        id: String, version: Int64, record: [UInt8], lifetime: Duration
    ) async throws(CountersUnavailable) -> Bool {
        try check("replace")
        guard !faults.losesReplacement else { return false }
        return try await base.replace(id: id, version: version, record: record, lifetime: lifetime)
    }

    func remove(id: String) async throws(CountersUnavailable) {
        try check("remove")
        try await base.remove(id: id)
    }
}

struct FaultyLogins: MailLoginReader {
    let base: any MailLoginReader
    let faults: Faults

    func mailLogin(
        at address: MailboxAddress, lookups: [[UInt8]]
    ) async throws(StoreUnavailable) -> MailLoginSnapshot? {
        if faults.meets(.accounts, "mailLogin") { throw StoreUnavailable(reason: "broken") }
        return try await base.mailLogin(at: address, lookups: lookups)
    }

    func mailAccount(id: AccountID) async throws(StoreUnavailable) -> MailAccount? {
        if faults.meets(.accounts, "mailAccount") { throw StoreUnavailable(reason: "broken") }
        return try await base.mailAccount(id: id)
    }

    func isJudgedWrong(_ digests: [[UInt8]], of account: AccountID) async throws(StoreUnavailable) -> Bool {
        if faults.meets(.accounts, "isJudgedWrong") { throw StoreUnavailable(reason: "broken") }
        return try await base.isJudgedWrong(digests, of: account)
    }
}

struct FaultyThrottle: Throttle {
    let base: any Throttle
    let faults: Faults

    func take(_ buckets: [(name: String, rate: AttemptRate)]) async throws(CountersUnavailable) -> Duration? {
        if faults.meets(.throttle, "take") { throw CountersUnavailable() }
        return try await base.take(buckets)
    }

    func wait(for buckets: [(name: String, rate: AttemptRate)]) async throws(CountersUnavailable) -> Duration? {
        if faults.meets(.throttle, "wait") { throw CountersUnavailable() }
        return try await base.wait(for: buckets)
    }

    func giveBack(_ buckets: [(name: String, rate: AttemptRate)]) async {
        await base.giveBack(buckets)
    }
}

struct FaultyHasher: PasswordHasher {
    let base: any PasswordHasher
    let faults: Faults

    var unfittingRecord: String { base.unfittingRecord }

    func hash(_ password: SecretBytes) async throws(Overloaded) -> String {
        if faults.meets(.hasher, "hash") { throw Overloaded() }
        return try await base.hash(password)
    }

    func verify(_ password: SecretBytes, record: String) async throws(Overloaded) -> Bool {
        if faults.meets(.hasher, "verify") { throw Overloaded() }
        await faults.waitAtGate()
        return try await base.verify(password, record: record)
    }

    func isOutdated(record: String) -> Bool { base.isOutdated(record: record) }
}

struct FaultySigner: TokenSigner {
    let base: any TokenSigner
    let faults: Faults

    func sign(payload: [UInt8], type: String) throws(StoreUnavailable) -> String {
        if faults.meets(.signer, "sign") { throw StoreUnavailable(reason: "broken") }
        return try base.sign(payload: payload, type: type)
    }

    func keySet() -> [UInt8] { base.keySet() }
}
