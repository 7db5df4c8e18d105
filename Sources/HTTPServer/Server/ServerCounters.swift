internal import Synchronization

/// A number that one loop writes and any thread reads.
final class LoopCounter: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .relaxed) }

    func add(_ amount: Int) {
        count.wrappingAdd(amount, ordering: .relaxed)
    }
}

/// What one engine counts.
struct EngineCounters: Sendable {
    let connections = LoopCounter()
    let inFlight = LoopCounter()
    let accepted = LoopCounter()
    let requests = LoopCounter()
    private let refusals = Refusal.Reason.allCases.map { ($0, LoopCounter()) }

    func count(_ reason: Refusal.Reason) {
        refusals.first { $0.0 == reason }?.1.add(1)
    }

    func refused(_ reason: Refusal.Reason) -> Int {
        refusals.first { $0.0 == reason }?.1.value ?? 0
    }
}

/// How many connections there are in all and from each address; shared by the engines of a server.
final class ConnectionCensus: Sendable {
    private let counters: [EngineCounters]
    private let maxTotal: Int
    private let maxPerAddress: Int
    private let addresses = Mutex<[String: Int]>([:])

    init(counters: [EngineCounters], limits: HTTPLimits) {
        self.counters = counters
        maxTotal = limits.maxConnections
        maxPerAddress = limits.maxConnectionsPerAddress
    }

    /// Requests that wait for a handler, all loops together.
    var inFlight: Int { counters.reduce(0) { $0 + $1.inFlight.value } }

    /// Why a connection must not be let in; `nil` when it may.
    ///
    /// Two loops that ask at the same instant may both let one in: the limits may be passed by one per loop.
    func objection(to address: @autoclosure () -> String) -> Refusal.Reason? {
        if counters.reduce(0, { $0 + $1.connections.value }) >= maxTotal { return .connectionLimit }
        guard countsAddresses else { return nil }
        let address = address()
        return addresses.withLock { $0[address, default: 0] >= maxPerAddress } ? .addressLimit : nil
    }

    func entered(_ address: @autoclosure () -> String) {
        guard countsAddresses else { return }
        let address = address()
        addresses.withLock { $0[address, default: 0] += 1 }
    }

    func left(_ address: @autoclosure () -> String) {
        guard countsAddresses else { return }
        let address = address()
        addresses.withLock { table in
            table[address, default: 1] -= 1
            if table[address] == 0 { table[address] = nil }
        }
    }

    private var countsAddresses: Bool { maxPerAddress < maxTotal }
}
