internal import AuthService
package import HTTPServer

/// A route that another target brings: this one finds the caller, counts and logs, the other answers.
///
/// Its answer goes out as it is, so that a program that counts the bytes of a header gets none it did not ask for.
package struct MountedRoute: Sendable {
    /// What a mounted route answers.
    package enum Answer: Sendable {
        /// Sent as it is.
        case response(HTTPResponse)
        /// 400: the field and what is expected of it.
        case invalid(field: String, expected: String)
        /// 415: the type that is taken.
        case wrongMediaType(expected: String)
        /// 503: what is down, for the log alone.
        case unavailable(reason: String)
    }

    /// What it does with a request of a client, whose name and request id are told.
    package typealias Action =
        @Sendable (_ request: HTTPRequest, _ client: String, _ requestID: String) async -> Answer

    let route: Route

    /// Mounts a route for clients with the scope `mail`; a method that no listener knows is a mistake of the caller.
    ///
    /// - Parameters:
    ///   - method: The method in capitals.
    ///   - template: The path.
    ///   - query: Names of the query parameters it knows.
    ///   - key: Where its callers put their client key.
    ///   - action: What it does.
    package init(
        method: String, template: String, query: [String], key: @escaping @Sendable (HTTPRequest) -> ArraySlice<UInt8>?,
        action: @escaping Action
    ) {
        guard let method = RouteMethod(rawValue: method) else { preconditionFailure("a method of the listeners") }
        route = Route(method, template, .keyed(.mail, key), query: query) { (call: Call) async throws(Problem) in
            switch await action(call.request, call.client?.name ?? "", call.requestID) {
            case .response(let response):
                var answer = WebAPI.Answer(status: response.status, contentType: nil, body: response.body)
                answer.headers = response.headers
                answer.isBare = true
                return answer
            case .invalid(let field, let expected): throw Problem.invalid(field, .told(expected, field: field))
            case .wrongMediaType(let expected): throw Problem.wrongMediaType(expected: expected)
            case .unavailable(let reason): throw Problem.unavailable(reason: reason)
            }
        }
    }
}
