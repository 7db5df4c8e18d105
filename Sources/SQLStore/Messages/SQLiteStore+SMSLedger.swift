package import AuthDomain
package import AuthService

extension SQLiteStore: SMSLedger {
    /// Judges a message and writes its row in one transaction; see the port.
    package func admit(_ admission: SMSAdmission) async throws(StoreUnavailable) -> SMSAdmissionVerdict {
        try await write(.admitMessage, changing: .nothing) { transaction in
            try MessageAdmission(admission).judge(in: &transaction)
        }
    }

    /// Notes that a gateway is about to be asked.
    package func begin(
        _ reference: String, gateway: String, now: WallInstant
    ) async throws(StoreUnavailable) -> Bool {
        try await write(.moveMessage, changing: .nothing) { transaction in
            try transaction.execute(MessageStatements.begin(reference, gateway: gateway, now: now)) > 0
        }
    }

    /// Notes what the gateways answered.
    package func conclude(_ conclusion: SMSConclusion, now: WallInstant) async throws(StoreUnavailable) {
        try await write(.moveMessage, changing: .nothing) { transaction in
            guard let row = try transaction.first(MessageStatements.message(conclusion.reference), MessageRow.init)
            else { return }
            // Where no gateway was asked the message ended before it began.
            let event: SMSSendEvent =
                row.state == .created && conclusion.outcome.surelyNotSent ? .outlived : .answered(conclusion.outcome)
            let cost = conclusion.costPerPart.map { $0 * row.parts } ?? row.cost
            try transaction.execute(MessageStatements.note(conclusion, cost: cost))
            if case .moved(let state) = row.state.after(event) {
                try transaction.execute(MessageStatements.move(row, to: state, now: now))
                if state == .refused {
                    return try MessageCounts.giveBack(row, messages: 1, money: row.cost, in: transaction)
                }
            }
            try MessageCounts.giveBack(row, messages: 0, money: row.cost - cost, in: transaction)
        }
    }

    /// Applies a carrier's report.
    package func report(
        _ report: DeliveryReport, of subject: SMSReportSubject, gateway: String, now: WallInstant, event: AuditEvent
    ) async throws(StoreUnavailable) -> SMSReportVerdict {
        try await write(.moveMessage, changing: .nothing) { transaction in
            let statement = MessageStatements.message(subject, gateway: gateway)
            guard let row = try transaction.first(statement, MessageRow.init) else { return .unknown }
            let transition = row.state.after(.reported(report))
            guard case .moved(let state) = transition else { return .applied(transition) }
            try transaction.execute(MessageStatements.move(row, to: state, now: now))
            if state == .failed { try transaction.append(event.about(row)) }
            return .applied(transition)
        }
    }

    /// Settles messages that nobody works on any more.
    package func recover(
        stuckSince: WallInstant, now: WallInstant, limit: Int
    ) async throws(StoreUnavailable) -> SMSRecovery {
        try await write(.moveMessage, changing: .nothing) { transaction in
            var found = SMSRecovery()
            for row in try transaction.rows(
                MessageStatements.leaving(before: stuckSince, limit: limit), MessageRow.init)
            {
                let event: SMSSendEvent = row.state == .created ? .outlived : .interrupted
                guard case .moved(let state) = row.state.after(event) else { continue }
                try transaction.execute(MessageStatements.move(row, to: state, now: now))
                if state == .refused {
                    try MessageCounts.giveBack(row, messages: 1, money: row.cost, in: transaction)
                    found.neverLeft += 1
                } else {
                    found.unknown += 1
                }
            }
            let left = limit - found.neverLeft - found.unknown
            for row in try transaction.rows(
                MessageStatements.open(expiredBefore: now - Self.reportWait, limit: max(left, 0)), MessageRow.init)
            {
                guard case .moved(let state) = row.state.after(.outlived) else { continue }
                try transaction.execute(MessageStatements.move(row, to: state, now: now))
                found.expired += 1
            }
            try transaction.execute(MessageStatements.purge(before: now - Self.retention, limit: limit))
            try transaction.execute(OrderStatements.purge(before: now - Self.retention, limit: limit))
            return found
        }
    }

    /// How long after a message's life a report may still be the first word about it.
    private static let reportWait = Duration.seconds(600)
    /// How long messages stay on record (R-LOG-1).
    private static let retention = Duration.seconds(400 * 86_400)
}

extension AuditEvent {
    /// The same about a message's account and number.
    fileprivate func about(_ row: MessageRow) -> AuditEvent {
        AuditEvent(
            time: time, code: code, result: result, account: row.account, address: address, factor: factor,
            detail: "\(row.masked) \(detail ?? "")", provenance: provenance)
    }
}
