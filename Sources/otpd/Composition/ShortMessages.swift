import AuthDomain
import AuthService
internal import Foundation
import HTTPClient
import Reactor
import SMSGateways
import Settings
import Telemetry
import WebAPI

/// The way of short messages: gateways behind their guards on pools of their own, and the reports that come back.
struct ShortMessages: Sendable {
    private static let patience = Duration.seconds(1)

    /// The gateways in their order.
    let dispatcher: GatewayChain
    /// Hears what becomes of messages.
    let observer: SMSMetricsObserver
    private let configurations: [GatewayConfiguration]
    private let links: DeliveryReportLinks?
    private let http: OutgoingHTTP
    private let files: BlockingPool
    private let log: JSONLog

    /// Starts the pools; nil when the settings name no gateway.
    ///
    /// - Throws: An exit code, after saying what is wrong.
    init?(_ settings: Settings, digest: any KeyedDigest, metrics: StandardMetrics, log: JSONLog) throws {
        guard settings.sms.isEnabled else { return nil }
        do {
            // Read a second time since the check: the files that hold passwords may have changed in between.
            configurations = try GatewayConfigurations(settings.sms.gateways, folder: settings.sms.folder).gateways
        } catch {
            for problem in error.problems { Terminal.complain("\(problem)") }
            throw ExitCode.configuration
        }
        do {
            http = try OutgoingHTTP(name: "otpd-sms", threads: settings.sms.threads, queueLimit: settings.sms.queue)
        } catch {
            Terminal.complain("otpd: the HTTP client cannot be started: \(error)")
            throw ExitCode.unavailable
        }
        files = BlockingPool(name: "otpd-sms-file", threads: 1, queueLimit: settings.sms.queue)
        links = settings.sms.reportURL.flatMap { base in
            DeliveryReportLinks(base: base) { text in
                digest.candidates(Array(text.utf8), purpose: .deliveryReport).map { Hex.encode($0.suffix(20)) }
            }
        }
        let (http, files, links, clock) = (http, files, links, SystemMonotonicClock())
        dispatcher = GatewayChain(
            configurations.map { $0.guarded(http: http, files: files, links: links, clock: clock) },
            rule: FailoverRule(gatewaysPerMessage: settings.sms.gatewaysPerMessage))
        observer = SMSMetricsObserver(
            metrics: SMSMetrics(metrics.registry, gateways: configurations.map(\.name)),
            costPerPart: Self.costs(configurations), log: log, clock: clock)
        self.log = log
        observe(metrics)
    }

    /// The ports of the use cases.
    func ports(ledger: any SMSLedger, phones: any PhoneLedger) -> SMSPorts {
        SMSPorts(ledger: ledger, phones: phones, dispatcher: dispatcher, observer: observer)
    }

    /// What a part costs at each gateway, in đồng.
    var costPerPart: [String: Int64] { Self.costs(configurations).mapValues(Int64.init) }

    private static func costs(_ configurations: [GatewayConfiguration]) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: configurations.map { ($0.name, $0.costPerPart) })
    }

    private func observe(_ metrics: StandardMetrics) {
        let http = http
        metrics.observePool(
            "sms", queued: { http.statistics.queued }, running: { http.statistics.running },
            shed: { http.statistics.shed })
        for configuration in configurations {
            guard let last = configuration.senderUntil else { continue }
            metrics.observeSender(configuration.name, until: last.adding(days: 1).startInHanoi)
        }
        for gateway in dispatcher.gateways {
            for state in CircuitState.allCases {
                metrics.observeCircuit(gateway.name, state: state.rawValue) { gateway.circuit == state }
            }
        }
    }

    /// Checks a report and has it recorded.
    func receive(_ report: GatewayReport, record: RecordDeliveryReport) async -> GatewayReportOutcome {
        guard let configuration = configurations.first(where: { $0.name == report.gateway }),
            let rule = configuration.reports
        else {
            observer.refused(report: .unknown, gateway: report.gateway)
            return .unknown
        }
        let received: ReceivedReport
        do throws(ReportFault) {
            let request = ReportRequest(query: report.query, body: report.body, peer: report.peer, link: report.link)
            received = try rule.read(request, gateway: configuration.name, links: links)
        } catch {
            observer.refused(report: SMSMetrics.ReportResult(error), gateway: configuration.name)
            return error == .forged || error == .noSubject ? .unknown : .notUnderstood
        }
        do throws(StoreUnavailable) {
            let verdict = try await record(
                received.report, of: SMSReportSubject(received.subject), gateway: configuration.name,
                requestID: report.requestID)
            return verdict == .unknown ? .unknown : .taken
        } catch {
            observer.refused(report: .unavailable, gateway: configuration.name)
            return .unavailable(reason: error.reason)
        }
    }

    /// Gives the calls in hand a moment to end, then leaves them to the end of the process.
    ///
    /// A gateway may take its ten seconds, and the service may not: the row of such a message says `sending`, and the
    /// next start settles it as unknown.
    func shutdown() async {
        let (http, files) = (http, files)
        let (ended, signal) = AsyncStream.makeStream(of: Void.self)
        Thread.detachNewThread {
            http.shutdown()
            files.shutdown()
            signal.yield()
        }
        Task {
            try? await Task.sleep(for: Self.patience)
            signal.yield()
        }
        for await _ in ended { break }
    }
}

extension SMSReportSubject {
    fileprivate init(_ subject: ReportSubject) {
        switch subject {
        case .reference(let reference): self = .reference(reference)
        case .providerID(let id): self = .providerID(id)
        }
    }
}

extension SMSMetrics.ReportResult {
    fileprivate init(_ fault: ReportFault) {
        switch fault {
        case .forged: self = .forged
        case .malformed: self = .malformed
        case .noSubject: self = .unknown
        case .unknownState: self = .unknownState
        }
    }
}
