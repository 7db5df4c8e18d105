import Foundation
import Reactor
import TestKit
import Testing

@testable import LineServer

/// Answers with the number and the first of the lines; `wait` waits until it is cancelled.
private struct Echo: LineHandler {
    func respond(to lines: [[UInt8]]) async -> [UInt8] {
        let first = String(decoding: lines[0], as: UTF8.self)
        if first == "wait" { try? await Task.sleep(for: .seconds(60)) }
        return Array("\(lines.count) \(first)\n\n".utf8)
    }

    func refusal(_ reason: LineRefusal) -> [UInt8] { Array("refused \(reason.rawValue)\n\n".utf8) }
}

/// A server on loops of a test's own.
private final class Served: Sendable {
    let loops = EventLoopGroup(count: 2, name: "line")
    let server: LineServer

    init(_ limits: LineLimits = LineLimits(), addresses: [LineAddress] = [.tcp(host: "127.0.0.1", port: 0)]) throws {
        server = try LineServer(addresses: addresses, loops: loops.loops, limits: limits, handler: Echo())
    }

    func client() throws -> LineClient { try LineClient(port: server.port) }

    func end() async {
        await server.drain(deadline: .seconds(1))
        loops.shutdown()
    }
}

@Suite("The line server on the loops")
struct LineServerTests {
    @Test("One connection carries many requests, also cut up and sent ahead")
    func exchange() async throws {
        let served = try Served()
        let client = try served.client()
        client.send("a=1\nb=2\n\n")
        #expect(client.answer() == "2 a=1")
        for part in ["x", "=1", "\n", "\n"] { client.send(part) }
        #expect(client.answer() == "1 x=1")
        client.send("p\n\nq\n\nr\n\n")
        #expect([client.answer(), client.answer(), client.answer()] == ["1 p", "1 q", "1 r"])
        #expect(served.server.requestsReceived == 5)
        await served.end()
        #expect(client.isClosed())
    }

    @Test("A client that closes its sending side still gets its answer")
    func halfClosed() async throws {
        let served = try Served()
        let client = try served.client()
        client.send("a\n\n")
        client.endSending()
        #expect(client.answer() == "1 a")
        #expect(client.isClosed())
        await served.end()
    }

    @Test("Long lines, long requests, many lines, controls and empty requests are refused and end the connection")
    func rubbish() async throws {
        let served = try Served()
        let cases: [([UInt8], String)] = [
            (Array(repeating: 0x61, count: 1_000_000), "too_large"),
            (Array(repeating: 0x61, count: 4_097) + Array("\n\n".utf8), "too_large"),
            (Array(String(repeating: "a=b\n", count: 101).utf8), "too_large"),
            (Array(String(repeating: String(repeating: "a", count: 4_000) + "\n", count: 5).utf8), "too_large"),
            (Array("a=\0\n\n".utf8), "malformed"), (Array("a=1\r\n\r\n".utf8), "malformed"),
            (Array("\n".utf8), "malformed"), ([0x16, 0x03, 0x01, 0x02], "malformed"),
        ]
        for (bytes, reason) in cases {
            let client = try served.client()
            // On a thread of its own: a megabyte does not fit the buffers while nobody reads.
            async let sent = Self.send(bytes, client)
            #expect(client.answer() == "refused \(reason)", "\(bytes.count) bytes")
            _ = await sent
            #expect(client.isClosed())
        }
        #expect(served.server.refused(.tooLarge) == 4)
        #expect(served.server.refused(.malformed) == 4)
        let client = try served.client()
        client.send("still here\n\n")
        #expect(client.answer() == "1 still here")
        await served.end()
    }

    @Test("A request that drips beyond its deadline is refused; a quiet connection is closed")
    func deadlines() async throws {
        var limits = LineLimits()
        limits.requestDeadline = .milliseconds(300)
        limits.idleTimeout = .milliseconds(400)
        let served = try Served(limits)
        let quiet = try served.client()
        let dripping = try served.client()
        let began = ContinuousClock.now
        for _ in 0..<8 {
            dripping.send("a")
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(dripping.answer() == "refused late")
        #expect(quiet.isClosed())
        #expect(began.duration(to: .now) < .seconds(5))
        await served.end()
    }

    @Test("A handler that hangs is cancelled and the client told in time")
    func overdue() async throws {
        var limits = LineLimits()
        limits.answerDeadline = .milliseconds(200)
        let served = try Served(limits)
        let client = try served.client()
        let began = ContinuousClock.now
        client.send("wait\n\n")
        #expect(client.answer() == "refused overdue")
        #expect(began.duration(to: .now) < .seconds(5))
        #expect(served.server.refused(.overdue) == 1)
        await served.end()
    }

    @Test("Beyond the limit the longest idle connection makes room, so idle ones never lock anybody out")
    func idleCrowd() async throws {
        var limits = LineLimits()
        limits.maxConnections = 64
        let served = try Served(limits)
        var crowd: [LineClient] = []
        for _ in 0..<500 { crowd.append(try served.client()) }
        let client = try served.client()
        client.send("through\n\n")
        #expect(client.answer() == "1 through")
        #expect(served.server.openConnections <= 64)
        #expect(crowd[0].isClosed())
        await served.end()
        #expect(served.server.openConnections == 0)
    }

    @Test("Requests in flight are answered before the end")
    func drain() async throws {
        let served = try Served()
        let client = try served.client()
        client.send("wait\n\n")
        while served.server.requestsReceived == 0 { try await Task.sleep(for: .milliseconds(5)) }
        let began = ContinuousClock.now
        await served.end()
        #expect(began.duration(to: .now) < .seconds(3))
        #expect(client.answer() == nil)
    }

    @Test("A Unix socket has its mode, replaces what a killed process left, and leaves other files alone")
    func unixSocket() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.path("policy.sock")
        let address = LineAddress.unix(path: path, mode: 0o660)
        let served = try Served(addresses: [address, .tcp(host: "127.0.0.1", port: 0)])
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o660)
        let client = try LineClient(path: path)
        client.send("a\n\n")
        #expect(client.answer() == "1 a")
        #expect(throws: LineServerError.self) { try Served(addresses: [address]) }
        await served.end()

        let file = try folder.write("mine", to: "file")
        #expect(throws: LineServerError.self) { try Served(addresses: [.unix(path: file, mode: 0o600)]) }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
    }

    private static func send(_ bytes: [UInt8], _ client: LineClient) async -> Int {
        await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: client.send(bytes)) }.start()
        }
    }
}

@Suite("The order in which connections became idle")
struct IdleOrderTests {
    @Test("The longest idle goes first, whoever went on in between is last, and memory stays bounded")
    func order() {
        var order = IdleOrder()
        for id in 1...3 { order.entered(id) }
        order.left(1)
        order.entered(1)
        order.left(2)
        #expect([order.popLongest(), order.popLongest(), order.popLongest()] == [3, 1, nil])
        for round in 0..<100_000 { order.entered(round % 10) }
        #expect(order.count == 10)
        #expect((0..<10).compactMap { _ in order.popLongest() } == Array(0..<10))
    }
}
