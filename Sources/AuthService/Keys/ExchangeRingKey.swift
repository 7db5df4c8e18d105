import AuthDomain

/// How many secrets each ring key holds in one place.
package struct SealCensus: Hashable, Sendable {
    /// The place.
    package let column: SealedColumn
    /// Secrets by the id of their key; the empty id counts what is no sealed secret.
    package let secrets: [String: Int]
}

/// What exchanging ring keys came to.
package struct RingKeyExchange: Sendable {
    /// Secrets sealed anew.
    package internal(set) var resealed = 0
    /// Secrets that no key of the ring opens, by place and row: they were left as they are.
    package internal(set) var unreadable: [String] = []
    /// Secrets that changed while they were sealed anew, for the next run.
    package internal(set) var overtaken = 0

    /// Whether everything is under the writing key now.
    package var isWhole: Bool { unreadable.isEmpty && overtaken == 0 }
}

/// Seals every stored secret anew under the first ring key, while the service runs.
///
/// Interrupted at any point it is simply run again: what is under the new key already is passed over. A secret is
/// replaced only if it is still the one that was read.
package struct ExchangeRingKey: Sendable {
    /// Secrets of one step, one transaction: a few milliseconds of the writer.
    private static let rowsPerStep = 200
    /// Places and rows that are named when they cannot be opened.
    private static let namedAtMost = 100

    private let store: any SealedSecretStore
    private let box: any RotatingSecretBox
    private let log: any AuditLog
    private let clock: any WallClock

    /// Makes the use case.
    package init(
        store: any SealedSecretStore, box: any RotatingSecretBox, log: any AuditLog, clock: any WallClock
    ) {
        self.store = store
        self.box = box
        self.log = log
        self.clock = clock
    }

    /// Goes through everything once.
    ///
    /// - Parameters:
    ///   - provenance: Who asked for it.
    ///   - progress: Told how many secrets were looked at, and of how many.
    package func callAsFunction(
        provenance: Provenance, progress: @Sendable (Int64, Int64) -> Void = { _, _ in }
    ) async throws(StoreUnavailable) -> RingKeyExchange {
        var exchange = RingKeyExchange()
        var total: Int64 = 0
        for column in store.sealedColumns { total += Int64(try await store.sealedCount(in: column)) }
        var seen: Int64 = 0
        for column in store.sealedColumns {
            try await eachPage(of: column) { rows throws(StoreUnavailable) in
                try await reseal(rows, in: column, &exchange)
                seen += Int64(rows.count)
                progress(seen, max(total, seen))
            }
        }
        if exchange.resealed > 0 {
            try await log.append(
                AuditEvent(
                    time: clock.now(), code: .ringKeyExchanged, result: exchange.isWhole ? .success : .failure,
                    detail: "\(exchange.resealed) secrets sealed under ring key \(box.writingKey)",
                    provenance: provenance))
        }
        return exchange
    }

    /// Counts what each key holds: a key that holds nothing can leave the settings.
    package func census() async throws(StoreUnavailable) -> [SealCensus] {
        var result: [SealCensus] = []
        for column in store.sealedColumns {
            var secrets: [String: Int] = [:]
            for (head, count) in try await store.sealedHeads(in: column, byteCount: box.headByteCount) {
                secrets[box.key(of: head) ?? "", default: 0] += count
            }
            result.append(SealCensus(column: column, secrets: secrets))
        }
        return result
    }

    /// Names every secret that no key of the ring opens.
    package func unreadable() async throws(StoreUnavailable) -> [String] {
        var names: [String] = []
        for column in store.sealedColumns {
            try await eachPage(of: column) { rows throws(StoreUnavailable) in
                for row in rows where box.open(row.sealed, row: row.row, purpose: column.purpose) == nil {
                    if names.count < Self.namedAtMost { names.append("\(column.name) \(row.row)") }
                }
            }
        }
        return names
    }

    private func reseal(
        _ rows: [SealedRow], in column: SealedColumn, _ exchange: inout RingKeyExchange
    ) async throws(StoreUnavailable) {
        var changes: [(old: SealedRow, sealed: [UInt8])] = []
        for row in rows where box.key(of: row.sealed) != box.writingKey {
            guard let secret = box.open(row.sealed, row: row.row, purpose: column.purpose) else {
                if exchange.unreadable.count < Self.namedAtMost {
                    exchange.unreadable.append("\(column.name) \(row.row)")
                }
                continue
            }
            changes.append((row, box.seal(secret, row: row.row, purpose: column.purpose)))
        }
        guard !changes.isEmpty else { return }
        let replaced = try await store.reseal(changes, in: column)
        exchange.resealed += replaced
        exchange.overtaken += changes.count - replaced
    }

    private func eachPage(
        of column: SealedColumn, _ body: ([SealedRow]) async throws(StoreUnavailable) -> Void
    ) async throws(StoreUnavailable) {
        var last = ""
        while true {
            let rows = try await store.sealedRows(in: column, after: last, limit: Self.rowsPerStep)
            guard let end = rows.last else { return }
            try await body(rows)
            last = end.row
        }
    }
}
