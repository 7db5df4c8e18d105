package import AuthDomain

/// How an import ended.
package struct FormImportResult: Sendable {
    /// Rows carried out now.
    package var carriedOut = 0
    /// Rows that met a refusal although they were judged right: another act came in between.
    package var refused: [(position: FormPosition, problem: FormProblem)] = []
    /// The numbers of the sealed files written now.
    package var deliveries: [Int] = []
    /// Messages that the service is to send now.
    package var messages = 0
}

/// Why an import stopped; what was carried out before stays, and the next run goes on behind it.
package enum FormImportFailure: Error {
    /// The database cannot answer.
    case unavailable(reason: String)
    /// Secrets could not be stored, so the accounts they open were not made.
    case undelivered(reason: String)
}

/// A row on its way into the database, with the secrets it brings.
struct PreparedRow: Sendable {
    let write: FormWrite
    let secrets: IssuedSecrets?
}

/// Rows of one transaction and one sealed file.
struct FormBatch: Sendable {
    let store: any FormStore
    let rows: [PreparedRow]
    /// The number of the sealed file; nil when no row brings secrets.
    let part: Int?

    /// Stores the secrets, then commits the rows.
    func carryOut(
        of file: FormFileIdentity, now: WallInstant, delivery: (any SecretDelivery)?, _ result: inout FormImportResult
    ) async throws(FormImportFailure) {
        let secrets = rows.compactMap(\.secrets)
        try deliver(secrets, delivery)
        let refusals: [OperatorRefusal?]
        do {
            refusals = try await store.carryOut(rows.map(\.write), of: file, now: now)
        } catch {
            throw .unavailable(reason: error.reason)
        }
        var standing: [IssuedSecrets] = []
        for (row, refusal) in zip(rows, refusals) {
            if let refusal {
                result.refused.append((row.write.entry.position, Self.problem(refusal)))
            } else {
                result.carriedOut += 1
                result.messages += row.write.orders.count
                if let secrets = row.secrets { standing.append(secrets) }
            }
        }
        // Secrets of refused rows open nothing; they must not lie beside those that do.
        if standing.count < secrets.count { try deliver(standing, delivery) }
        if let part, !standing.isEmpty { result.deliveries.append(part) }
    }

    private func deliver(
        _ secrets: [IssuedSecrets], _ delivery: (any SecretDelivery)?
    ) throws(FormImportFailure) {
        guard let part, let delivery else { return }
        do {
            try delivery.store(secrets, part: part)
        } catch {
            throw .undelivered(reason: error.reason)
        }
    }

    private static func problem(_ refusal: OperatorRefusal) -> FormProblem {
        switch refusal {
        case .addressTaken: .addressTaken
        case .notFound: .unknownAddress
        case .conflict, .held, .unavailable: .changedMeanwhile
        }
    }
}
