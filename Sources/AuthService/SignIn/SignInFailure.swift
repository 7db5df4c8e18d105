package import AuthDomain

/// Why a step of a sign-in was refused, as far as the caller may know (principle 5).
package enum SignInFailure: Error {
    /// The request cannot be meant: the field and what is expected of it.
    case invalidRequest(field: String, expected: String)
    /// Wrong password, unknown address: one answer.
    case invalidCredentials
    /// Wrong, used or expired code: one answer.
    case invalidCode
    /// A lock stands. The cause is told only to a caller whose user proved the password (R-LOCK-17, T-13).
    case accountLocked(LockCause?)
    /// No such sign-in, or it has expired.
    case notFound
    /// The sign-in was overtaken: what it proved is no longer the account's, or a lock ended it.
    case overtaken
    /// The step is not the one owed now.
    case outOfOrder(owed: SignInStatus)
    /// Another call changed this sign-in at the same moment.
    case concurrentCall
    /// The new password breaks rules; all of them are named (R-PW-10).
    case passwordRejected([PolicyViolation])
    /// As many authenticators as allowed are enrolled.
    case tooManyAuthenticators(maximum: Int)
    /// Refused before evaluation (T-3).
    case throttled(retryAfter: Duration)
    /// The account has no phone that codes can be sent to, or rules do not allow it.
    case noUsablePhone
    /// No code is sent now: too soon after the one before, or a budget is used up.
    case sendRefused(retryAfter: Duration)
    /// No gateway took the message.
    case noGateway(retryAfter: Duration)
    /// Something needed is down or full: what, for the log alone.
    case unavailable(reason: String)
}

extension SignInFailure {
    /// A failure of the shared fast store.
    package init(_ error: CountersUnavailable) {
        self = .unavailable(reason: "counters unreachable")
    }

    /// A failure of the database.
    package init(_ error: StoreUnavailable) {
        self = .unavailable(reason: error.reason)
    }

    /// A full hashing pool.
    package init(_ error: Overloaded) {
        self = .unavailable(reason: "hashing pool full")
    }
}

/// Runs a call on a port and says its failure in the words of a sign-in.
func reaching<Value, Failure: Error>(
    _ translate: (Failure) -> SignInFailure, _ body: () async throws(Failure) -> Value
) async throws(SignInFailure) -> Value {
    do {
        return try await body()
    } catch {
        throw translate(error)
    }
}
