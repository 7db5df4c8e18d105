import AuthDomain
import AuthService
import Synchronization

/// Which ports fail, what happens just before a write, and how often each port was called.
final class Faults: Sendable {
    enum Part: String, CaseIterable, Sendable {
        case accounts, judge, ledger, operators, budget, signIns, throttle, hasher, signer
    }

    private struct State {
        var broken: Set<Part> = []
        var calls: [String: Int] = [:]
        var beforeLedger: (@Sendable () async -> Void)?
        var gate: Gate?
        var replaceLoses = false
        var codesFail = false
    }

    private let state = Mutex(State())

    /// Breaks exactly these parts.
    func breaking(_ parts: Part...) { state.withLock { $0.broken = Set(parts) } }

    /// Has every replacement of a sign-in lose against another call.
    func losingReplacements(_ loses: Bool) { state.withLock { $0.replaceLoses = loses } }

    /// Has the issue of enrolment codes alone fail.
    func failingCodes(_ fails: Bool) { state.withLock { $0.codesFail = fails } }

    /// Runs something once, between the look at the account and the next guarded write.
    func beforeNextWrite(_ body: @escaping @Sendable () async -> Void) { state.withLock { $0.beforeLedger = body } }

    /// Holds every verification until the gate opens.
    func holdingVerifications(at gate: Gate?) { state.withLock { $0.gate = gate } }

    /// How often a call was made since the last `resetCalls`.
    func calls(_ name: String) -> Int { state.withLock { $0.calls[name] ?? 0 } }

    func resetCalls() { state.withLock { $0.calls = [:] } }

    /// Notes a call; true when it must fail.
    func meets(_ part: Part, _ name: String) -> Bool {
        state.withLock { state in
            state.calls["\(part.rawValue).\(name)", default: 0] += 1
            return state.broken.contains(part)
        }
    }

    var losesReplacement: Bool { state.withLock { $0.replaceLoses } }
    var failsCodes: Bool { state.withLock { $0.codesFail } }

    func interleave() async {
        let body = state.withLock { state in
            defer { state.beforeLedger = nil }
            return state.beforeLedger
        }
        await body?()
    }

    func waitAtGate() async { await state.withLock { $0.gate }?.wait() }
}

/// Holds callers until it is opened.
actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func wait() async {
        guard !isOpen else { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}

/// A clock whose trust a test takes away.
final class SwitchedClockHealth: ClockHealth {
    private let state = Atomic<Bool>(true)
    var isTrustworthy: Bool { state.load(ordering: .relaxed) }
    func trust(_ value: Bool) { state.store(value, ordering: .relaxed) }
}

/// Counts what the use cases report.
final class CountingObserver: ServiceObserver {
    private struct State {
        var evaluated: [BudgetKind: Int] = [:]
        var judged: [BudgetKind: Int] = [:]
        var locked: [LockCause] = []
        var outcomes: [SignInOutcome: Int] = [:]
        var unreadable = 0
    }

    private let state = Mutex(State())

    func evaluated(_ kind: BudgetKind) -> Int { state.withLock { $0.evaluated[kind] ?? 0 } }
    func judged(_ kind: BudgetKind) -> Int { state.withLock { $0.judged[kind] ?? 0 } }
    func count(_ outcome: SignInOutcome) -> Int { state.withLock { $0.outcomes[outcome] ?? 0 } }
    var locks: [LockCause] { state.withLock { $0.locked } }
    var unreadable: Int { state.withLock { $0.unreadable } }

    func evaluating(_ kind: BudgetKind) { state.withLock { $0.evaluated[kind, default: 0] += 1 } }
    func judgedFailure(_ kind: BudgetKind) { state.withLock { $0.judged[kind, default: 0] += 1 } }
    func locked(_ cause: LockCause) { state.withLock { $0.locked.append(cause) } }
    func signIn(_ outcome: SignInOutcome) { state.withLock { $0.outcomes[outcome, default: 0] += 1 } }
    func secretUnreadable(_ authenticator: AuthenticatorID) { state.withLock { $0.unreadable += 1 } }
}
