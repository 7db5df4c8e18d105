internal import CLinux
internal import Glibc

/// A POSIX thread with a name, started at once and joined by its owner.
///
/// Asynchronous signals are blocked in it, so that the main thread alone receives them.
struct NamedThread: Sendable {
    private let handle: pthread_t

    /// Starts a thread; the name is cut to the 15 bytes that Linux keeps, and 0 is the niceness of the process.
    init(name: String, niceness: Int = 0, _ body: @escaping @Sendable () -> Void) {
        let start = Unmanaged.passRetained(ThreadStart(name: name, niceness: niceness, body: body))
        var handle = pthread_t()
        let result = pthread_create(&handle, nil, threadMain, start.toOpaque())
        // Threads are made at start only; a process that cannot have them cannot serve.
        precondition(result == 0, "pthread_create failed")
        self.handle = handle
    }

    /// Waits for the thread to end; to be called exactly once, from another thread.
    func join() {
        pthread_join(handle, nil)
    }
}

/// What a new thread needs, handed over through its one pointer.
private final class ThreadStart: Sendable {
    let name: String
    let niceness: Int
    let body: @Sendable () -> Void

    init(name: String, niceness: Int, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.niceness = niceness
        self.body = body
    }
}

// A file-level function: a closure literal might carry an isolation check that fails on a foreign thread.
private func threadMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    let start = Unmanaged<ThreadStart>.fromOpaque(context).takeRetainedValue()
    linux_name_this_thread(start.name)
    if start.niceness > 0 { linux_make_this_thread_nicer(Int32(start.niceness)) }
    blockAsynchronousSignals()
    start.body()
    return nil
}

private func blockAsynchronousSignals() {
    var set = sigset_t()
    sigfillset(&set)
    // Faults belong to the thread that makes them and must reach the crash handler.
    for fault in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT] { sigdelset(&set, fault) }
    pthread_sigmask(SIG_BLOCK, &set, nil)
}
