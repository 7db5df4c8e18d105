/// What answers requests; called on the loop that carries the request.
package protocol HTTPHandler: Sendable {
    /// The answer when it can be given at once, without waiting; `nil` to be asked through `respond(to:)`.
    ///
    /// Runs inside the engine's turn: it must not block and costs every connection of the loop its time.
    func respondImmediately(to request: HTTPRequest) -> HTTPResponse?

    /// The answer; runs as a task on the request's loop and is cancelled when its time is over.
    func respond(to request: HTTPRequest) async -> HTTPResponse
}

extension HTTPHandler {
    /// Nothing at once.
    package func respondImmediately(to request: HTTPRequest) -> HTTPResponse? { nil }
}

/// A handler made of one closure.
package struct ClosureHandler: HTTPHandler {
    private let body: @Sendable (HTTPRequest) async -> HTTPResponse

    /// Wraps a closure.
    package init(_ body: @escaping @Sendable (HTTPRequest) async -> HTTPResponse) {
        self.body = body
    }

    /// The closure's answer.
    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        await body(request)
    }
}
