internal import CMicrohttpd
internal import Reactor

/// What becomes of a connection while its handler runs.
///
/// To suspend one costs two system calls and a second look at its socket when it is resumed, a tenth of a short
/// request. So it is parked at first: left to the library without an answer, which asks for it with each run. For
/// the library that is work to do, and its word that there is none of another kind cannot be had; so what is parked
/// is soon suspended after all, and whoever waits longer (for a hash, for a disk) costs the loop nothing.
extension Engine {
    /// How long a connection stays parked; a shared counter answers in a tenth of that.
    private static let parkingTime = Duration.milliseconds(10)
    /// How many are looked at with each run.
    private static let parkingPlaces = 256

    /// Leaves a connection without an answer; from within the call that could have given one.
    func park(_ record: ConnectionRecord) {
        guard parked < Self.parkingPlaces else { return suspend(record) }
        record.isParked = true
        parked += 1
    }

    /// Notes that a connection waits no longer, or no longer parked.
    func unpark(_ record: ConnectionRecord) {
        guard record.isParked else { return }
        record.isParked = false
        parked -= 1
    }

    /// The library asks for the answer of a parked connection.
    func lookIn(_ record: ConnectionRecord) -> MHD_Result {
        guard isClearing else { return .YES }
        unpark(record)
        suspend(record)
        hasStirred = true
        return .YES
    }

    /// Sees to it that what is parked now is suspended if its answer is not there soon.
    func clearLater() {
        guard clearing == nil else { return }
        clearing = loop.schedule(after: Self.parkingTime) { [self] in
            clearing = nil
            isClearing = true
            run()
            isClearing = false
        }
    }

    /// Gives the connections whose answer is there back to the library, all in one run.
    ///
    /// At the end of the turn and never from within a callback: a connection that is resumed by the callback that
    /// suspended it stalls.
    func handOver() {
        guard !answered.isEmpty else { return }
        resume(answered)
        answered.removeAll(keepingCapacity: true)
        run()
    }

    /// Resumes those that are suspended.
    func resume(_ records: [ConnectionRecord]) {
        for record in records where record.isSuspended {
            record.isSuspended = false
            MHD_resume_connection(record.connection)
        }
    }

    /// A client has left a parked connection: its handler goes on, as that of a suspended one does, and counts until
    /// it ends, so that nobody has more at work by leaving.
    func desert(_ record: ConnectionRecord) {
        guard let task = record.task else { return }
        deserted[record.serial] = Deserted(task: task, deadline: record.deadline)
        record.isCounted = false
        record.task = nil
    }

    /// A handler whose client has left has ended, and with it maybe what a drain waits for.
    func deserterDone() {
        counters.inFlight.add(-1)
        if isDraining { run() }
    }

    /// A handler at work for a client that has left.
    struct Deserted {
        let task: Task<Void, Never>
        /// When it is cancelled.
        let deadline: ContinuousClock.Instant
    }

    private func suspend(_ record: ConnectionRecord) {
        record.isSuspended = true
        MHD_suspend_connection(record.connection)
    }
}
