package import HTTPServer

/// A call of a mail server that proved itself.
package struct HookCall: Sendable {
    /// The request.
    package let request: HTTPRequest
    /// The name of the calling mail server.
    package let client: String
    /// The request id.
    package let requestID: String

    /// Makes a call.
    package init(request: HTTPRequest, client: String, requestID: String) {
        self.request = request
        self.client = client
        self.requestID = requestID
    }
}

/// What a hook answers.
package enum HookAnswer: Sendable {
    /// The answer, sent as it is: mail servers count its bytes (nginx takes one kilobyte).
    case response(HTTPResponse)
    /// The request cannot be meant: the field and what is expected of it.
    case invalid(field: String, expected: String)
    /// The body is not of the type that this hook takes.
    case wrongMediaType(expected: String)
    /// Nothing was decided; what is down, for the log alone.
    case unavailable(reason: String)
}

/// One route of the hooks, for the service listener; every one takes a client key of scope `mail`.
package struct HookRoute: Sendable {
    /// What a route does.
    package typealias Action = @Sendable (HookCall) async -> HookAnswer

    /// The method in capitals.
    package let method: String
    /// The path, the label of metrics and log lines.
    package let template: String
    /// Names of the query parameters it knows.
    package let query: [String]
    /// Where the mail server puts its key; nil when there is none.
    package let key: @Sendable (HTTPRequest) -> ArraySlice<UInt8>?
    /// What it does.
    package let action: Action

    init(
        _ method: String, _ template: String, query: [String] = [],
        key: @escaping @Sendable (HTTPRequest) -> ArraySlice<UInt8>?, action: @escaping Action
    ) {
        self.method = method
        self.template = template
        self.query = query
        self.key = key
        self.action = action
    }
}
