import AuthDomain
import AuthService
import HTTPServer

/// One request that found its route and may be made.
struct Call: Sendable {
    let request: HTTPRequest
    let requestID: String
    let language: Language
    /// The calling system; nil on open routes.
    let client: ClientDirectory.Client?
    /// The named person behind it, if told.
    let actor: String?
    /// The path's parameters, decoded.
    let parameters: [String: String]
    let query: QueryItems

    /// A parameter of the path; every name in the template is there.
    func parameter(_ name: String) -> String { parameters[name] ?? "" }

    /// The fields of the body.
    ///
    /// - Throws: 415 for a body that is not sent as JSON, 400 for one that is none.
    func body() throws(Problem) -> FieldReader {
        if !request.body.isEmpty {
            guard Self.isJSON(request.header("Content-Type")) else { throw Problem.wrongMediaType }
        }
        return try FieldReader(body: request.body)
    }

    /// Where the call came from, for the record.
    func provenance(entry: String, person: PersonalClient? = nil) -> Provenance {
        Provenance(
            client: client?.name ?? "", actor: actor, clientAddress: person?.address.text,
            userAgent: person?.userAgent, requestID: requestID, entry: entry)
    }

    /// `application/json`, with no parameter but a `charset` of UTF-8.
    private static func isJSON(_ field: String?) -> Bool {
        if field == "application/json" { return true }
        guard let field, field.utf8.count <= 128 else { return false }
        let parts = field.lowercased().split(separator: ";", omittingEmptySubsequences: false)
            .map { $0.filter { $0 != " " && $0 != "\t" } }
        guard parts.first == "application/json" else { return false }
        return parts.dropFirst().allSatisfy { $0.isEmpty || $0 == "charset=utf-8" || $0 == "charset=\"utf-8\"" }
    }
}
