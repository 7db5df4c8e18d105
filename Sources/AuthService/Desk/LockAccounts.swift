package import AuthDomain

/// What became of one address of a batch.
package struct BatchLock: Sendable {
    /// How it ended.
    package enum Outcome: String, CaseIterable, Sendable {
        case locked
        case alreadyLocked = "already_locked"
        case notFound = "not_found"
        case conflict
    }

    /// The address as sent.
    package let address: String
    /// How it ended.
    package let outcome: Outcome
}

/// Locks many mailboxes for one cause on one paper (Đ8.2.b, c; R-LOCK-16).
package struct LockAccounts: Sendable {
    /// Addresses in one batch.
    package static let limit = 100

    private let lock: LockAccount

    /// Makes the use case.
    package init(ports: ServicePorts, policy: ServicePolicy) {
        lock = LockAccount(ports: ports, policy: policy)
    }

    /// Locks each address in a transaction of its own, so that one that is not known keeps no other from its lock.
    ///
    /// - Throws: `unavailable` in the middle when the database goes; those that were locked stay so, and the same
    ///   batch may be sent again.
    package func callAsFunction(
        _ addresses: [String], cause: LockCause, note: String, document: String, source: LockSource,
        provenance: Provenance
    ) async throws(OperatorFailure) -> [BatchLock] {
        guard (1...Self.limit).contains(addresses.count) else {
            throw OperatorFailure.invalidRequest(field: "accounts", expected: "1 to \(Self.limit) addresses")
        }
        var results: [BatchLock] = []
        for address in addresses {
            do {
                _ = try await lock(
                    address, cause: cause, note: note, document: document, source: source, provenance: provenance)
                results.append(BatchLock(address: address, outcome: .locked))
            } catch {
                switch error {
                case .alreadyLocked: results.append(BatchLock(address: address, outcome: .alreadyLocked))
                case .notFound: results.append(BatchLock(address: address, outcome: .notFound))
                case .changedMeanwhile: results.append(BatchLock(address: address, outcome: .conflict))
                default: throw error
                }
            }
        }
        return results
    }
}
