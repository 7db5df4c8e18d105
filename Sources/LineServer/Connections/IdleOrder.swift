/// The connections of a listener in the order in which they became idle; every operation takes constant time on average.
///
/// A connection that goes on is not looked for: its entry is found outdated when its turn comes, and entries that are
/// outdated are cleared away before they outnumber the others.
struct IdleOrder {
    private var entries: [(id: Int, turn: Int)] = []
    private var head = 0
    private var turns: [Int: Int] = [:]
    private var turn = 0

    /// How many connections are idle.
    var count: Int { turns.count }

    /// Notes that a connection has become idle.
    mutating func entered(_ id: Int) {
        turn += 1
        turns[id] = turn
        if entries.count >= 2 * turns.count + 64 { clearAway() }
        entries.append((id, turn))
    }

    /// Notes that a connection is idle no more; one that was not idle is passed over.
    mutating func left(_ id: Int) {
        turns[id] = nil
    }

    /// Takes out the connection that has been idle longest.
    mutating func popLongest() -> Int? {
        while head < entries.count {
            let entry = entries[head]
            head += 1
            guard turns[entry.id] == entry.turn else { continue }
            turns[entry.id] = nil
            return entry.id
        }
        return nil
    }

    private mutating func clearAway() {
        entries = entries[head...].filter { turns[$0.id] == $0.turn }
        head = 0
    }
}
