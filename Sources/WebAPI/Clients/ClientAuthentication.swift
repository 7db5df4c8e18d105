internal import AuthDomain
import AuthService
import HTTPServer

/// Finds out which system calls, and whether it may (api.md, conventions).
struct ClientAuthentication: Sendable {
    /// The longest `Authorization` field that is read, in bytes.
    private static let fieldLimit = 256
    private static let actorLimit = 100

    let directory: ClientDirectory

    /// The client of a request, allowed to make it; nil for a route that is open.
    func client(_ request: HTTPRequest, _ access: RouteAccess) async throws(Problem) -> ClientDirectory.Client? {
        switch access {
        case .open: return nil
        case .anyClient: return try await authenticate(Self.bearerKey(request))
        case .scopes(let needed): return try await authenticate(Self.bearerKey(request), needed)
        case .keyed(let needed, let key): return try await authenticate(key(request), [needed])
        }
    }

    private func authenticate(
        _ key: String?, _ needed: [ClientScope]
    ) async throws(Problem) -> ClientDirectory.Client {
        let client = try await authenticate(key)
        guard client.scopes.contains(where: needed.contains) else { throw Problem.forbidden(needed: needed) }
        return client
    }

    private func authenticate(_ key: String?) async throws(Problem) -> ClientDirectory.Client {
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

    private static func bearerKey(_ request: HTTPRequest) -> String? {
        let fields = request.headers.all("Authorization")
        guard fields.count == 1, let field = fields.first, field.utf8.count <= fieldLimit else { return nil }
        let parts = field.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: true)
        guard parts.count == 2, let scheme = String(parts[0]), scheme.lowercased() == "bearer" else { return nil }
        return String(parts[1])
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
