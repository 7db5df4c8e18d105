import AuthDomain
import Testing

@Suite("Attempt budget: reservations (R-LOCK-6)")
struct ReservationLedgerTests {
    @Test("At most the limit verify at once; the rest wait, and are locked out when five were judged")
    func storm() {
        var ledger = ReservationLedger()
        var durable = BudgetState.fresh
        let answers = (0..<200).map {
            ledger.reserve(ticket: "t\($0)", durable: durable, limit: 5, now: 0, lifetime: 100)
        }
        #expect(answers.filter { $0 == .granted }.count == 5)
        #expect(answers.filter { $0 == .busy }.count == 195)
        for ticket in 0..<5 {
            durable.failures += 1
            ledger.settle(ticket: "t\(ticket)", newer: durable)
            let next = ledger.reserve(ticket: "u\(ticket)", durable: .fresh, limit: 5, now: 0, lifetime: 100)
            #expect(next == (ticket < 4 ? .busy : .locked))
        }
        #expect(ledger.reserve(ticket: "late", durable: .fresh, limit: 5, now: 1_000_000, lifetime: 100) == .locked)
    }

    @Test("Right entries settle without a count, so all of many pass one after another")
    func rightEntries() {
        var ledger = ReservationLedger()
        let durable = BudgetState(epoch: 3, failures: 4)
        for ticket in 0..<50 {
            #expect(ledger.reserve(ticket: "\(ticket)", durable: durable, limit: 5, now: 0, lifetime: 100) == .granted)
            #expect(ledger.reserve(ticket: "other", durable: durable, limit: 5, now: 0, lifetime: 100) == .busy)
            ledger.settle(ticket: "\(ticket)", newer: nil)
        }
    }

    @Test("The ticket of a caller that died counts no longer once it expired")
    func expiry() {
        var ledger = ReservationLedger()
        let durable = BudgetState(epoch: 0, failures: 4)
        #expect(ledger.reserve(ticket: "dead", durable: durable, limit: 5, now: 0, lifetime: 100) == .granted)
        #expect(ledger.reserve(ticket: "next", durable: durable, limit: 5, now: 99, lifetime: 100) == .busy)
        #expect(ledger.reserve(ticket: "next", durable: durable, limit: 5, now: 100, lifetime: 100) == .granted)
        #expect(ledger.tickets.keys.sorted() == ["next"])
    }

    @Test(
        "The newer of cached and durable decides",
        arguments: [
            (BudgetState(epoch: 1, failures: 5), BudgetState(epoch: 1, failures: 0), .locked),
            (BudgetState(epoch: 1, failures: 0), BudgetState(epoch: 1, failures: 5), .locked),
            (BudgetState(epoch: 1, failures: 5), BudgetState(epoch: 2, failures: 0), .granted),
            (BudgetState(epoch: 2, failures: 0), BudgetState(epoch: 1, failures: 5), .granted),
        ] as [(BudgetState, BudgetState, Reservation)])
    func newest(cached: BudgetState, durable: BudgetState, expected: Reservation) {
        var ledger = ReservationLedger()
        ledger.settle(ticket: "none", newer: cached)
        #expect(ledger.reserve(ticket: "t", durable: durable, limit: 5, now: 0, lifetime: 1) == expected)
        #expect(ledger.cached == max(cached, durable))
    }

    @Test("A ledger that lost everything starts from the durable state")
    func lost() {
        var ledger = ReservationLedger()
        let durable = BudgetState(epoch: 0, failures: 5)
        #expect(ledger.reserve(ticket: "t", durable: durable, limit: 5, now: 0, lifetime: 1) == .locked)
        #expect(ledger.tickets.isEmpty)
    }

    @Test("A live ticket is granted again without taking a second place")
    func sameTicket() {
        var ledger = ReservationLedger()
        let durable = BudgetState(epoch: 0, failures: 4)
        #expect(ledger.reserve(ticket: "t", durable: durable, limit: 5, now: 0, lifetime: 10) == .granted)
        #expect(ledger.reserve(ticket: "t", durable: durable, limit: 5, now: 5, lifetime: 10) == .granted)
        #expect(ledger.tickets == ["t": 15])
    }

    @Test("A ledger is idle when no ticket lives; settling twice is harmless")
    func idle() {
        var ledger = ReservationLedger()
        #expect(ledger.reserve(ticket: "t", durable: .fresh, limit: 5, now: 0, lifetime: 10) == .granted)
        #expect(!ledger.isIdle(now: 9))
        #expect(ledger.isIdle(now: 10))
        ledger.settle(ticket: "t", newer: BudgetState(epoch: 0, failures: 1))
        ledger.settle(ticket: "t", newer: nil)
        #expect(ledger.cached == BudgetState(epoch: 0, failures: 1))
    }

    @Test("However calls interleave, no more than the limit are ever judged", arguments: 0..<50 as Range<UInt64>)
    func anyOrder(seed: UInt64) {
        var random = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func next(_ bound: Int) -> Int {
            random ^= random << 13
            random ^= random >> 7
            random ^= random << 17
            return Int(random % UInt64(bound))
        }
        var ledger = ReservationLedger()
        var durable = BudgetState.fresh
        var running: [String] = []
        var evaluated = 0
        for call in 0..<500 {
            if next(2) == 0, !running.isEmpty {
                durable.failures += 1
                ledger.settle(ticket: running.remove(at: next(running.count)), newer: durable)
            } else if ledger.reserve(ticket: "\(call)", durable: .fresh, limit: 5, now: 0, lifetime: 1) == .granted {
                evaluated += 1
                running.append("\(call)")
            }
        }
        #expect(evaluated == 5)
    }
}
