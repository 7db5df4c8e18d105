internal import Synchronization

/// What was read lately, by what was asked for; bounded.
///
/// Two generations: when the young one is full it becomes the old one, and what is asked for again moves up, so that
/// what nobody asks for is gone after two fillings.
final class RecentReads<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// A value with the place in the order of changes at which it was read.
    struct Entry: Sendable {
        let value: Value
        let mark: UInt64
    }

    private struct Generations {
        var young: [Key: Entry] = [:]
        var old: [Key: Entry] = [:]

        mutating func keep(_ entry: Entry, for key: Key, limit: Int) {
            if young.count >= limit, young[key] == nil {
                old = young
                young = [:]
            }
            young[key] = entry
        }
    }

    private let limit: Int
    private let generations = Mutex(Generations())

    /// Makes an empty memory.
    ///
    /// - Parameter limit: Values in one generation; twice as many may be held.
    init(limit: Int) {
        self.limit = limit
    }

    /// What was read for a key.
    func find(_ key: Key) -> Entry? {
        generations.withLock { generations in
            if let entry = generations.young[key] { return entry }
            guard let entry = generations.old[key] else { return nil }
            generations.keep(entry, for: key, limit: limit)
            return entry
        }
    }

    /// Keeps what was read for a key in place of what was known.
    func keep(_ value: Value, for key: Key, mark: UInt64) {
        generations.withLock { $0.keep(Entry(value: value, mark: mark), for: key, limit: limit) }
    }
}
