import AuthDomain
import AuthService
import LineServer
import MailHooks
import Reactor
import Settings
import Telemetry

/// The listener that Postfix asks whether a mailbox may send; none when no address is set.
struct PolicyListener: Sendable {
    /// The port of its TCP address; 0 when it has none.
    var port: UInt16 { server?.port ?? 0 }

    private let server: LineServer?

    init(
        _ settings: Settings, accounts: any AccountReader, counters: any Throttle, record: RecordActivity,
        metrics: PolicyMetrics, on loops: EventLoopGroup
    ) throws(LineServerError) {
        let addresses = settings.policyListen.addresses.map { address in
            switch address {
            case .tcp(let address): LineAddress.tcp(host: address.address.text, port: address.port)
            case .unix(let path): LineAddress.unix(path: path, mode: settings.policyListen.socketMode)
            }
        }
        guard !addresses.isEmpty else {
            server = nil
            return
        }
        let service = PolicyService(
            authorise: AuthoriseSubmission(accounts: accounts, counters: counters, domains: settings.domains),
            sent: { record.sent(by: $0) },
            answered: { outcome, time in metrics.seconds[outcome.rawValue].observe(time) })
        var limits = LineLimits()
        limits.maxConnections = settings.policyListen.maxConnections
        let server = try LineServer(addresses: addresses, loops: loops.loops, limits: limits, handler: service)
        metrics.observeListener(open: { server.openConnections }, overLimit: { server.connectionsOverLimit })
        for reason in LineRefusal.allCases {
            metrics.observeRefusals(reason.rawValue) { server.refused(reason) }
        }
        self.server = server
    }

    /// Ends it: requests in flight are answered.
    func drain(deadline: Duration) async {
        await server?.drain(deadline: deadline)
    }
}
