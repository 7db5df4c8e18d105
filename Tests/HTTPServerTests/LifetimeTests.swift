import HTTPServer
import Reactor
import Testing

@Suite("Start and end of a server") struct LifetimeTests {
    @Test func `drain lets a request in flight finish and closes the idle`() async throws {
        let handler = GatedHandler()
        try await withServer(handler: handler) { server, port in
            let idle = try RawClient(port: port)
            let busy = try RawClient(port: port)
            busy.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await eventually { handler.entered == 1 && server.openConnections == 2 })
            async let drained: Void = server.drain(deadline: .seconds(5))
            #expect(await eventually { (try? RawClient(port: port)) == nil })
            handler.open()
            let answer = try #require(try busy.answer())
            #expect(answer.body == "done")
            #expect(answer.fields["connection"]?.lowercased() == "close")
            #expect(try busy.isClosed())
            idle.reset()
            await drained
            #expect(server.openConnections == 0)
        }
    }

    @Test func `drain closes kept connections at once`() async throws {
        try await withServer { server, port in
            let client = try RawClient(port: port)
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.answer()?.status == 200)
            let start = ContinuousClock.now
            await server.drain(deadline: .seconds(5))
            #expect(start.duration(to: .now) < .seconds(2))
            #expect(try client.isClosed())
        }
    }

    @Test func `drain ends at its deadline whatever the handlers and clients do`() async throws {
        let handler = GatedHandler()
        try await withServer(handler: handler) { server, port in
            let clients = try (0..<10).map { _ in try RawClient(port: port) }
            for client in clients.dropFirst(3) { client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n") }
            clients[0].send("GET / HT")
            clients[1].send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\na")
            #expect(await eventually { handler.entered == 7 && server.openConnections == 10 })
            await server.drain(deadline: .milliseconds(50))
            #expect(server.openConnections == 0)
            #expect(server.requestsInFlight == 0)
            for client in clients { #expect(try client.isClosed()) }
            #expect(await eventually { handler.cancelled == 7 })
        }
    }

    @Test func `a second drain returns`() async throws {
        try await withServer { server, _ in
            await server.drain(deadline: .seconds(1))
            await server.drain(deadline: .seconds(1))
        }
    }

    @Test func `a port that is taken is told`() async throws {
        try await withServer { server, port in
            let group = EventLoopGroup(count: 1, name: "test-http")
            defer { group.shutdown() }
            #expect(throws: HTTPServerError.addressInUse("127.0.0.1:\(port)")) {
                try HTTPServer(address: "127.0.0.1:\(port)", loops: group.loops, handler: EchoHandler())
            }
        }
    }

    @Test(arguments: [
        "", "127.0.0.1", "127.0.0.1:", ":80", "127.0.0.1:x", "127.0.0.1:70000", "::1:80", "[::1:80", "256.1.1.1.:1",
    ])
    func `an address that is none is told`(_ text: String) {
        let group = EventLoopGroup(count: 1, name: "test-http")
        defer { group.shutdown() }
        #expect(throws: HTTPServerError.invalidAddress(text)) {
            try HTTPServer(address: text, loops: group.loops, handler: EchoHandler())
        }
    }

    @Test func `an address of another machine is told`() {
        let group = EventLoopGroup(count: 1, name: "test-http")
        defer { group.shutdown() }
        #expect(throws: HTTPServerError.addressNotAvailable("192.0.2.1:8080")) {
            try HTTPServer(address: "192.0.2.1:8080", loops: group.loops, handler: EchoHandler())
        }
    }
}
