package import AuthDomain
package import AuthService

extension SQLiteStore: CallMemory {
    /// A call that was begun and not ended for so long died with its instance.
    private static var deadAfter: Duration { .seconds(60) }
    /// How long an answer is kept (R-API-4: at least 24 h).
    private static var kept: Duration { .seconds(2 * 86_400) }

    /// Notes a call before it is carried out.
    package func begin(
        client: String, key: String, digest: [UInt8], now: WallInstant
    ) async throws(StoreUnavailable) -> CallBeginning {
        try await write(.operatorWrite, changing: .nothing) { transaction in
            try transaction.execute(CallStatements.purge(before: now - Self.kept))
            let beginning = CallStatements.begin(client: client, key: key, digest: digest, now: now)
            if try transaction.execute(beginning) > 0 { return .new }
            let found = try transaction.first(CallStatements.call(client: client, key: key)) { row in
                let (digest, begunAt) = (row.blob(), row.instant())
                return (digest: digest, begunAt: begunAt, status: row.optionalInteger(), body: Array(row.text().utf8))
            }
            guard let found else { return .new }
            guard found.digest == digest else { return .different }
            if let status = found.status { return .answered(status: Int(status), body: found.body) }
            guard found.begunAt + Self.deadAfter <= now || found.begunAt > now else { return .inFlight }
            try transaction.execute(CallStatements.takeOver(client: client, key: key, now: now))
            return .new
        }
    }

    /// Notes its answer.
    package func finish(client: String, key: String, status: Int, body: [UInt8]) async throws(StoreUnavailable) {
        try await write(.operatorWrite, changing: .nothing) { transaction in
            _ = try transaction.execute(CallStatements.finish(client: client, key: key, status: status, body: body))
        }
    }

    /// Forgets a call that failed.
    package func forget(client: String, key: String) async throws(StoreUnavailable) {
        try await write(.operatorWrite, changing: .nothing) { transaction in
            _ = try transaction.execute(CallStatements.forget(client: client, key: key))
        }
    }
}
