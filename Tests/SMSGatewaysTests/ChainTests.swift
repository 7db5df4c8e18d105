import AuthDomain
import SMSGateways
import TestKit
import Testing

@Suite("A second gateway is asked only when the first surely did not send (R-SMS-5)")
struct ChainTests {
    static let refusals: [GatewayOutcome] = [
        .refused(.retryable, reason: "x"), .refused(.permanent, reason: "x"), .refused(.configuration, reason: "x"),
    ]

    @Test(
        "Accepted, queued and ambiguous settle it",
        arguments: [
            GatewayOutcome.accepted(providerID: nil), .queued(providerID: "1"), .ambiguous(reason: "timeout"),
        ])
    func settled(outcome: GatewayOutcome) async {
        let clock = ManualClock()
        let (first, second) = (ListedGateway("a", outcome), ListedGateway("b", .accepted(providerID: nil)))
        let chain = GatewayChain([first, second].map { GuardedGateway($0, clock: clock) })
        let result = await chain.send(Fixtures.message())
        #expect(result.outcome == outcome && result.gateway == "a" && second.asked.isEmpty)
    }

    @Test("A refusal goes on to the next with the same reference", arguments: refusals)
    func next(outcome: GatewayOutcome) async {
        let clock = ManualClock()
        let (first, second) = (ListedGateway("a", outcome), ListedGateway("b", .accepted(providerID: "z")))
        let chain = GatewayChain([first, second].map { GuardedGateway($0, clock: clock) })
        let result = await chain.send(Fixtures.message())
        #expect(result.attempts.map(\.gateway) == ["a", "b"] && result.outcome == .accepted(providerID: "z"))
        #expect(first.asked == ["ref-1"] && second.asked == ["ref-1"])
    }

    @Test("Five failures open the circuit for 30 s; then one trial decides")
    func breaker() async {
        let clock = ManualClock()
        let first = ListedGateway("a", .refused(.retryable, reason: "x"))
        let guarded = GuardedGateway(first, clock: clock)
        let chain = GatewayChain([guarded])
        for _ in 0..<8 { _ = await chain.send(Fixtures.message()) }
        #expect(first.asked.count == 5 && guarded.circuit == .open)
        #expect(await chain.send(Fixtures.message()).gateway == nil)
        clock.advance(by: .seconds(30))
        #expect(guarded.circuit == .halfOpen)
        for _ in 0..<3 { _ = await chain.send(Fixtures.message()) }
        #expect(first.asked.count == 6 && guarded.circuit == .open)
    }

    @Test("Half open lets one through until it has answered, and success closes")
    func halfOpen() {
        var circuit = CircuitBreaker(threshold: 1, openFor: .seconds(10))
        circuit.record(.ambiguous(reason: "x"), now: 0)
        #expect(
            [circuit.permits(now: 9999), circuit.permits(now: 10_000), circuit.permits(now: 10_001)] == [
                false, true, false,
            ])
        circuit.record(.refused(.permanent, reason: "number"), now: 10_002)
        #expect(circuit.state(now: 10_003) == .closed)
    }

    @Test("Beyond its rate a gateway is passed over")
    func rate() async {
        let clock = ManualClock()
        let (first, second) = (
            ListedGateway("a", .accepted(providerID: nil)), ListedGateway("b", .accepted(providerID: nil))
        )
        let limited = GuardedGateway(first, rate: RateLimit(count: 3, per: .seconds(60)), clock: clock)
        let chain = GatewayChain([limited, GuardedGateway(second, clock: clock)])
        for _ in 0..<5 { _ = await chain.send(Fixtures.message()) }
        #expect(first.asked.count == 3 && second.asked.count == 2)
        clock.advance(by: .seconds(20))
        _ = await chain.send(Fixtures.message())
        #expect(first.asked.count == 4)
    }
}

@Suite("Delivery reports are checked before they are believed (R-SMSOTP-1)")
struct ReportTests {
    private func read(
        _ name: String, query: String = "", body: String = "", token: String? = nil, peer: String = "127.0.0.1"
    ) throws
        -> Result<ReceivedReport, ReportFault>
    {
        let rule = try #require(try TemplatedGatewayTests.configuration(name, url: nil).reports)
        let own = Fixtures.links.url(gateway: name, reference: "r1").split(separator: "/").last.map(String.init) ?? ""
        let request = ReportRequest(
            query: query, body: Array(body.utf8), peer: try #require(NetworkAddress(peer)),
            link: (reference: "r1", token: token ?? own))
        do throws(ReportFault) {
            return .success(try rule.read(request, gateway: name, links: Fixtures.links))
        } catch {
            return .failure(error)
        }
    }

    @Test(
        "Kannel's types",
        arguments: [
            ("1", DeliveryReport.delivered), ("2", .failed), ("4", .buffered), ("8", .accepted), ("16", .rejected),
        ])
    func kannel(type: String, report: DeliveryReport) throws {
        #expect(try read("kannel", query: "type=\(type)").get().report == report)
    }

    @Test("eSMS by query, Twilio by form")
    func carriers() throws {
        #expect(
            try read("esms", query: "SMSID=1&SendStatus=5&SendSuccess=1&SendFailed=0&RequestId=other").get().report
                == .delivered)
        let twilio = try read("twilio", body: "MessageSid=SM1&MessageStatus=undelivered").get()
        #expect(twilio.report == .failed && twilio.subject == .reference("r1"))
    }

    @Test("Forged, broken or unknown reports are refused by name")
    func faults() throws {
        #expect(try read("kannel", query: "type=1", token: "guess") == .failure(.forged))
        #expect(try read("kannel", query: "type=1", peer: "192.0.2.1") == .failure(.forged))
        #expect(try read("kannel", query: "type=3") == .failure(.unknownState))
        for query in ["type=%", "type=%zz", "type=1&type=2", "type=%FF", String(repeating: "a&", count: 5000)] {
            #expect(try read("kannel", query: query) == .failure(.malformed))
        }
    }

    @Test("A token of an older ring key is still taken, an empty or cut one never")
    func tokens() throws {
        let links = try #require(DeliveryReportLinks(base: "https://x.vn/r") { ["new-\($0)", "old-\($0)"] })
        #expect(links.url(gateway: "g", reference: "r") == "https://x.vn/r/g/r/new-g/r")
        #expect(links.accepts("old-g/r", gateway: "g", reference: "r"))
        for token in ["", "new-", "new-g/", "new-g/rr", "new-h/r", "old-g/s"] {
            #expect(!links.accepts(token, gateway: "g", reference: "r"), "\(token)")
        }
    }
}
