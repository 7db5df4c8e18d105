/// The bounds that a server keeps against its clients.
package struct HTTPLimits: Sendable {
    /// The longest body, in bytes, where `bodyLimit` says nothing.
    package var maxBodyBytes = 16 * 1024
    /// The longest body of one route, in bytes, from its method and path; `nil` means `maxBodyBytes`.
    package var bodyLimit: @Sendable (_ method: String, _ path: String) -> Int? = { _, _ in nil }
    /// The most bytes in the names and values of all header fields; should stay below half of `connectionMemory`.
    package var maxHeaderBytes = 8 * 1024
    /// The most header fields.
    package var maxHeaderCount = 100
    /// From the connection, or from the request line on a kept connection, to the end of the header.
    package var headerDeadline = Duration.seconds(10)
    /// From the end of the header to the end of the body.
    package var bodyDeadline = Duration.seconds(10)
    /// From handing a request over to its answer; then 503 goes out and the handler is cancelled.
    package var handlerDeadline = Duration.seconds(30)
    /// From the answer until the client has taken it.
    package var sendDeadline = Duration.seconds(30)
    /// From the end of an answer to the next request line on a kept connection.
    package var idleTimeout = Duration.seconds(75)
    /// The most open connections of the server, all loops together; one more is closed at once.
    package var maxConnections = 10_000
    /// The most open connections from one address; a front on the loopback address counts as one.
    package var maxConnectionsPerAddress = 10_000
    /// The most requests that wait for a handler's answer, all loops together; one more gets 503.
    package var maxRequestsInFlight = 4_096
    /// Bytes of memory for one connection: header, answer header and read buffer.
    ///
    /// 24 KiB hold an 8 KiB header with 100 fields and the answer's header; below 32 KiB the library takes it from
    /// the heap, above by a mapping for each connection.
    package var connectionMemory = 24 * 1024

    /// The defaults.
    package init() {}

    /// How often the deadlines are looked at: a quarter of the shortest, within 10 to 500 ms.
    var sweepInterval: Duration {
        let shortest = min(headerDeadline, bodyDeadline, handlerDeadline, sendDeadline, idleTimeout)
        return max(.milliseconds(10), min(.milliseconds(500), shortest / 4))
    }
}
