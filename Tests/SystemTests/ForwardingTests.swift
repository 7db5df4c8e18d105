import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("A real rsyslog gets every audit row, also after it was away (R-SIEM-1)", .serialized)
struct ForwardingTests {
    /// A private `rsyslogd` that writes each message's structured data to a file.
    private final class Collector {
        let folder: TemporaryDirectory
        let port: UInt16
        private var process: Process?

        init() throws {
            folder = try TemporaryDirectory()
            port = try LoopbackPorts.free(1)[0]
            try folder.write(
                """
                global(workDirectory="\(folder.path(""))")
                module(load="imtcp")
                input(type="imtcp" address="127.0.0.1" port="\(port)")
                template(name="row" type="string" string="%msgid% %structured-data%\\n")
                action(type="omfile" file="\(folder.path("rows"))" template="row" asyncWriting="off" flushOnTXEnd="on")

                """, to: "rsyslog.conf")
        }

        func start() throws {
            let started = Process()
            started.executableURL = URL(fileURLWithPath: "/usr/sbin/rsyslogd")
            started.arguments = ["-n", "-f", folder.path("rsyslog.conf"), "-i", folder.path("pid")]
            started.standardOutput = try Command.handle(folder.path("out"))
            started.standardError = try Command.handle(folder.path("err"))
            try started.run()
            process = started
        }

        func stop() {
            guard let process else { return }
            // As a crash would: SIGTERM stays blocked in what a test starts.
            kill(process.processIdentifier, SIGKILL)
            for _ in 0..<500 where kill(process.processIdentifier, 0) == 0 { usleep(10_000) }
            self.process = nil
        }

        deinit { stop() }

        /// The rows received so far, as `chain number`.
        var rows: Set<String> {
            let text = (try? String(contentsOfFile: folder.path("rows"), encoding: .utf8)) ?? ""
            return Set(
                text.split(separator: "\n").compactMap { line in
                    func value(_ name: String) -> Substring? {
                        line.range(of: " \(name)=\"").map { line[$0.upperBound...].prefix { $0 != "\"" } }
                    }
                    guard let chain = value("chain"), let number = value("number") else { return nil }
                    return "\(chain) \(number)"
                })
        }
    }

    private func recorded(_ scenario: Scenario) throws -> Set<String> {
        let export = try scenario.site.run(["audit", "export"])
        #expect(export.status == 0)
        return Set(
            try export.output.split(separator: "\n").map { line in
                let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                return "\(row?["chain"] ?? "") \(row?["number"] ?? "")"
            })
    }

    private func expectAll(_ collector: Collector, _ scenario: Scenario) async throws {
        let wanted = try recorded(scenario)
        for _ in 0..<150 {
            if collector.rows.isSuperset(of: wanted) { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(wanted.count > 5)
        #expect(wanted.subtracting(collector.rows).isEmpty)
    }

    @Test("rows written while it is away arrive afterwards, and sign-ins do not wait for it")
    func away() async throws {
        let collector = try Collector()
        try collector.start()
        let scenario = try Scenario(
            redis: nil, overrides: ["audit": ["syslog": "tcp://127.0.0.1:\(collector.port)"]])
        _ = try await scenario.owner("syslog_a_sotttt@hanoi.gov.vn")
        try await expectAll(collector, scenario)
        collector.stop()
        for index in 0..<20 {
            let answer = await scenario.begin("syslog_a_sotttt@hanoi.gov.vn", "Sai mật khẩu \(index)!")
            #expect(answer.status == (index < 5 ? 401 : 403))
        }
        try await Task.sleep(for: .seconds(2))
        try collector.start()
        try await expectAll(collector, scenario)
        #expect(scenario.site.logs().contains("housekeeping fails; trying on"))
    }
}
