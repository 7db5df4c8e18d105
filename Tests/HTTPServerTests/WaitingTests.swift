import Glibc
import HTTPServer
import Reactor
import Synchronization
import Testing

@Suite("Connections whose handler waits") struct WaitingTests {
    private static let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test func `a handler that waits lets its loop sleep`() async throws {
        let handler = HeldHandler()
        try await withServer(loops: 1, handler: handler) { _, port in
            let client = try RawClient(port: port)
            client.send(Self.request)
            #expect(await eventually { handler.waiting == 1 })
            let loop = try #require(handler.loop)
            let before = await Self.processorTime(of: loop)
            try await Task.sleep(for: .milliseconds(400))
            #expect(await Self.processorTime(of: loop) - before < .milliseconds(80))
            handler.release()
            #expect(try client.answer()?.body == "released")
        }
    }

    @Test func `more than are looked at with each run are answered all`() async throws {
        let handler = HeldHandler()
        try await withServer(loops: 1, handler: handler) { server, port in
            for round in 1...2 {
                let clients = try (0..<400).map { _ in try RawClient(port: port) }
                for client in clients { client.send(Self.request) }
                #expect(await eventually { handler.waiting == 400 && server.requestsInFlight == 400 })
                // In the second round they have been suspended by then.
                if round == 2 { try await Task.sleep(for: .milliseconds(100)) }
                handler.release()
                for client in clients { #expect(try client.answer()?.body == "released") }
                // Kept connections take a further request.
                for client in clients.prefix(3) { client.send(Self.request) }
                #expect(await eventually { handler.waiting == 3 })
                handler.release()
                for client in clients.prefix(3) { #expect(try client.answer()?.status == 200) }
            }
        }
    }

    @Test(arguments: [0, 100])
    func `a client that leaves while its handler waits leaves nothing behind`(_ milliseconds: Int) async throws {
        let handler = HeldHandler()
        try await withServer(loops: 1, handler: handler) { server, port in
            for _ in 0..<20 {
                let client = try RawClient(port: port)
                client.send(Self.request)
                #expect(await eventually { handler.waiting == 1 })
                try await Task.sleep(for: .milliseconds(milliseconds))
                client.reset()
                // What was begun goes on and counts until it ends.
                try await Task.sleep(for: .milliseconds(5))
                #expect(server.requestsInFlight == 1)
                handler.release()
                #expect(await eventually { server.openConnections == 0 && server.requestsInFlight == 0 })
            }
            let client = try RawClient(port: port)
            client.send(Self.request)
            #expect(await eventually { handler.waiting == 1 })
            handler.release()
            #expect(try client.answer()?.status == 200)
        }
    }

    @Test func `a drain waits for what clients have left behind`() async throws {
        let handler = HeldHandler()
        try await withServer(loops: 1, handler: handler) { server, port in
            let client = try RawClient(port: port)
            client.send(Self.request)
            #expect(await eventually { handler.waiting == 1 })
            client.reset()
            try await Task.sleep(for: .milliseconds(5))
            async let drained: Void = server.drain(deadline: .seconds(5))
            try await Task.sleep(for: .milliseconds(20))
            #expect(server.requestsInFlight == 1)
            handler.release()
            await drained
            #expect(server.requestsInFlight == 0)
        }
    }

    @Test func `bodies are read on while another handler waits`() async throws {
        let handler = HeldHandler()
        var limits = HTTPLimits()
        limits.maxBodyBytes = 2 << 20
        try await withServer(loops: 1, limits: limits, handler: handler) { _, port in
            let waiting = try RawClient(port: port)
            waiting.send(Self.request)
            #expect(await eventually { handler.waiting == 1 })
            let start = ContinuousClock.now
            let uploading = try RawClient(port: port)
            let body = String(repeating: "x", count: 1 << 20)
            uploading.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body)
            #expect(try uploading.answer()?.body == "\(body.utf8.count)")
            #expect(start.duration(to: .now) < .seconds(2))
            handler.release()
            #expect(try waiting.answer()?.status == 200)
        }
    }

    /// What a loop's thread has used of the processor.
    private static func processorTime(of loop: EventLoop) async -> Duration {
        await withCheckedContinuation { continuation in
            loop.execute {
                var time = timespec()
                clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
                continuation.resume(returning: .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec))
            }
        }
    }
}

/// Holds its requests, without a timer, until they are released; `/echo` is answered at once with the body's length.
private final class HeldHandler: HTTPHandler {
    private struct State {
        var held: [CheckedContinuation<Void, Never>] = []
        var loop: EventLoop?
    }

    private let state = Mutex(State())

    var waiting: Int { state.withLock { $0.held.count } }
    var loop: EventLoop? { state.withLock { $0.loop } }

    func release() {
        let held = state.withLock { state in
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        if request.path == "/echo" { return HTTPResponse(status: 200, body: Array("\(request.body.count)".utf8)) }
        await withCheckedContinuation { continuation in
            state.withLock { state in
                state.held.append(continuation)
                state.loop = request.loop
            }
        }
        return HTTPResponse(status: 200, body: Array("released".utf8))
    }
}
