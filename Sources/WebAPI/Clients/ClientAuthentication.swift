internal import AuthDomain
import AuthService
import HTTPServer

/// Finds out which system calls, and whether it may (api.md, conventions).
struct ClientAuthentication: Sendable {
    private static let actorLimit = 100

    let directory: ClientDirectory

    /// The client of a request, allowed to make it; nil for a route that is open.
    func client(_ request: HTTPRequest, _ access: RouteAccess) async throws(Problem) -> ClientDirectory.Client? {
        switch access {
        case .open: return nil
        case .anyClient: return try await authenticate(Credentials.bearer(request))
        case .scopes(let needed): return try await authenticate(Credentials.bearer(request), needed)
        case .keyed(let needed, let key): return try await authenticate(key(request), [needed])
        }
    }

    private func authenticate(
        _ key: ArraySlice<UInt8>?, _ needed: [ClientScope]
    ) async throws(Problem) -> ClientDirectory.Client {
        let client = try await authenticate(key)
        guard client.scopes.contains(where: needed.contains) else { throw Problem.forbidden(needed: needed) }
        return client
    }

    private func authenticate(_ key: ArraySlice<UInt8>?) async throws(Problem) -> ClientDirectory.Client {
        guard let key else { throw Problem.unauthenticated }
        let client: ClientDirectory.Client?
        do {
            client = try await directory.client(presenting: key)
        } catch {
            throw Problem(error)
        }
        guard let client else { throw Problem.unauthenticated }
        return client
    }

    /// The named person behind an operator's call, from `X-Actor` (R-ROLE-2): percent-encoded UTF-8.
    static func actor(_ request: HTTPRequest) throws(Problem) -> String? {
        guard let field = request.header("X-Actor") else { return nil }
        guard let actor = PercentCoding.decode(field.utf8, .target) else { throw Problem.invalid("X-Actor", .escape) }
        guard (1...actorLimit).contains(actor.unicodeScalars.count),
            !actor.unicodeScalars.allSatisfy(\.properties.isWhitespace)
        else { throw Problem.invalid("X-Actor", .characters(1, actorLimit)) }
        return actor
    }
}
