import HTTPServer
import Reactor
import Synchronization
import Testing

/// Counts its requests and answers at once.
final class CountingHandler: HTTPHandler {
    private let requests = Atomic<Int>(0)

    var count: Int { requests.load(ordering: .acquiring) }

    func respondImmediately(to request: HTTPRequest) -> HTTPResponse? {
        requests.add(1, ordering: .acquiringAndReleasing)
        return HTTPResponse(status: 200)
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse { HTTPResponse(status: 500) }
}

@Suite("Exchanges") struct ExchangeTests {
    @Test(arguments: ["/now/a", "/later/a"])
    func `requests follow each other on one connection`(_ path: String) async throws {
        try await withServer { server, port in
            let client = try RawClient(port: port)
            for number in 0..<50 {
                client.send("GET \(path)?n=\(number) HTTP/1.1\r\nHost: a\r\nX-Probe: p\(number)\r\n\r\n")
                let answer = try #require(try client.answer())
                #expect(answer.status == 200)
                #expect(answer.body == "GET \(path) n=\(number) 0 ")
                #expect(answer.fields["x-echo"] == "p\(number)")
                #expect(answer.fields["server"] == nil)
            }
            #expect(server.requestsReceived == 50)
            #expect(server.acceptedConnections == 1)
        }
    }

    @Test func `pipelined requests are answered in order`() async throws {
        try await withServer { _, port in
            let client = try RawClient(port: port)
            client.send(
                (0..<20).map { number in
                    "POST \(number % 3 == 0 ? "/now" : "/later")/\(number) HTTP/1.1\r\nHost: a\r\n"
                        + "Content-Length: 2\r\n\r\n\(number % 10)x"
                }.joined())
            for number in 0..<20 {
                let body = try #require(try client.answer()).body
                #expect(body == "POST \(number % 3 == 0 ? "/now" : "/later")/\(number) - 2 \(number % 10)x")
            }
        }
    }

    @Test func `a chunked body arrives as a whole`() async throws {
        try await withServer { _, port in
            let client = try RawClient(port: port)
            client.send("POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
            client.send("6;ext=1\r\n world\r\n0\r\nTrailer: t\r\n\r\n")
            #expect(try client.answer()?.body == "POST /c - 11 hello world")
            client.send("GET /next HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.answer()?.body == "GET /next - 0 ")
        }
    }

    @Test func `a body of exactly the limit is taken`() async throws {
        try await withServer { _, port in
            let client = try RawClient(port: port)
            client.send("POST /c HTTP/1.1\r\nHost: a\r\nContent-Length: 16384\r\n\r\n")
            client.send([UInt8](repeating: 0x79, count: 16_384))
            #expect(try client.answer()?.body.hasPrefix("POST /c - 16384 yyyy") == true)
        }
    }

    @Test func `a header at its limits is served, and so is a long answer header`() async throws {
        let handler = ClosureHandler { request in
            HTTPResponse(
                status: 200, headers: (0..<10).map { ("X-\($0)", String(repeating: "v", count: 100)) },
                body: Array("\(request.headers.count)".utf8))
        }
        try await withServer(handler: handler) { _, port in
            let client = try RawClient(port: port)
            let fields = (0..<98).map { "X-Field-\($0 + 100): \(String(repeating: "y", count: 70))\r\n" }.joined()
            for _ in 0..<3 {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 16384\r\n\(fields)\r\n")
                client.send([UInt8](repeating: 0x79, count: 16_384))
                #expect(try client.answer()?.body == "100")
            }
        }
    }

    @Test func `a client that expects 100 gets it before it sends the body`() async throws {
        try await withServer { _, port in
            let client = try RawClient(port: port)
            let start = ContinuousClock.now
            client.send("POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
            #expect(try client.answer()?.status == 100)
            #expect(start.duration(to: .now) < .seconds(1))
            client.send("abc")
            #expect(try client.answer()?.body == "POST /e - 3 abc")
        }
    }

    @Test func `a client that expects 100 for too much gets 413 instead`() async throws {
        try await withServer { _, port in
            let client = try RawClient(port: port)
            client.send("POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\nExpect: 100-continue\r\n\r\n")
            #expect(try client.answer()?.status == 413)
            #expect(try client.isClosed())
        }
    }

    @Test(arguments: [
        ("GET /a%2Fb%00%zz?x=%41+&&=? HTTP/1.1", "GET /a%2Fb%00%zz x=%41+&&=? 0 "),
        ("get / HTTP/1.1", "get / - 0 "),
        ("OPTIONS * HTTP/1.1", "OPTIONS * - 0 "),
        ("GET http://b.example/p?q HTTP/1.1", "GET /p q 0 "),
        ("DELETE /? HTTP/1.1", "DELETE /  0 "),
        ("PATCH /../a/./b HTTP/1.1", "PATCH /../a/./b - 0 "),
    ]) func `method, path and query reach the handler as sent`(_ line: String, _ body: String) async throws {
        try await withServer(loops: 1) { _, port in
            let client = try RawClient(port: port)
            client.send("\(line)\r\nHost: a\r\n\r\n")
            #expect(try client.answer()?.body == body)
        }
    }

    @Test func `HEAD gets the length and no body, and the connection goes on`() async throws {
        try await withServer { _, port in
            let client = try RawClient(port: port)
            client.send("HEAD /h HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try #require(try client.answer(hasBody: false))
            #expect(answer.fields["content-length"] == "12")
            client.send("GET /h HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(try client.answer()?.body == "GET /h - 0 ")
            #expect(try client.isClosed())
        }
    }

    @Test func `an answer with a line break in a field becomes 500`() async throws {
        let handler = ClosureHandler { _ in HTTPResponse(status: 200, headers: [("X-A", "b\r\nX-C: d")]) }
        try await withServer(handler: handler) { _, port in
            let client = try RawClient(port: port)
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try #require(try client.answer())
            #expect(answer.status == 500)
            #expect(answer.fields["x-c"] == nil)
        }
    }

    @Test func `bytes of a field that are no UTF-8 can be had as they are`() async throws {
        let handler = ClosureHandler { request in
            HTTPResponse(status: 200, body: Array(request.headers.bytes("X-RAW") ?? []))
        }
        try await withServer(handler: handler) { _, port in
            let client = try RawClient(port: port)
            client.send(Array("GET / HTTP/1.1\r\nHost: a\r\nx-raw: a".utf8) + [0xFF, 0x62] + Array("\r\n\r\n".utf8))
            #expect(try client.answer()?.fields["content-length"] == "3")
        }
    }

    @Test func `the peer's address is known`() async throws {
        let handler = ClosureHandler { request in
            HTTPResponse(status: request.peerPort > 0 ? 200 : 500, body: Array(request.peerAddress.utf8))
        }
        try await withServer(handler: handler) { _, port in
            let client = try RawClient(port: port)
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.answer()?.body == "127.0.0.1")
        }
    }

    @Test func `both loops get their share of the connections`() async throws {
        try await withServer(loops: 2) { server, port in
            let clients = try (0..<64).map { _ in try RawClient(port: port) }
            for client in clients {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try client.answer()?.status == 200)
            }
            // 64 fair coins show fewer than 12 of one side about once in ten million runs.
            #expect(server.openConnectionsPerLoop.allSatisfy { $0 >= 12 })
        }
    }

    @Test func `many connections at once lose nothing`() async throws {
        try await withServer(loops: 2) { server, port in
            let clients = try (0..<100).map { _ in try RawClient(port: port) }
            for round in 0..<20 {
                for client in clients {
                    client.send("POST /r\(round) HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nz")
                }
                for client in clients { #expect(try client.answer()?.body == "POST /r\(round) - 1 z") }
            }
            #expect(server.requestsReceived == 2_000)
        }
    }
}
