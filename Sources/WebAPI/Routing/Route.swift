import AuthService
import HTTPServer

/// The methods of the routes; anything else, also in lower case, has no route.
enum RouteMethod: String, CaseIterable, Sendable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
}

/// Who may call a route.
enum RouteAccess: Sendable {
    /// Anybody who reaches the listener: liveness, readiness, public keys, metrics.
    case open
    /// Every client with a valid key.
    case anyClient
    /// Clients with one of the scopes.
    case scopes([ClientScope])
    /// Clients with a scope whose key is where their program puts it.
    case keyed(ClientScope, @Sendable (HTTPRequest) -> ArraySlice<UInt8>?)
}

/// Whether a call of a route may, or must, name itself with an `Idempotency-Key` (R-API-4).
enum CallNaming: Sendable {
    /// A name is passed over.
    case none
    case optional
    case required
}

/// One route: a method on a path template, who may call it, and what it does.
///
/// A class, so that passing it on for every request copies nothing.
final class Route: Sendable {
    /// What a route does with a call that may be made.
    typealias Action = @Sendable (Call) async throws(Problem) -> Answer

    let method: RouteMethod
    /// The path with parameters in braces, as in openapi.yaml; the label of metrics and log lines.
    let template: String
    let access: RouteAccess
    /// Names of the query parameters it knows.
    let query: [String]
    /// Whether a key that may only lock for some causes may call it (R-LOCK-16).
    let takesLockingKeys: Bool
    /// Whether a call may name itself, so that its repetitions are answered from memory.
    let naming: CallNaming
    let action: Action

    init(
        _ method: RouteMethod, _ template: String, _ access: RouteAccess, query: [String] = [],
        takesLockingKeys: Bool = false, naming: CallNaming = .none, action: @escaping Action
    ) {
        self.method = method
        self.template = template
        self.access = access
        self.query = query
        self.takesLockingKeys = takesLockingKeys
        self.naming = naming
        self.action = action
    }
}
