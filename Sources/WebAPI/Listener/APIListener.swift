internal import AuthDomain
internal import AuthService
package import HTTPServer

/// Answers the requests of one listener: finds the route, the caller and the language, and adds what every answer has.
package final class APIListener: HTTPHandler {
    /// What is done around one call, with its request id; for task-local values of the log.
    package typealias Scope =
        @Sendable (_ requestID: String, _ call: @Sendable () async -> HTTPResponse) async ->
        HTTPResponse

    private let name: String
    private let table: RouteTable
    private let liveness: Found
    private let authentication: ClientAuthentication
    private let named: NamedCalls
    private let ids: RequestIDs
    private let scope: Scope
    private let answered: @Sendable (AnsweredRequest) -> Void

    init(
        name: String, routes: [Route], clients: ClientDirectory, named: NamedCalls, ids: RequestIDs,
        scope: @escaping Scope, answered: @escaping @Sendable (AnsweredRequest) -> Void
    ) {
        self.name = name
        let table = RouteTable(routes)
        self.table = table
        liveness = Found(table, path: HealthRoutes.livenessPath)
        authentication = ClientAuthentication(directory: clients)
        self.named = named
        self.ids = ids
        self.scope = scope
        self.answered = answered
    }

    /// The method and path template of every route, for metrics that know their labels at start.
    package var routes: [(method: String, template: String)] {
        table.routes.map { ($0.method.rawValue, $0.template) }
    }

    /// The table, with who may call what.
    var routeTable: RouteTable { table }

    /// Liveness waits for nothing, so it is answered in the engine's turn.
    package func respondImmediately(to request: HTTPRequest) -> HTTPResponse? {
        guard request.method == "GET", request.path == HealthRoutes.livenessPath else { return nil }
        return finish(HealthRoutes.alive, Record(request, ids: ids), liveness, client: nil)
    }

    /// Answers one request.
    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        let record = Record(request, ids: ids)
        return await scope(record.id) {
            switch table.match(method: request.method, path: request.path) {
            case .none:
                return finish(Problem.noRoute.answer(record.language), record, Found(), client: nil)
            case .wrongMethod(let template, let allowed):
                let answer = Problem.wrongMethod(allowed: allowed).answer(record.language)
                return finish(answer, record, Found(template: template), client: nil)
            case .route(let route, let number, let parameters):
                return await respond(to: request, route, number, parameters, record)
            }
        }
    }

    private func respond(
        to request: HTTPRequest, _ route: Route, _ number: Int, _ parameters: [RouteTable.Parameter],
        _ record: Record
    ) async -> HTTPResponse {
        let found = Found(route: route, number: number)
        var client: ClientDirectory.Client?
        do {
            client = try await authentication.client(request, route.access)
            try Self.admit(client, to: route)
            let call = Call(
                request: request, requestID: record.id, language: record.language, client: client,
                actor: client == nil ? nil : try ClientAuthentication.actor(request),
                parameters: try Self.decode(parameters),
                query: try QueryItems(client == nil ? nil : request.query, known: route.query))
            return finish(try await named.answer(call, to: route), record, found, client: client)
        } catch {
            return finish(error.answer(record.language), record, found, client: client)
        }
    }

    /// A key that may only lock calls the routes that lock (R-LOCK-16).
    private static func admit(_ client: ClientDirectory.Client?, to route: Route) throws(Problem) {
        guard client?.lockCauses == nil || route.takesLockingKeys else { throw Problem.locksOnly }
    }

    private static func decode(_ parameters: [RouteTable.Parameter]) throws(Problem) -> [String: String] {
        var decoded: [String: String] = [:]
        for parameter in parameters {
            guard let value = PercentCoding.decode(parameter.encoded.utf8, .target) else {
                throw Problem.invalid(parameter.name, .escape)
            }
            guard (1...320).contains(value.unicodeScalars.count), value.utf8.count <= 1_280 else {
                throw Problem.invalid(parameter.name, .characters(1, 320))
            }
            decoded[parameter.name] = value
        }
        return decoded
    }
}

/// What every answer has, and the note that it was given.
extension APIListener {
    private struct Record: Sendable {
        let id: String
        let method: String
        let language: Language
        let begunAt = ContinuousClock.now

        init(_ request: HTTPRequest, ids: RequestIDs) {
            id = ids.id(request.header("X-Request-Id"))
            method = request.method
            language = LanguageChoice.language(request.header("Accept-Language"))
        }
    }

    /// What was found for a request, as metrics and log lines name it.
    private struct Found: Sendable {
        let template: String
        let method: RouteMethod?
        let number: Int?

        /// No route, maybe because of the method alone.
        init(template: String = AnsweredRequest.unmatched) {
            (self.template, method, number) = (template, nil, nil)
        }

        init(route: Route, number: Int) {
            (template, method, self.number) = (route.template, route.method, number)
        }

        /// What a path without parameters leads to.
        init(_ table: RouteTable, path: String) {
            if case .route(let route, let number, _) = table.match(method: RouteMethod.get.rawValue, path: path) {
                self.init(route: route, number: number)
            } else {
                self.init()
            }
        }
    }

    private func finish(
        _ answer: Answer, _ record: Record, _ found: Found, client: ClientDirectory.Client?
    ) -> HTTPResponse {
        let method = found.method ?? RouteMethod(rawValue: record.method)
        answered(
            AnsweredRequest(
                requestID: record.id, listener: name, template: found.template,
                method: method?.rawValue ?? AnsweredRequest.otherMethod, number: found.number,
                status: answer.status, duration: record.begunAt.duration(to: .now), client: client?.name,
                problem: answer.problem, reason: answer.reason))
        return Self.response(answer, id: record.id, language: record.language)
    }

    /// The same fields in the same order for every answer.
    private static func response(_ answer: Answer, id: String, language: Language) -> HTTPResponse {
        if answer.isBare { return HTTPResponse(status: answer.status, headers: answer.headers, body: answer.body) }
        var headers: [(String, String)] = []
        headers.reserveCapacity(8)
        if let contentType = answer.contentType {
            headers.append(("Content-Type", contentType))
            headers.append(("Content-Language", language.rawValue))
        }
        headers.append(("Cache-Control", "no-store"))
        headers.append(("X-Content-Type-Options", "nosniff"))
        headers.append(("X-Request-Id", id))
        headers += answer.headers
        return HTTPResponse(status: answer.status, headers: headers, body: answer.body)
    }

    /// Shapes the answers that the engine gives itself, before a route is known.
    @Sendable package func refuse(_ refusal: Refusal) -> HTTPResponse {
        let isMalformed = refusal.reason == .malformed
        let id = ids.id(isMalformed ? nil : refusal.headers["X-Request-Id"])
        let language = LanguageChoice.language(isMalformed ? nil : refusal.headers["Accept-Language"])
        let answer = Problem(refusal.reason).answer(language)
        answered(
            AnsweredRequest(
                requestID: id, listener: name, template: AnsweredRequest.unmatched,
                method: refusal.method.flatMap(RouteMethod.init(rawValue:))?.rawValue ?? AnsweredRequest.otherMethod,
                number: nil, status: answer.status, duration: .zero, client: nil, problem: answer.problem,
                reason: answer.reason))
        return Self.response(answer, id: id, language: language)
    }
}
