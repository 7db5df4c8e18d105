internal import AuthService
internal import Reactor

/// Folds the log into the database beside the writer, so that no commit has to wait for it.
///
/// A pass never keeps anybody waiting. It cannot have the log begin anew while commits follow each other, though:
/// that takes a moment at which all of it is folded and nobody reads from it. So when the log is long, the writer
/// itself folds the little that the passes have left.
///
/// What a checkpoint fails with concerns no commit: those are in the log already, from which everybody reads until
/// they are folded. It is told, and tried again when the log has grown.
final class Checkpointer: Sendable {
    private let pool: WorkerPool<CheckpointConnection>
    // A POSIX lock and not a `Mutex`, as for the backlog of the writer.
    private let plan: Monitor<CheckpointPlan>
    private let observer: StoreObserver

    /// Starts the thread, which opens its connection when the log has grown.
    init(file: DatabaseFile, bounds: CheckpointBounds, observer: StoreObserver) {
        pool = WorkerPool(name: "sql-checkpoint", threads: 1, queueLimit: 1) { _ in CheckpointConnection(file: file) }
        plan = Monitor(CheckpointPlan(bounds))
        self.observer = observer
    }

    /// Does what a log of a length calls for; to be called on the writer's thread, after its callers have their
    /// answers.
    func tend(logOf length: Int, from writer: SQLiteConnection) {
        switch plan.withLock({ $0.committed(length: length) }) {
        case .nothing: return
        case .pass:
            // Refused only while closing, when the last connection folds everything.
            _ = pool.submit { [self] in pass(on: &$0) }
        case .restart:
            let checkpoint = attempt { try writer.restartLog() }
            plan.withLock { $0.restarted(checkpoint) }
        }
    }

    /// Ends the thread after the pass under way; blocks until then.
    func close() { pool.shutdown() }

    private func pass(on connection: inout CheckpointConnection) {
        while true {
            let checkpoint = attempt { try connection.opened().foldLogUnnoticed() }
            guard plan.withLock({ $0.passed(checkpoint) }) else { return }
        }
    }

    private func attempt(_ body: () throws -> Checkpoint?) -> Checkpoint? {
        do {
            let checkpoint = try body()
            if let checkpoint { observer.checkpoint(.success(checkpoint.length)) }
            return checkpoint
        } catch {
            observer.checkpoint(.failure(StoreUnavailable(error)))
            return nil
        }
    }
}

/// The thread's connection, opened when it is first needed: commands that write a few rows never need it.
private struct CheckpointConnection: ~Copyable {
    let file: DatabaseFile
    private var connection: SQLiteConnection?

    init(file: DatabaseFile) {
        self.file = file
    }

    mutating func opened() throws -> SQLiteConnection {
        if let connection { return connection }
        let opened = try file.checkpointer()
        connection = opened
        return opened
    }
}
