import AuthDomain

/// Everything the use cases reach the world through, built once by the composition root.
///
/// A class, because every use case holds it: a copy of all its ports would be made for each call.
package final class ServicePorts: Sendable {
    /// Reads accounts.
    package let accounts: any AccountReader
    /// Judges failures.
    package let judge: any FailureJudge
    /// Commits sign-in steps.
    package let ledger: any SignInLedger
    /// Commits operators' acts.
    package let operators: any OperatorStore
    /// The desk's records.
    package let desk: any DeskStore
    /// Calls that their client gave a name.
    package let calls: any CallMemory
    /// The regulation's clocks; the process's one.
    package let deadlines: DeadlineKeeper
    /// Takes places in budgets; waits while they are busy.
    package let budget: any AttemptBudget
    /// Keeps sign-ins.
    package let signIns: any SignInStore
    /// Rate buckets.
    package let throttle: any Throttle
    /// Slow hashes.
    package let hasher: any PasswordHasher
    /// Sealed secrets.
    package let box: any SecretBox
    /// Keyed digests.
    package let digest: any KeyedDigest
    /// HMACs of one-time codes.
    package let codes: any OneTimeCodeMAC
    /// Assertions.
    package let signer: any TokenSigner
    /// Wall time.
    package let clock: any WallClock
    /// Whether it can be trusted.
    package let clockHealth: any ClockHealth
    /// Randomness.
    package let random: any RandomSource
    /// Metrics and notes.
    package let observer: any ServiceObserver
    /// Codes by SMS; nil for an instance that sends none.
    package let sms: SMSPorts?

    /// Collects the ports.
    package init(
        accounts: any AccountReader, judge: any FailureJudge, ledger: any SignInLedger, operators: any OperatorStore,
        desk: any DeskStore, calls: any CallMemory, deadlines: DeadlineKeeper, budget: any AttemptBudget,
        signIns: any SignInStore, throttle: any Throttle, hasher: any PasswordHasher,
        box: any SecretBox, digest: any KeyedDigest, codes: any OneTimeCodeMAC, signer: any TokenSigner,
        clock: any WallClock, clockHealth: any ClockHealth, random: any RandomSource, observer: any ServiceObserver,
        sms: SMSPorts? = nil
    ) {
        self.accounts = accounts
        self.judge = judge
        self.ledger = ledger
        self.operators = operators
        self.desk = desk
        self.calls = calls
        self.deadlines = deadlines
        self.budget = budget
        self.signIns = signIns
        self.throttle = throttle
        self.hasher = hasher
        self.box = box
        self.digest = digest
        self.codes = codes
        self.signer = signer
        self.clock = clock
        self.clockHealth = clockHealth
        self.random = random
        self.observer = observer
        self.sms = sms
    }
}
