/// Why the server itself refused a request.
package enum LineRefusal: String, CaseIterable, Sendable {
    /// A line, the request or the number of its lines is over the limit.
    case tooLarge = "too_large"
    /// A control character in a line, or no line at all.
    case malformed
    /// The request was not complete in time.
    case late
    /// The handler did not answer in time.
    case overdue
}

/// Answers requests that are made of lines and end with an empty one.
package protocol LineHandler: Sendable {
    /// Answers one request; the lines come without their ends and hold no control characters but TAB.
    ///
    /// - Returns: The bytes to send; the connection then waits for the next request.
    func respond(to lines: [[UInt8]]) async -> [UInt8]

    /// What a client is told whose request was refused; the connection then ends.
    func refusal(_ reason: LineRefusal) -> [UInt8]
}
