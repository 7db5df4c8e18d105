/// Finds the route of a request among the routes of one listener.
struct RouteTable: Sendable {
    /// What a path and a method lead to.
    enum Match: Sendable {
        /// The number is the route's place in `routes`.
        case route(Route, number: Int, parameters: [Parameter])
        case wrongMethod(template: String, allowed: [String])
        case none
    }

    /// One parameter in the path, still encoded.
    struct Parameter: Sendable {
        let name: String
        let encoded: Substring
    }

    /// One template with the routes of its methods.
    private struct Resource: Sendable {
        enum Segment: Sendable {
            case word(String)
            case parameter(String)
        }

        let template: String
        let segments: [Segment]
        var routes: [(route: Route, number: Int)]
    }

    /// The longest path that is looked up, in bytes: two parameters at their limit, fully encoded.
    private static let pathLimit = 2_048

    /// All routes, in the order of the table.
    let routes: [Route]
    private let fixed: [String: Resource]
    private let templated: [Resource]

    /// Arranges routes; two with the same method and template are a mistake of the table.
    init(_ routes: [Route]) {
        self.routes = routes
        var resources: [Resource] = []
        for (number, route) in routes.enumerated() {
            if let index = resources.firstIndex(where: { $0.template == route.template }) {
                let isTaken = resources[index].routes.contains { $0.route.method == route.method }
                precondition(!isTaken, "one route per method")
                resources[index].routes.append((route, number))
            } else {
                let segments = Self.split(route.template).map { text in
                    text.first == "{"
                        ? Resource.Segment.parameter(String(text.dropFirst().dropLast())) : .word(String(text))
                }
                resources.append(Resource(template: route.template, segments: segments, routes: [(route, number)]))
            }
        }
        func isFixed(_ resource: Resource) -> Bool { !resource.template.contains("{") }
        fixed = Dictionary(uniqueKeysWithValues: resources.filter(isFixed).map { ($0.template, $0) })
        templated = resources.filter { !isFixed($0) }
    }

    /// The route for a path as sent; words are compared as they are, so that each route has one spelling.
    func match(method: String, path: String) -> Match {
        if let resource = fixed[path] { return choose(resource, method, []) }
        guard path.utf8.count <= Self.pathLimit else { return .none }
        let segments = Self.split(path)
        for resource in templated {
            if let parameters = Self.parameters(resource, segments) { return choose(resource, method, parameters) }
        }
        return .none
    }

    private func choose(_ resource: Resource, _ method: String, _ parameters: [Parameter]) -> Match {
        for (route, number) in resource.routes where route.method.rawValue == method {
            return .route(route, number: number, parameters: parameters)
        }
        return .wrongMethod(
            template: resource.template, allowed: resource.routes.map(\.route.method.rawValue).sorted())
    }

    private static func split(_ path: String) -> [Substring] {
        path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    }

    private static func parameters(_ resource: Resource, _ segments: [Substring]) -> [Parameter]? {
        guard resource.segments.count == segments.count else { return nil }
        var parameters: [Parameter] = []
        for (expected, found) in zip(resource.segments, segments) {
            switch expected {
            case .word(let word): guard found == word else { return nil }
            case .parameter(let name):
                guard !found.isEmpty else { return nil }
                parameters.append(Parameter(name: name, encoded: found))
            }
        }
        return parameters
    }
}
