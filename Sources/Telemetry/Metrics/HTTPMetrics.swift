internal import Synchronization

/// Requests by route, method and status.
///
/// Templates and methods come from route tables: no raw path becomes a label.
package final class HTTPMetrics: Sendable {
    /// A route of the tables that the listeners serve.
    package struct Route: Hashable, Sendable {
        /// The method in capitals.
        package let method: String
        /// The template: `/v1/sign-ins/{id}`.
        package let template: String

        /// Names a route.
        package init(method: String, template: String) {
            self.method = method
            self.template = template
        }
    }

    /// The cells of one route; look it up once, record at each request.
    package final class RouteMetrics: Sendable {
        private let seconds: Histogram
        private let counters: [Int: Counter]
        private let other: Counter

        fileprivate init(_ registry: MetricsRegistry, _ route: Route, seconds: Histogram) {
            self.seconds = seconds
            func counter(_ status: String) -> Counter {
                registry.sparseCounter(
                    "otpd_http_requests_total", help: "Answered requests.",
                    labels: [
                        MetricLabel("route", route.template), MetricLabel("method", route.method),
                        MetricLabel("status", status),
                    ])
            }
            counters = Dictionary(uniqueKeysWithValues: HTTPMetrics.statuses.map { ($0, counter("\($0)")) })
            other = counter("other")
        }

        /// Records one answer.
        ///
        /// - Parameters:
        ///   - status: The status sent.
        ///   - duration: From the last byte of the request to the handing over of the answer.
        package func record(status: Int, duration: Duration) {
            (counters[status] ?? other).add()
            seconds.observe(duration)
        }
    }

    /// The statuses that have a counter of their own.
    static let statuses = [
        200, 201, 202, 204, 304, 400, 401, 403, 404, 405, 408, 409, 410, 413, 415, 422, 429, 431, 500, 503,
    ]

    private struct Cells {
        var routes: [Route: RouteMetrics] = [:]
        var histograms: [String: Histogram] = [:]
    }

    private let registry: MetricsRegistry
    private let cells = Mutex(Cells())

    init(_ registry: MetricsRegistry) {
        self.registry = registry
    }

    /// The cells of a route, made at its first request.
    package func route(method: String, template: String) -> RouteMetrics {
        let route = Route(method: method, template: template)
        return cells.withLock { cells in
            if let known = cells.routes[route] { return known }
            let histogram =
                cells.histograms[template]
                ?? registry.histogram(
                    "otpd_http_request_seconds", help: "Time from a whole request to its answer.",
                    labels: [MetricLabel("route", template)])
            cells.histograms[template] = histogram
            let made = RouteMetrics(registry, route, seconds: histogram)
            cells.routes[route] = made
            return made
        }
    }
}

/// The cells of one listener's routes by their places, each found by its names once.
package final class RouteCells: Sendable {
    private final class Slot: Sendable {
        let cells = AtomicLazyReference<HTTPMetrics.RouteMetrics>()
    }

    private let metrics: HTTPMetrics
    private let routes: [(method: String, template: String)]
    private let found: [Slot]

    /// Makes the table of a listener's routes; nothing is registered before a route is called.
    package init(_ metrics: HTTPMetrics, routes: [(method: String, template: String)]) {
        self.metrics = metrics
        self.routes = routes
        found = routes.map { _ in Slot() }
    }

    /// The cells of the route at a place.
    package subscript(place: Int) -> HTTPMetrics.RouteMetrics {
        if let known = found[place].cells.load() { return known }
        let (method, template) = routes[place]
        return found[place].cells.storeIfNil(metrics.route(method: method, template: template))
    }
}
