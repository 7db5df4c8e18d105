package import AuthDomain
package import AuthService

extension SQLiteStore: SMSOrderBook {
    /// Takes due orders; what became of their last messages decides, see `SMSOrderStep`.
    package func claim(
        references: [String], lease: WallInstant, now: WallInstant
    ) async throws(StoreUnavailable) -> [ClaimedSMSOrder] {
        let isAnyDue = try await read(.readMessages) { connection in
            try connection.exists(OrderStatements.due(at: now, limit: 1))
        }
        // Nothing is due most of the time; the writer is not asked then.
        guard isAnyDue else { return [] }
        return try await write(.moveMessage) { transaction in
            var free = references[...]
            var claimed: [ClaimedSMSOrder] = []
            for found in try transaction.rows(
                OrderStatements.due(at: now, limit: references.count), DueOrder.init)
            {
                let step = SMSOrderStep.next(after: found.last, repeats: found.repeats)
                var reference = found.reference ?? ""
                switch step {
                case .send, .sendAgain:
                    guard let fresh = free.popFirst() else { continue }
                    reference = fresh
                    try transaction.execute(
                        OrderStatements.claim(
                            found.order.id, reference: fresh, repeats: found.repeats + (step == .sendAgain ? 1 : 0),
                            lease: lease))
                case .wait, .end:
                    try transaction.execute(OrderStatements.postpone(found.order.id, to: lease))
                }
                if step != .wait {
                    claimed.append(ClaimedSMSOrder(order: found.order, reference: reference, step: step))
                }
            }
            return claimed
        }
    }

    /// Puts an order off or ends it.
    package func conclude(
        _ claimed: ClaimedSMSOrder, _ verdict: SMSOrderVerdict, now: WallInstant, event: AuditEvent?
    ) async throws(StoreUnavailable) {
        try await write(.moveMessage) { transaction in
            switch verdict {
            case .later(let instant):
                try transaction.execute(OrderStatements.postpone(claimed, to: instant))
            case .ended(let end, let reason):
                let statement = OrderStatements.end(claimed, end, reason: reason, now: now)
                guard try transaction.execute(statement) > 0 else { return }
                if end == .sent {
                    try transaction.execute(OrderStatements.noteNotice(of: claimed.order.id, now: now))
                }
                if let event { try transaction.append(event) }
            }
        }
    }

    /// Orders that wait or were given up.
    package func standingOrders(limit: Int) async throws(StoreUnavailable) -> [SMSOrderStanding] {
        try await read(.readMessages) { connection in
            let waiting = try connection.rows(OrderStatements.waiting(limit: limit), SMSOrderStanding.init(row:))
            let rest = limit - waiting.count
            guard rest > 0 else { return waiting }
            return try waiting + connection.rows(OrderStatements.lost(limit: rest), SMSOrderStanding.init(row:))
        }
    }
}

/// A row of `OrderStatements.due`.
private struct DueOrder {
    let order: SMSOrder
    let repeats: Int
    let reference: String?
    let last: SMSSendState?

    init(_ row: inout SQLRow) throws {
        let id = row.text()
        let account = AccountID(row.text())
        let purpose = try row.member(of: SMSPurpose.self)
        order = SMSOrder(
            id: id, account: account, purpose: purpose, transaction: row.text(),
            sealedPassword: row.optionalBlob(), passwordVersion: row.optionalInteger())
        repeats = Int(row.integer())
        reference = row.optionalText()
        last = try row.optionalMember(of: SMSSendState.self)
    }
}

extension SMSOrderStanding {
    fileprivate init(row: inout SQLRow) throws {
        let id = row.text()
        let (address, phone) = (row.optionalText(), row.optionalText())
        let purpose = try row.member(of: SMSPurpose.self)
        let (orderedAt, dueAt) = (row.instant(), row.instant())
        let end = try row.optionalMember(of: SMSOrderEnd.self)
        self.init(
            id: id, address: address, maskedPhone: phone, purpose: purpose, orderedAt: orderedAt,
            dueAt: end == nil ? dueAt : nil, end: end, reason: row.optionalText())
    }
}
