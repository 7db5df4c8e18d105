import HTTPServer
import Reactor
import Synchronization

/// Runs a body against a server of its own on a free port, and drains it afterwards.
func withServer(
    loops: Int = 2, limits: HTTPLimits = HTTPLimits(), handler: any HTTPHandler = EchoHandler(),
    _ body: (HTTPServer, Int) async throws -> Void
) async throws {
    let group = EventLoopGroup(count: loops, name: "test-http")
    defer { group.shutdown() }
    let server = try HTTPServer(
        address: "127.0.0.1:0", loops: group.loops, limits: limits,
        refuse: { HTTPResponse(status: $0.status, headers: [("X-Reason", $0.reason.rawValue)], body: [0x21]) },
        handler: handler)
    do {
        try await body(server, server.boundAddress.port)
    } catch {
        await server.drain(deadline: .milliseconds(100))
        throw error
    }
    await server.drain(deadline: .milliseconds(100))
    precondition(server.openConnections == 0 && server.requestsInFlight == 0, "counts must return to zero")
}

/// Answers with what it got: `/now/…` at once, all else by a task.
struct EchoHandler: HTTPHandler {
    func respondImmediately(to request: HTTPRequest) -> HTTPResponse? {
        request.path.hasPrefix("/now") ? echo(request) : nil
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        await Task.yield()
        return echo(request)
    }

    private func echo(_ request: HTTPRequest) -> HTTPResponse {
        let text =
            "\(request.method) \(request.path) \(request.query ?? "-") \(request.body.count) "
            + String(decoding: request.body.prefix(64), as: UTF8.self)
        return HTTPResponse(
            status: 200,
            headers: [("Content-Type", "text/plain"), ("X-Echo", request.header("x-probe") ?? "none")],
            body: Array(text.utf8))
    }
}

/// Holds its requests until it is opened, or until their tasks are cancelled.
final class GatedHandler: HTTPHandler {
    private let isOpen = Atomic<Bool>(false)
    private let count = Atomic<Int>(0)
    private let cancelledCount = Atomic<Int>(0)

    var entered: Int { count.load(ordering: .acquiring) }
    var cancelled: Int { cancelledCount.load(ordering: .acquiring) }

    func open() {
        isOpen.store(true, ordering: .releasing)
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        count.add(1, ordering: .acquiringAndReleasing)
        while !isOpen.load(ordering: .acquiring) {
            if Task.isCancelled {
                cancelledCount.add(1, ordering: .acquiringAndReleasing)
                break
            }
            await withCheckedContinuation { continuation in
                request.loop.schedule(after: .milliseconds(1)) { continuation.resume() }
            }
        }
        return HTTPResponse(status: 200, body: Array("done".utf8))
    }
}

/// Waits until a condition holds; false when it does not within five seconds.
func eventually(_ condition: () -> Bool) async -> Bool {
    let end = ContinuousClock.now + .seconds(5)
    while !condition() {
        guard ContinuousClock.now < end else { return false }
        try? await Task.sleep(for: .milliseconds(1))
    }
    return true
}
