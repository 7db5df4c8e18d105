/// The bounds that a line server keeps against its clients.
package struct LineLimits: Sendable {
    /// The longest line of a request, in bytes, without its end.
    package var maxLineBytes = 4_096
    /// The longest request, in bytes, line ends included.
    package var maxRequestBytes = 16 * 1_024
    /// The most lines of a request.
    package var maxLines = 100
    /// From the first byte of a request to its end, however slowly the bytes drip.
    package var requestDeadline = Duration.seconds(10)
    /// From the end of a request to its answer; then the handler's `overdue` goes out and the handler is cancelled.
    package var answerDeadline = Duration.seconds(3)
    /// From an answer, or the connection, to the next request.
    ///
    /// Longer than the five minutes after which Postfix drops an idle connection by itself.
    package var idleTimeout = Duration.seconds(360)
    /// The most open connections, all loops together.
    ///
    /// One more takes the place of the connection that has been idle longest; where none is idle it is closed at once.
    package var maxConnections = 2_048

    /// The defaults.
    package init() {}

    /// How often deadlines are looked at: a quarter of the shortest, within 10 to 500 ms.
    var sweepInterval: Duration {
        max(.milliseconds(10), min(.milliseconds(500), min(requestDeadline, answerDeadline, idleTimeout) / 4))
    }
}
