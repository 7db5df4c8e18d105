/// How long the log may get before something is done about it, in pages.
struct CheckpointBounds: Sendable {
    /// How much the log grows from one pass of the checkpointer to the next.
    var passInterval: Int
    /// Beyond it the writer itself has the log begin anew, which a busy one never does by itself.
    ///
    /// Kept under `journal_size_limit`, so that the file keeps its length: a commit into a file that grows costs the
    /// file system a transaction of its own.
    var ceiling: Int

    /// What suits the service: a pass takes a few milliseconds, the log 48 MiB.
    static let standard = CheckpointBounds(passInterval: 1000, ceiling: 12_000)
}

/// What a checkpoint found and did.
struct Checkpoint: Equatable, Sendable {
    /// The length of the log when it began, in pages.
    let length: Int
    /// How much of it is in the database file now.
    let folded: Int
    /// Whether somebody's transaction was in its way.
    let wasBlocked: Bool

    /// How much of the log is still to be folded.
    var rest: Int { length - folded }
}

/// Decides who folds the log into the database when.
///
/// ```
///   committed, grown by an interval ──► the checkpointer makes a pass beside the writer
///        a pass that folds all      ──► the next commit begins the log anew, if nobody committed meanwhile
///        log beyond the ceiling     ──► pass after pass until little is left, then the writer folds that little
///                                       and waits a moment for readers, so that the log begins anew
///        a reader that stays        ──► the ceiling rises by half, for waiting again would bring nothing
/// ```
struct CheckpointPlan {
    /// What is to be done after a commit.
    enum Step: Equatable {
        case nothing
        /// The checkpointer makes passes beside the writer.
        case pass
        /// The writer has the log begin anew.
        case restart
    }

    /// How many passes are made on the way to a short rest before the writer takes what there is.
    private static let passesToClose = 4

    private let bounds: CheckpointBounds
    private var length = 0
    private var nextPass: Int
    private var ceiling: Int
    private var isPassing = false
    private var passes = 0
    // Since the passes under way began.
    private var hasBegunAnew = false
    private var isRestartDue = false

    init(_ bounds: CheckpointBounds) {
        self.bounds = bounds
        nextPass = bounds.passInterval
        ceiling = bounds.ceiling
    }

    /// Hears how long the log is after a commit.
    mutating func committed(length new: Int) -> Step {
        if new < length { begin() }
        length = new
        guard !isPassing else { return .nothing }
        if isRestartDue { return .restart }
        guard length >= nextPass else { return .nothing }
        isPassing = true
        passes = 0
        hasBegunAnew = false
        return .pass
    }

    /// Hears what a pass came to, nil for one that was not made; whether the next one is to follow at once.
    mutating func passed(_ checkpoint: Checkpoint?) -> Bool {
        passes += 1
        nextPass = length + bounds.passInterval
        guard let checkpoint, !hasBegunAnew else { return end() }
        // Another process may have committed since this one did.
        let length = max(length, checkpoint.length)
        guard length >= ceiling else { return end() }
        // What was committed during the pass is left, so each pass leaves less than the one before it.
        let rest = length - checkpoint.folded
        guard rest > bounds.passInterval / 8, passes < Self.passesToClose, !checkpoint.wasBlocked else {
            isRestartDue = true
            return end()
        }
        return true
    }

    /// Hears what the writer's attempt came to; nil when none was made.
    mutating func restarted(_ checkpoint: Checkpoint?) {
        isRestartDue = false
        nextPass = length + bounds.passInterval
        guard checkpoint.map({ $0.wasBlocked || $0.rest > 0 }) ?? true else { return }
        ceiling = max(ceiling, length) * 3 / 2
    }

    private mutating func end() -> Bool {
        isPassing = false
        return false
    }

    /// The log began anew.
    private mutating func begin() {
        nextPass = bounds.passInterval
        ceiling = bounds.ceiling
        isRestartDue = false
        hasBegunAnew = true
    }
}
