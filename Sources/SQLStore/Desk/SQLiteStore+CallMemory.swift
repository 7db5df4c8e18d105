package import AuthDomain
package import AuthService

extension SQLiteStore: CallMemory {
    /// A call that was begun and not ended for so long died with its instance.
    private static var deadAfter: Duration { .seconds(60) }

    /// Notes a call before it is carried out.
    package func begin(
        client: String, key: String, digest: [UInt8], row: String, now: WallInstant
    ) async throws(StoreUnavailable) -> CallBeginning {
        try await write(.operatorWrite, changing: .nothing) { transaction in
            let age = Prunable.namedCallsAge
            try transaction.execute(PruningStatements.remove(.namedCalls, before: now - age, limit: 16))
            let beginning = CallStatements.begin(client: client, key: key, digest: digest, row: row, now: now)
            if try transaction.execute(beginning) > 0 { return .new(row: row) }
            let found = try transaction.first(CallStatements.call(client: client, key: key)) { row in
                (id: row.text(), digest: row.blob(), begunAt: row.instant(), sealed: row.optionalBlob())
            }
            guard let found else { return .inFlight }
            guard found.digest == digest else { return .different }
            if let sealed = found.sealed { return .answered(sealed: sealed, row: found.id) }
            guard found.begunAt + Self.deadAfter <= now || found.begunAt > now else { return .inFlight }
            try transaction.execute(CallStatements.takeOver(found.id, now: now))
            return .new(row: found.id)
        }
    }

    /// Keeps its answer.
    package func finish(row: String, sealed: [UInt8]) async throws(StoreUnavailable) {
        try await write(.operatorWrite, changing: .nothing) { transaction in
            _ = try transaction.execute(CallStatements.finish(row, sealed: sealed))
        }
    }

    /// Forgets a call that failed.
    package func forget(row: String) async throws(StoreUnavailable) {
        try await write(.operatorWrite, changing: .nothing) { transaction in
            _ = try transaction.execute(CallStatements.forget(row))
        }
    }
}
