/// What became of one request, for log lines and metrics: nothing of its path, query or body.
package struct AnsweredRequest: Sendable {
    /// The value of `template` for a request that no route matched.
    package static let unmatched = "unmatched"
    /// The value of `method` for one that is not in the list of methods.
    package static let otherMethod = "other"

    /// The request id, as in the answer's `X-Request-Id`.
    package let requestID: String
    /// The listener: `service` or `admin`.
    package let listener: String
    /// The route's path template, or `unmatched`.
    package let template: String
    /// The method, from a closed list.
    package let method: String
    /// The route's place among the listener's routes; nil where none was found.
    package let number: Int?
    /// The status of the answer.
    package let status: Int
    /// From handing the request over to the answer.
    package let duration: Duration
    /// The name of the calling system, if it proved itself.
    package let client: String?
    /// The problem that was answered; nil for success.
    package let problem: ProblemCode?
    /// What is down or full when the service is unavailable: for the log, never answered.
    package let reason: String?
}
