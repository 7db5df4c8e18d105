package import AuthDomain

/// What became of a call that names itself with an `Idempotency-Key` (R-API-4).
package enum CallBeginning: Hashable, Sendable {
    /// It is the first of its name: carry it out, and keep its answer under this row.
    case new(row: String)
    /// It was answered before: the answer as it was kept, and its row.
    case answered(sealed: [UInt8], row: String)
    /// Another one of its name is being carried out.
    case inFlight
    /// Its name was used for another request.
    case different
}

/// Remembers calls by the name that their client gave them, for a day at least.
///
/// Answers may hold secrets, so they come sealed, bound to their row. A name is its client's own: another client that
/// uses the same one has a call of its own.
package protocol CallMemory: Sendable {
    /// Notes a call before it is carried out; one that was begun and never ended may be tried again after a while.
    ///
    /// - Parameter row: The row for a call that is new.
    func begin(
        client: String, key: String, digest: [UInt8], row: String, now: WallInstant
    ) async throws(StoreUnavailable) -> CallBeginning

    /// Keeps its answer.
    func finish(row: String, sealed: [UInt8]) async throws(StoreUnavailable)

    /// Forgets a call that failed, so that it may be tried again at once.
    func forget(row: String) async throws(StoreUnavailable)
}
