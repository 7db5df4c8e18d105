extension EventLoop {
    /// How many jobs and closures run before the loop looks for I/O again.
    private static let jobsPerTurn = 256
    /// How many jobs a stopping loop still runs; a task that reschedules itself for ever must not hold up the end.
    private static let jobsAtEnd = 100_000

    /// The body of the loop's thread: turns until `requestStop`, then what is left, then the end.
    func run() {
        LoopThread.pointer = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        let core = core
        core.startTick(self)
        while !core.isStopping {
            drain(core, limit: Self.jobsPerTurn)
            for hook in core.hooks { hook.body() }
            if core.isStopping { break }
            let mayBlock = core.cursor == core.batch.count && fallAsleep()
            core.turn(blocking: mayBlock)
            if mayBlock { inbox.withLock { $0.isAsleep = false } }
        }
        drain(core, limit: Self.jobsAtEnd)
        for hook in core.hooks { hook.body() }
        inbox.withLock { $0.close() }
        core.close()
        LoopThread.pointer = nil
    }

    /// Ends the loop after its current turn; callable from any thread.
    func requestStop() {
        execute { [self] in core.isStopping = true }
    }

    /// Marks the loop as asleep unless work has come in since the drain.
    private func fallAsleep() -> Bool {
        inbox.withLock { inbox in
            inbox.isAsleep = inbox.items.isEmpty
            return inbox.isAsleep
        }
    }

    /// Runs work in order of arrival, including what that work hands in, up to a limit.
    private func drain(_ core: LoopCore, limit: Int) {
        let executor = asUnownedTaskExecutor()
        for _ in 0..<limit {
            if core.cursor == core.batch.count {
                guard refill(core) else { return }
            }
            let item = core.batch[core.cursor]
            core.cursor += 1
            switch item {
            // Run as a task executor's job: a handler then moves between nonisolated functions without a hop.
            // An actor pinned to the loop is still serialised, by the thread, and `checkIsolated` vouches for it.
            case .job(let job): job.runSynchronously(on: executor)
            case .closure(let body): body()
            }
        }
    }

    /// Takes what has come in as the next batch; the two arrays change places, so neither is allocated anew.
    private func refill(_ core: LoopCore) -> Bool {
        core.batch.removeAll(keepingCapacity: true)
        core.cursor = 0
        inbox.withLock { swap(&$0.items, &core.batch) }
        return !core.batch.isEmpty
    }
}
