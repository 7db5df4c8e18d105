internal import Glibc

/// The pipe that carries signals from their handler to the thread that waits for them.
private nonisolated(unsafe) var signalPipe: (reading: Int32, writing: Int32) = (-1, -1)

// A handler may only call what is safe in a signal: write(2) is. The pipe is set before any handler is installed and
// never changed afterwards.
private func noteSignal(_ number: Int32) {
    var byte = UInt8(truncatingIfNeeded: number)
    _ = write(signalPipe.writing, &byte, 1)
}

/// Waits for the signal that ends the service.
enum TerminationSignal {
    /// Begins to catch SIGTERM and SIGINT, and ignores SIGPIPE; call once, before anything listens.
    static func install() {
        var descriptors: [Int32] = [-1, -1]
        guard pipe(&descriptors) == 0 else { return }
        signalPipe = (descriptors[0], descriptors[1])
        signal(SIGTERM, noteSignal)
        signal(SIGINT, noteSignal)
        signal(SIGPIPE, SIG_IGN)
        // A parent may have started this process with them blocked, and they would never arrive.
        var awaited = sigset_t()
        sigemptyset(&awaited)
        sigaddset(&awaited, SIGTERM)
        sigaddset(&awaited, SIGINT)
        pthread_sigmask(SIG_UNBLOCK, &awaited, nil)
    }

    /// Blocks the calling thread until one comes; a second one ends the process at once.
    static func wait() {
        var byte: UInt8 = 0
        while read(signalPipe.reading, &byte, 1) < 0, errno == EINTR {}
        signal(SIGTERM, SIG_DFL)
        signal(SIGINT, SIG_DFL)
    }
}
