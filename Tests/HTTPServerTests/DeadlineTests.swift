import Glibc
import HTTPServer
import Reactor
import Testing

@Suite("Deadlines and caps") struct DeadlineTests {
    /// Sends one byte at a time until the peer answers or closes.
    private func drip(_ text: String, to client: RawClient, for seconds: Double) async throws {
        for byte in text.utf8.prefix(Int(seconds * 50)) {
            guard client.send([byte]) else { return }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    @Test func `a header that drips in is cut off at its deadline`() async throws {
        var limits = HTTPLimits()
        limits.headerDeadline = .milliseconds(200)
        try await withServer(loops: 1, limits: limits) { server, port in
            let client = try RawClient(port: port)
            let long = "GET / HTTP/1.1\r\nHost: a\r\nX-Long: \(String(repeating: "y", count: 100))"
            try await drip(long, to: client, for: 0.4)
            #expect(try client.answer()?.status == 408)
            #expect(try client.isClosed())
            #expect(server.refused(.headerTimeout) == 1)
        }
    }

    @Test func `a second header that drips in is cut off too`() async throws {
        var limits = HTTPLimits()
        limits.headerDeadline = .milliseconds(200)
        try await withServer(loops: 1, limits: limits) { server, port in
            let client = try RawClient(port: port)
            client.send("GET /one HTTP/1.1\r\nHost: a\r\n\r\nGET /two HTTP/1.1\r\nHo")
            #expect(try client.answer()?.status == 200)
            try await drip("st: a\r\nX-Long: \(String(repeating: "y", count: 100))", to: client, for: 0.4)
            #expect(try client.answer()?.status == 408)
            #expect(try client.isClosed())
        }
    }

    @Test(arguments: ["Content-Length: 100", "Transfer-Encoding: chunked"])
    func `a body that drips in is cut off at its deadline`(_ framing: String) async throws {
        var limits = HTTPLimits()
        limits.bodyDeadline = .milliseconds(200)
        try await withServer(loops: 1, limits: limits) { server, port in
            let client = try RawClient(port: port)
            client.send("POST / HTTP/1.1\r\nHost: a\r\n\(framing)\r\n\r\n")
            let start = framing.hasPrefix("T") ? "40\r\n" : ""
            try await drip(start + "yyyyyyyyyyyyyyyyyyyyy", to: client, for: 0.4)
            #expect(try client.answer()?.status == 408)
            #expect(try client.isClosed())
            #expect(server.refused(.bodyTimeout) == 1)
        }
    }

    @Test func `an idle connection is closed without a word`() async throws {
        var limits = HTTPLimits()
        limits.idleTimeout = .milliseconds(100)
        try await withServer(loops: 1, limits: limits) { server, port in
            let client = try RawClient(port: port)
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.answer()?.status == 200)
            #expect(try client.answer() == nil)
            #expect(await eventually { server.openConnections == 0 })
        }
    }

    @Test func `a client that does not take its answer is cut off`() async throws {
        var limits = HTTPLimits()
        limits.sendDeadline = .milliseconds(200)
        let handler = ClosureHandler { _ in
            HTTPResponse(status: 200, body: [UInt8](repeating: 0x7A, count: 32 * 1024 * 1024))
        }
        try await withServer(loops: 1, limits: limits, handler: handler) { server, port in
            let client = try RawClient(port: port)
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await eventually { server.acceptedConnections == 1 && server.openConnections == 0 })
        }
    }

    @Test func `a handler that takes too long is cancelled and answered with 503`() async throws {
        var limits = HTTPLimits()
        limits.handlerDeadline = .milliseconds(100)
        let handler = GatedHandler()
        try await withServer(loops: 1, limits: limits, handler: handler) { server, port in
            let client = try RawClient(port: port)
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try #require(try client.answer())
            #expect(answer.status == 503)
            #expect(answer.fields["x-reason"] == "handlerTimeout")
            #expect(try client.isClosed())
            #expect(await eventually { handler.cancelled == 1 })
        }
    }

    @Test func `a client that goes away while its handler runs leaves nothing behind`() async throws {
        let handler = GatedHandler()
        try await withServer(handler: handler) { server, port in
            for round in 0..<20 {
                let client = try RawClient(port: port)
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(await eventually { handler.entered == round + 1 })
                if round % 2 == 0 { client.reset() }
            }
            #expect(server.requestsInFlight == 20)
            handler.open()
            #expect(await eventually { server.openConnections == 0 && server.requestsInFlight == 0 })
        }
    }

    @Test(arguments: ["", "GET", "GET / HTTP/1.1\r\nHo", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"])
    func `a client that goes away in the middle of a request leaves nothing behind`(_ part: String) async throws {
        try await withServer { server, port in
            let client = try RawClient(port: port)
            client.send(part)
            #expect(await eventually { server.acceptedConnections == 1 })
            client.finish()
            #expect(await eventually { server.openConnections == 0 })
        }
    }

    @Test func `an end of stream that comes with the last bytes is noticed`() async throws {
        try await withServer { server, port in
            let clients = try (0..<20).map { _ in try RawClient(port: port) }
            #expect(await eventually { server.openConnections == 20 })
            // Longer than a sweep, so that the connections have been looked at before.
            try await Task.sleep(for: .milliseconds(600))
            for client in clients {
                client.send("GET / HT")
                client.finish()
            }
            #expect(await eventually { server.openConnections == 0 })
        }
    }

    @Test func `clients that are gone before they are accepted leave nothing behind`() async throws {
        try await withServer { server, port in
            for number in 0..<40 {
                let client = try RawClient(port: port)
                client.send(["GET", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"][number % 2])
                client.finish()
            }
            #expect(await eventually { server.acceptedConnections == 40 && server.openConnections == 0 })
        }
    }

    @Test func `connections over the cap are closed, those within it live on`() async throws {
        var limits = HTTPLimits()
        limits.maxConnections = 3
        try await withServer(loops: 1, limits: limits) { server, port in
            let clients = try (0..<3).map { _ in try RawClient(port: port) }
            for client in clients {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try client.answer()?.status == 200)
            }
            #expect(try RawClient(port: port).isClosed())
            #expect(server.refused(.connectionLimit) == 1)
            clients[0].send("GET /again HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(try clients[0].answer()?.status == 200)
            #expect(try clients[0].isClosed())
            #expect(await eventually { server.openConnections == 2 })
            let late = try RawClient(port: port)
            late.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try late.answer()?.status == 200)
        }
    }

    @Test func `one address has a cap of its own`() async throws {
        var limits = HTTPLimits()
        limits.maxConnectionsPerAddress = 2
        try await withServer(loops: 1, limits: limits) { server, port in
            let clients = try (0..<2).map { _ in try RawClient(port: port) }
            for client in clients {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try client.answer()?.status == 200)
            }
            #expect(try RawClient(port: port).isClosed())
            #expect(server.refused(.addressLimit) == 1)
        }
    }

    @Test func `requests over the cap get 503`() async throws {
        var limits = HTTPLimits()
        limits.maxRequestsInFlight = 1
        let handler = GatedHandler()
        try await withServer(loops: 1, limits: limits, handler: handler) { server, port in
            let first = try RawClient(port: port)
            first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await eventually { handler.entered == 1 })
            let second = try RawClient(port: port)
            second.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try second.answer()?.status == 503)
            handler.open()
            #expect(try first.answer()?.body == "done")
            #expect(server.refused(.overloaded) == 1)
        }
    }
}
