internal import CLinux
internal import Glibc
internal import Synchronization

/// One thread with its event base, which runs Swift tasks, closures, timers and descriptor events.
///
/// As a task executor it carries request handlers (`Task(executorPreference: loop)`); as a serial executor it
/// carries actors that are pinned to it. Work of both kinds runs in the loop's drain, never at the same time.
package final class EventLoop: TaskExecutor, SerialExecutor, Sendable {
    /// The place of the loop in its group, from 0.
    package let index: Int

    // A POSIX lock and not a `Mutex`: ThreadSanitizer does not see the contended path of the latter.
    let inbox = Monitor(LoopInbox())
    private let wakeDescriptor: Int32
    private let lagNanoseconds = Atomic<Int64>(0)

    // Unsafe because the class is not Sendable: it is made here, handed to the loop's thread when that starts,
    // and from then on reached only through `core`, which checks the thread.
    private nonisolated(unsafe) let confined: LoopCore

    init(index: Int) {
        self.index = index
        wakeDescriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        // Loops are made at start only; a process without descriptors cannot serve.
        precondition(wakeDescriptor >= 0, "eventfd failed")
        confined = LoopCore(wakeDescriptor: wakeDescriptor)
    }

    deinit {
        close(wakeDescriptor)
    }

    /// The loop whose thread this is; `nil` on any other thread.
    package static var current: EventLoop? {
        guard let pointer = LoopThread.pointer else { return nil }
        return Unmanaged<EventLoop>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// Whether the caller runs on this loop's thread.
    package var isCurrent: Bool {
        LoopThread.pointer == UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
    }

    /// How late the last periodic tick ran: the time a new event waits behind work on this loop.
    package var lag: Duration { .nanoseconds(lagNanoseconds.load(ordering: .relaxed)) }

    /// The state that only the loop's thread may touch.
    var core: LoopCore {
        precondition(isCurrent, "reached off the loop's thread")
        return confined
    }

    // MARK: Work from any thread

    /// Runs a closure on the loop; callable from any thread, dropped once the loop has ended.
    package func execute(_ body: @escaping @Sendable () -> Void) {
        submit(.closure(body))
    }

    /// Takes a job of the Swift runtime; callable from any thread.
    package func enqueue(_ job: consuming ExecutorJob) {
        submit(.job(UnownedJob(job)))
    }

    /// Stops the program when the caller is not on the loop's thread.
    package func checkIsolated() {
        precondition(isCurrent, "not on the event loop")
    }

    /// Whether the caller is on the loop's thread, for the runtime's isolation checks.
    package func isIsolatingCurrentContext() -> Bool? { isCurrent }

    private func submit(_ item: LoopItem) {
        if isCurrent {
            // The loop drains before it sleeps, so its own thread never needs to wake it.
            inbox.withLock { $0.append(item) }
        } else if inbox.withLock({ $0.appendAndClaimWake(item) }) {
            var one: UInt64 = 1
            write(wakeDescriptor, &one, 8)
        }
    }

    // MARK: Timers, descriptors, hooks

    /// Runs a closure on the loop after a delay; callable from any thread.
    ///
    /// The clock is the kernel's coarse one: a timer may fire up to one kernel tick (4 ms) early.
    @discardableResult
    package func schedule(after delay: Duration, _ body: @escaping @Sendable () -> Void) -> LoopTimer {
        let timer = LoopTimer(loop: self, body: body)
        if isCurrent {
            confined.arm(timer, delay: delay)
        } else {
            let due = ContinuousClock.now + delay
            execute { [self] in core.arm(timer, delay: ContinuousClock.now.duration(to: due)) }
        }
        return timer
    }

    /// Calls a closure in each turn in which the descriptor can be read; on the loop's thread only.
    ///
    /// The watch holds until it is closed; the descriptor must stay open until then.
    package func watchReadable(descriptor: Int32, _ body: @escaping @Sendable () -> Void) -> DescriptorWatch {
        let watch = DescriptorWatch(loop: self, body: body)
        core.arm(watch, descriptor: descriptor)
        return watch
    }

    /// Calls a closure at the end of each turn, after the last job of the turn and before the loop sleeps.
    ///
    /// Meant for work that is gathered during a turn and flushed once; on the loop's thread only.
    @discardableResult
    package func onTurnEnd(_ body: @escaping @Sendable () -> Void) -> TurnEndHook {
        let hook = TurnEndHook(loop: self, body: body)
        core.hooks.append(hook)
        return hook
    }

    /// Lends the libevent `event_base` to a C adapter; on the loop's thread only.
    ///
    /// Events made on it must be freed before the loop is shut down.
    package func withEventBase<Result>(_ body: (UnsafeMutableRawPointer) -> Result) -> Result {
        body(UnsafeMutableRawPointer(core.base))
    }

    func record(lag: Duration) {
        let (seconds, attoseconds) = max(lag, .zero).components
        lagNanoseconds.store(seconds * 1_000_000_000 + attoseconds / 1_000_000_000, ordering: .relaxed)
    }
}

/// A piece of work for a loop.
enum LoopItem: Sendable {
    case job(UnownedJob)
    case closure(@Sendable () -> Void)
}

/// What other threads see of a loop: the work handed in, and whether the loop must be woken for more.
struct LoopInbox: Sendable {
    var items: [LoopItem] = []
    var isAsleep = false
    private(set) var isClosed = false

    mutating func append(_ item: LoopItem) {
        guard !isClosed else { return }
        items.append(item)
    }

    /// Adds work; true when the caller is the one who has to wake the loop.
    mutating func appendAndClaimWake(_ item: LoopItem) -> Bool {
        append(item)
        defer { isAsleep = false }
        return isAsleep
    }

    mutating func close() {
        isClosed = true
    }
}
