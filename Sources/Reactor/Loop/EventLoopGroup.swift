internal import Synchronization

/// The loops of a process, one thread each.
package final class EventLoopGroup: Sendable {
    /// The loops, in the order of their index.
    package let loops: [EventLoop]

    private let threads: [NamedThread]
    private let cursor = Atomic<Int>(0)
    private let isStopped = Atomic<Bool>(false)

    /// Starts the loops.
    ///
    /// - Parameters:
    ///   - count: How many loops, at least 1; one for each core is the rule.
    ///   - name: Names the threads `name-0`, `name-1` …; the kernel keeps 15 bytes.
    package init(count: Int, name: String) {
        precondition(count > 0, "a group needs a loop")
        let loops = (0..<count).map(EventLoop.init(index:))
        self.loops = loops
        threads = loops.map { loop in NamedThread(name: "\(name)-\(loop.index)") { loop.run() } }
    }

    /// The loops in turn, for work that belongs to none of them; callable from any thread.
    package func next() -> EventLoop {
        let (value, _) = cursor.wrappingAdd(1, ordering: .relaxed)
        return loops[Int(UInt(bitPattern: value) % UInt(loops.count))]
    }

    /// Ends the loops after the work they hold and joins their threads; blocks until they have ended.
    ///
    /// Must not be called from a loop's thread. Work handed in afterwards never runs, so pools that resume tasks on
    /// these loops are shut down first. A second call returns at once.
    package func shutdown() {
        guard !isStopped.exchange(true, ordering: .acquiringAndReleasing) else { return }
        precondition(!loops.contains(where: \.isCurrent), "a loop cannot join itself")
        for loop in loops { loop.requestStop() }
        for thread in threads { thread.join() }
    }
}
