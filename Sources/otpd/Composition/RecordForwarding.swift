import AuthService
import Cryptography
import HTTPClient
import Settings
import SQLStore
import Telemetry

/// Sends the record to the collector of the settings; nothing where there is none.
struct RecordForwarding: Sendable {
    private let stream: OutgoingStream
    private let forward: ForwardAudit
    private let store: SQLiteStore
    private let waiting: Gauge
    private let sent: Counter

    /// Starts the stream's thread; nil without a collector.
    init?(_ settings: Settings, store: SQLiteStore, clock: any WallClock, metrics: StandardMetrics) throws {
        guard let server = settings.audit.syslog else { return nil }
        stream = try OutgoingStream(
            name: "syslog",
            target: StreamTarget(
                host: server.host, port: Int(server.port), isSecure: server.isSecure,
                authorityFile: settings.audit.syslogAuthorityFile))
        forward = ForwardAudit(
            store: store, collector: StreamCollector(stream: stream), clock: clock,
            monotonic: SystemMonotonicClock(), format: SyslogFormat(settings.audit.syslogForm),
            holder: SystemRandom().identifier(prefix: settings.instance + "/"), version: HelpCommand.version)
        self.store = store
        waiting = metrics.registry.gauge(
            "otpd_audit_forward_waiting", help: "Audit rows that the collector is not known to have.")
        sent = metrics.registry.counter(
            "otpd_audit_forwarded_total", help: "Audit rows handed to the collector, repeated ones included.")
    }

    /// Sends what has come since the last turn.
    func turn() async throws {
        let result: ForwardAudit.Turn
        do {
            result = try await forward.turn()
        } catch {
            waiting.set(Double(try await store.waitingToForward()))
            throw error
        }
        waiting.set(Double(try await store.waitingToForward()))
        if case .sent(let count) = result { sent.add(UInt64(count)) }
    }

    /// Closes the stream; blocks until its thread has ended.
    func shutdown() {
        stream.shutdown()
    }
}

/// The collector behind a stream.
private struct StreamCollector: RecordCollector {
    let stream: OutgoingStream

    func send(_ bytes: [UInt8]) async throws(CollectorUnreachable) {
        do {
            try await stream.send(bytes)
        } catch {
            throw CollectorUnreachable(reason: "\(error.reason)")
        }
    }

    func isStanding() async -> Bool { await stream.isStanding() }
}

extension SyslogFormat {
    fileprivate init(_ form: Settings.Audit.Form) {
        switch form {
        case .rfc5424: self = .rfc5424
        case .cef: self = .cef
        }
    }
}
