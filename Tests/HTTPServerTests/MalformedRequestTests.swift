import HTTPServer
import Testing

/// A request that must be refused with a status and a closed connection.
struct Malformed: CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    /// `nil` where the connection is closed without an answer.
    let status: Int?

    init(_ name: String, _ text: String, _ status: Int? = 400) {
        self.name = name
        bytes = Array(text.utf8)
        self.status = status
    }

    init(_ name: String, bytes: [UInt8], _ status: Int?) {
        self.name = name
        self.bytes = bytes
        self.status = status
    }

    var testDescription: String { name }

    private static func post(_ fields: String, body: String = "0\r\n\r\n") -> String {
        "POST /x HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\(body)"
    }

    static let framing: [Malformed] = [
        .init("length, then coding", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")),
        .init("coding, then length", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n")),
        .init("two equal lengths", post("Content-Length: 5\r\nContent-Length: 5\r\n", body: "hello")),
        .init("two different lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n", body: "hello!")),
        .init("length with a plus", post("Content-Length: +56\r\n")),
        .init("negative length", post("Content-Length: -1\r\n")),
        .init("list of lengths", post("Content-Length: 56, 57\r\n")),
        .init("hexadecimal length", post("Content-Length: 0x38\r\n")),
        .init("empty length", post("Content-Length: \r\n")),
        .init("coding xchunked", post("Transfer-Encoding: xchunked\r\n")),
        .init("coding chunked, identity", post("Transfer-Encoding: chunked, identity\r\n")),
        .init("coding identity", post("Transfer-Encoding: identity\r\n")),
        .init("coding twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")),
        .init("space before the colon", post("Transfer-Encoding : chunked\r\n")),
        .init("coding in HTTP/1.0", "POST /x HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        .init("no host", "GET / HTTP/1.1\r\n\r\n"),
        .init("two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
        .init("control character in a value", "GET / HTTP/1.1\r\nHost: a\r\nX-A: b\u{1}c\r\n\r\n"),
        .init("control character in a name", "GET / HTTP/1.1\r\nHost: a\r\nX\u{1}A: b\r\n\r\n"),
        .init("space in a name", "GET / HTTP/1.1\r\nHost: a\r\nX A: b\r\n\r\n"),
        .init("bad chunk size", post("Transfer-Encoding: chunked\r\n", body: "xyz\r\nhello\r\n0\r\n\r\n")),
        .init("chunk without its line end", post("Transfer-Encoding: chunked\r\n", body: "5\r\nhelloX0\r\n\r\n")),
        .init("target without a slash", "GET x HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("target with bytes beyond ASCII", "GET /é HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("method with a comma", "G,T / HTTP/1.1\r\nHost: a\r\n\r\n"),
    ]

    static let volume: [Malformed] = [
        .init("10 MB declared", post("Content-Length: 10000000\r\n", body: ""), 413),
        .init("length of 30 digits", post("Content-Length: \(String(repeating: "9", count: 30))\r\n"), 413),
        .init("one byte over the limit declared", post("Content-Length: 16385\r\n", body: ""), 413),
        .init(
            "100 kB sent",
            post("Content-Length: 100000\r\n", body: String(repeating: "x", count: 100_000)), 413),
        .init(
            "100 kB in chunks",
            post(
                "Transfer-Encoding: chunked\r\n",
                body: String(repeating: "400\r\n\(String(repeating: "x", count: 1024))\r\n", count: 100)), 413),
        .init(
            "101 fields", "GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "X: y\r\n", count: 100))\r\n", 431),
        .init(
            "2,000 fields", "GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "X: y\r\n", count: 2_000))\r\n", 431),
        .init(
            "9 kB header", "GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "y", count: 9_000))\r\n\r\n", 431),
        .init(
            "40 kB header", "GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "y", count: 40_000))\r\n\r\n", 431),
        .init("40 kB target", "GET /\(String(repeating: "y", count: 40_000)) HTTP/1.1\r\nHost: a\r\n\r\n", 414),
    ]

    /// Answered by the library, if at all: what matters is that the connection is closed and the handler not asked.
    static let rubbish: [Malformed] = [
        .init("huge chunk size", post("Transfer-Encoding: chunked\r\n", body: "FFFFFFFFFFFFFFFFFF\r\nx\r\n"), 413),
        .init("HTTP/9.9", "GET / HTTP/9.9\r\nHost: a\r\n\r\n", 505),
        .init("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        .init(
            "TLS preface", bytes: [0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x00, 0x00, 0x01, 0x00, 0x0D, 0x0A, 0x0D, 0x0A],
            nil),
        .init("two words", "GET /\r\n\r\n", 400),
    ]
}

@Suite("Malformed requests") struct MalformedRequestTests {
    @Test(arguments: Malformed.framing)
    func `bad framing gets 400 and a closed connection`(_ request: Malformed) async throws {
        try await refused(request)
    }

    @Test(arguments: Malformed.volume)
    func `too much gets its status and a closed connection`(_ request: Malformed) async throws {
        try await refused(request)
    }

    @Test(arguments: Malformed.rubbish)
    func `what is no request gets a closed connection`(_ request: Malformed) async throws {
        try await refused(request)
    }

    private func refused(_ request: Malformed) async throws {
        let handler = CountingHandler()
        try await withServer(loops: 1, handler: handler) { _, port in
            let client = try RawClient(port: port)
            client.send(request.bytes)
            let answer = try client.answer()
            #expect(answer?.status == request.status)
            #expect(answer == nil || answer?.fields["connection"]?.lowercased() == "close")
            #expect(answer?.fields["server"] == nil)
            #expect(try client.isClosed())
        }
        #expect(handler.count == 0)
    }

    @Test func `refusals have the shape that the caller gave them and are counted`() async throws {
        try await withServer(loops: 1) { server, port in
            let client = try RawClient(port: port)
            client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\n\r\n")
            let answer = try #require(try client.answer())
            #expect(answer.fields["x-reason"] == "bodyTooLarge")
            #expect(answer.fields["date"] != nil)
            #expect(answer.body == "!")
            #expect(server.refused(.bodyTooLarge) == 1)
            #expect(server.refused(.malformed) == 0)
        }
    }

    @Test func `a refused HEAD has no body`() async throws {
        try await withServer(loops: 1) { _, port in
            let client = try RawClient(port: port)
            client.send("HEAD /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
            #expect(try client.answer(hasBody: false)?.status == 400)
            #expect(try client.answer() == nil)
        }
    }

    @Test func `a route may have a limit of its own`() async throws {
        var limits = HTTPLimits()
        limits.bodyLimit = { method, path in method == "POST" && path == "/bulk" ? 100_000 : nil }
        try await withServer(loops: 1, limits: limits) { _, port in
            for (path, status) in [("/bulk", 200), ("/other", 413)] {
                let client = try RawClient(port: port)
                client.send("POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\n\r\n")
                client.send([UInt8](repeating: 0x78, count: 90_000))
                #expect(try client.answer()?.status == status)
            }
        }
    }
}
