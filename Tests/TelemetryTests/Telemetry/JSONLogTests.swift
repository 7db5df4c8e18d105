import AuthDomain
import Dispatch
import Foundation
import Synchronization
import Telemetry
import Testing

@Suite("JSON log")
struct JSONLogTests {
    private let sink = MemorySink()

    private func log(_ level: LogLevel = .debug) -> JSONLog {
        JSONLog(level: level, sink: sink) { WallInstant(milliseconds: 1_763_861_709_042) }
    }

    @Test("one object per line: time, level, message, request id, metadata of each type")
    func line() throws {
        let log = log()
        RequestContext.$id.withValue("req-1") {
            log.info(
                "sign-in complete",
                [
                    "account": "a@hanoi.gov.vn", "count": 3, "ratio": 0.5, "known": true, "gone": .absent,
                    "took_ms": .milliseconds(.microseconds(1500)), "level": "own", "big": .number(UInt64.max),
                    "none": .optional(nil), "nan": .double(.nan),
                ])
        }
        log.close()
        #expect(
            sink.text == """
                {"time":"2025-11-23T01:35:09.042Z","level":"info","message":"sign-in complete","request_id":"req-1",\
                "account":"a@hanoi.gov.vn","count":3,"ratio":0.5,"known":true,"took_ms":1.5,"metadata.level":"own",\
                "big":9223372036854775807,"nan":"nan"}

                """)
    }

    @Test(
        "milliseconds to the microsecond, without idle zeros",
        arguments: [
            (0, "0.0"), (7, "0.007"), (40, "0.04"), (999, "0.999"), (1000, "1.0"), (12_340, "12.34"),
            (1_000_001, "1000.001"), (-1500, "-1.5"), (Int64.max / 1000, "9223372036854.775"),
        ] as [(Int64, String)])
    func milliseconds(_ microseconds: Int64, _ text: String) {
        let log = log()
        log.info("x", ["ms": .milliseconds(.microseconds(microseconds)), "n": .int(microseconds)])
        log.close()
        #expect(sink.text.hasSuffix("\"ms\":\(text),\"n\":\(microseconds)}\n"), "\(sink.text)")
    }

    @Test("lines below the level are not made")
    func level() {
        let log = log(.warning)
        log.debug("a")
        log.info("b")
        log.warning("c")
        log.error("d")
        log.close()
        #expect(sink.lines.count == 2)
        #expect(log.isEnabled(.error) && !log.isEnabled(.info))
    }

    @Test(
        "any text survives the way through JSON, and none breaks a line (R-SIEM-1)",
        arguments: [
            "plain", "quote \" backslash \\ slash /", "line\nbreak\r\ttab", "\u{0}\u{1}\u{8}\u{C}\u{1F}\u{7F}\u{9B}",
            "Đống Đa 🇻🇳", "\u{2028}\u{2029}\u{202E}\u{FEFF}", "\",\"level\":\"error", "\u{1B}[31mred",
            String(decoding: [0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80], as: UTF8.self),
        ])
    func escaping(text: String) throws {
        let log = log()
        log.info("m", ["value": .string(text)])
        log.close()
        #expect(sink.lines.count == 1)
        #expect(sink.bytes.dropLast().allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        let object = try #require(try JSONSerialization.jsonObject(with: Data(sink.bytes)) as? [String: Any])
        // Compared by scalars: Swift's own equality takes characters for equal that are not the same bytes.
        #expect((object["value"] as? String).map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
    }

    @Test("long values are cut between characters")
    func cut() throws {
        let log = log()
        log.info("m", ["value": .string(String(repeating: "Đ", count: 5000)), "after": 1])
        log.close()
        let object = try #require(try JSONSerialization.jsonObject(with: Data(sink.bytes)) as? [String: Any])
        #expect(object["value"] as? String == String(repeating: "Đ", count: 512) + "…")
        #expect(object["after"] as? Int == 1)
    }

    @Test("values under names of secrets are never written (R-LOG-3)")
    func redaction() {
        let log = log()
        log.info(
            "m",
            [
                "password": "hunter2", "new_password": "hunter2", "newPassword": "hunter2", "code": "hunter2",
                "otpCode": "hunter2", "client.key": "hunter2", "api-key": "hunter2", "APIKey": "hunter2",
                "Authorization": "hunter2", "set-cookie": "hunter2", "accessToken": "hunter2", "totp_secret": "hunter2",
                "recovery_codes": "hunter2", "PASSWORD": "hunter2", "pin": "hunter2",
            ])
        log.close()
        #expect(!sink.text.contains("hunter2"))
        #expect(sink.text.components(separatedBy: "\"***\"").count == 16)
    }

    @Test("names that only look like secrets are written")
    func harmless() {
        let log = log()
        log.info("m", ["key_id": "1", "status_code": 2, "keyboard": "3", "encoder": "4", "account": "5"])
        log.close()
        #expect(!sink.text.contains("***"))
    }

    @Test(
        "instants, before and after the epoch and on leap days",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        ])
    func instants(milliseconds: Int64, text: String) {
        let log = JSONLog(level: .info, sink: sink) { WallInstant(milliseconds: milliseconds) }
        log.info("m")
        log.close()
        #expect(sink.text.hasPrefix("{\"time\":\"\(text)\""))
    }

    @Test("a sink that hangs makes the log drop and count, never wait")
    func full() {
        let gate = GateSink()
        let log = JSONLog(level: .info, sink: gate) { WallInstant(milliseconds: 0) }
        log.info("first")
        gate.entered.wait()
        for _ in 0..<JSONLog.queueLimit + 10 { log.info("m") }
        #expect(log.droppedCount == 10)
        gate.open()
        log.close()
        #expect(gate.lines == JSONLog.queueLimit + 2)
        #expect(gate.lastNotice.contains("\"message\":\"log lines dropped\",\"count\":10"))
    }

    @Test("the thread writes by itself; lines keep their order; after the close the caller writes")
    func order() async {
        let log = log()
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    for index in 0..<500 { log.info("m", ["task": .number(task), "index": .number(index)]) }
                }
            }
        }
        log.close()
        log.error("last words")
        #expect(sink.lines.count == 2001)
        for task in 0..<4 {
            let own = sink.lines.filter { $0.contains("\"task\":\(task),") }
            #expect(own.count == 500)
            #expect(own.enumerated().allSatisfy { $1.hasSuffix("\"index\":\($0)}") })
        }
        #expect(sink.lines.last?.contains("last words") == true)
    }

    @Test("a descriptor nobody reads from costs its patience once, not for each line")
    func stuckDescriptor() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        let log = JSONLog(
            level: .info, sink: DescriptorSink(descriptor: ends[1], patience: .milliseconds(50))
        ) { WallInstant(milliseconds: 0) }
        for _ in 0..<3000 { log.info("a line that nobody reads", ["padding": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]) }
        let time = ContinuousClock().measure { log.close() }
        #expect(time < .seconds(5))
        #expect(log.droppedCount > 0)
    }
}

/// Keeps what is written.
private final class MemorySink: LogSink {
    let pieceLimit = 4096
    private let stored = Mutex<[UInt8]>([])

    func write(_ lines: ArraySlice<UInt8>) -> Bool {
        stored.withLock { $0 += lines }
        return true
    }

    var bytes: [UInt8] { stored.withLock { $0 } }
    var text: String { String(decoding: bytes, as: UTF8.self) }
    var lines: [Substring] { text.split(separator: "\n") }
}

/// Holds the first write until it is opened.
private final class GateSink: LogSink {
    let pieceLimit = 4096
    let entered = DispatchSemaphore(value: 0)
    private let gate = DispatchSemaphore(value: 0)
    private let state = Mutex((count: 0, notice: ""))

    func write(_ lines: ArraySlice<UInt8>) -> Bool {
        let isFirst = state.withLock { state in
            defer { state.count += lines.count { $0 == UInt8(ascii: "\n") } }
            let text = String(decoding: lines, as: UTF8.self)
            if text.contains("dropped") { state.notice = text }
            return state.count == 0
        }
        if isFirst {
            entered.signal()
            gate.wait()
        }
        return true
    }

    func open() { gate.signal() }
    var lines: Int { state.withLock { $0.count } }
    var lastNotice: String { state.withLock { $0.notice } }
}
