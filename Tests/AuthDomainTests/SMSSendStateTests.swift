import AuthDomain
import Testing

@Suite("States of a sent message (R-SMSOTP-1, R-SMS-5)")
struct SMSSendStateTests {
    private static let accepted = SMSSendEvent.answered(.accepted(providerID: "7"))
    private static let queued = SMSSendEvent.answered(.queued(providerID: nil))
    private static let ambiguous = SMSSendEvent.answered(.ambiguous(reason: "timeout"))
    private static let refused = SMSSendEvent.answered(.refused(.permanent, reason: "no"))

    private static let events: [SMSSendEvent] =
        [.begun, accepted, queued, ambiguous, refused, .interrupted, .outlived]
        + DeliveryReport.allCases.map { .reported($0) }

    /// For each state what each of `events` leads to, in order; `-` for none.
    private static let table: [(SMSSendState, String)] = [
        // begun accepted queued ambiguous refused interrupted outlived | delivered failed buffered accepted rejected
        (.created, "sending - - - - - refused - - - - -"),
        (.sending, "- accepted queued unknown refused unknown expired delivered failed queued accepted failed"),
        (.unknown, "- accepted queued - - - expired delivered failed queued accepted failed"),
        (.queued, "- accepted - - - - expired delivered failed - accepted failed"),
        (.accepted, "- - - - - - expired delivered failed - - failed"),
        (.refused, "- - - - - - - - - - - -"),
        (.expired, "- - - - - - - delivered failed - - failed"),
        (.failed, "- - - - - - - delivered - - - -"),
        (.delivered, "- - - - - - - - - - - -"),
    ]

    @Test("Every state and every event")
    func transitions() {
        #expect(Self.table.map(\.0) == SMSSendState.allCases)
        for (state, row) in Self.table {
            let targets = row.split(separator: " ")
            #expect(targets.count == Self.events.count)
            for (event, target) in zip(Self.events, targets) {
                switch state.after(event) {
                case .moved(let next): #expect(next.rawValue == target, "\(state) \(event)")
                case .ignored: #expect(target == "-", "\(state) \(event)")
                }
            }
        }
    }

    @Test("No order of events comes back to a state once left")
    func noCycles() {
        func walk(_ state: SMSSendState, _ seen: Set<SMSSendState>) {
            for event in Self.events {
                guard case .moved(let next) = state.after(event) else { continue }
                #expect(!seen.contains(next))
                walk(next, seen.union([next]))
            }
        }
        walk(.created, [.created])
    }

    @Test("Delivery reports in any order and number end in what the best of them says")
    func anyOrder() {
        let reports: [DeliveryReport] = [.accepted, .buffered, .delivered, .accepted, .delivered]
        for shift in 0..<reports.count {
            let order = reports[shift...] + reports[..<shift]
            for sequence in [Array(order), order.reversed()] {
                var state = SMSSendState.accepted
                for report in sequence {
                    if case .moved(let next) = state.after(.reported(report)) { state = next }
                }
                #expect(state == .delivered)
            }
        }
    }

    @Test("A report on what never left is impossible", arguments: DeliveryReport.allCases)
    func forged(report: DeliveryReport) {
        for state in [SMSSendState.created, .refused] {
            #expect(state.after(.reported(report)) == .ignored(.impossible) && !state.mayHaveLeft)
        }
    }

    @Test("A report that overtakes the gateway's own answer stands")
    func overtaken() {
        #expect(SMSSendState.sending.after(.reported(.delivered)) == .moved(.delivered))
        #expect(SMSSendState.delivered.after(Self.accepted) == .ignored(.outOfOrder))
        #expect(SMSSendState.delivered.after(Self.refused) == .ignored(.outOfOrder))
        #expect(SMSSendState.delivered.after(.reported(.delivered)) == .ignored(.repeated))
    }

    // MARK: Failover

    static let steps: [(GatewayOutcome, Int, Int, FailoverStep)] = [
        (.accepted(providerID: nil), 1, 1, .settled), (.queued(providerID: nil), 1, 1, .settled),
        (.ambiguous(reason: ""), 1, 1, .settled), (.refused(.permanent, reason: ""), 1, 1, .tryNext),
        (.refused(.retryable, reason: ""), 1, 1, .tryNext), (.refused(.configuration, reason: ""), 1, 3, .tryNext),
        (.refused(.retryable, reason: ""), 1, 0, .exhausted), (.refused(.retryable, reason: ""), 2, 1, .exhausted),
        (.ambiguous(reason: ""), 2, 0, .settled),
    ]

    @Test("R-SMS-5: a second gateway only when the first surely did not send", arguments: steps)
    func failover(outcome: GatewayOutcome, asked: Int, remaining: Int, step: FailoverStep) {
        #expect(FailoverRule().step(after: outcome, asked: asked, remaining: remaining) == step)
    }

    @Test("The rule keeps its bounds", arguments: [(-1, 1), (0, 1), (2, 2), (4, 4), (99, 4)])
    func failoverBounds(asked: Int, kept: Int) {
        #expect(FailoverRule(gatewaysPerMessage: asked).gatewaysPerMessage == kept)
    }

    @Test("Only refusals for our settings call an operator; labels are a closed set")
    func labels() {
        let all: [GatewayOutcome] =
            [.accepted(providerID: "x"), .queued(providerID: "x"), .ambiguous(reason: "secret")]
            + RefusalKind.allCases.map { .refused($0, reason: "secret") }
        #expect(
            all.map(\.label) == [
                "accepted", "queued", "ambiguous", "refused_permanent", "refused_retryable", "refused_configuration",
            ])
        #expect(all.filter(\.needsOperator).map(\.label) == ["refused_configuration"])
    }

    // MARK: Outgoing message

    @Test("A message that no gateway should see is not made")
    func outgoing() throws {
        let phone = try PhoneNumber(parsing: "0912345678")
        let landline = try PhoneNumber(parsing: "02438253536")
        func message(_ text: String, to phone: PhoneNumber, reference: String = "msg-1") -> OutgoingSMS? {
            OutgoingSMS(phone: phone, text: text, reference: reference, validity: .seconds(300))
        }
        #expect(message("Ma 123456", to: phone)?.parts.parts == 1)
        #expect(message("Ma 123456", to: landline) == nil)
        for empty in ["", " \n\t"] { #expect(message(empty, to: phone) == nil) }
        for reference in ["", "a b", "a&b=c", "ạ", String(repeating: "a", count: 65)] {
            #expect(message("x", to: phone, reference: reference) == nil)
        }
        #expect(message(String(repeating: "a", count: 1530), to: phone) != nil)
        #expect(message(String(repeating: "a", count: 1531), to: phone) == nil)
        #expect(message(String(repeating: "ạ", count: 1_000_000), to: phone) == nil)
        let sent = try #require(message("Ma 123456", to: phone))
        var dumped = ""
        dump(sent, to: &dumped)
        for shown in ["\(sent)", String(reflecting: sent), dumped] {
            #expect(shown.contains("SMS msg-1 to ******678") && !shown.contains("123456") && !shown.contains("912345"))
        }
    }
}
