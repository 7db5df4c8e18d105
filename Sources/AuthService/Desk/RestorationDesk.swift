package import AuthDomain

/// A request as it comes to the desk.
package struct RestorationPetition: Sendable {
    /// The organisation that asks.
    package let organisation: String
    /// The number and date of its paper.
    package let document: String
    /// Who asks in its name.
    package let requestedBy: String
    /// The official channel; nil for the city's own mailbox.
    package let channel: String?
    /// When it came; nil for now.
    package let receivedAt: WallInstant?

    /// Makes a petition.
    package init(
        organisation: String, document: String, requestedBy: String, channel: String?, receivedAt: WallInstant?
    ) {
        self.organisation = organisation
        self.document = document
        self.requestedBy = requestedBy
        self.channel = channel
        self.receivedAt = receivedAt
    }
}

/// Takes organisations' requests and sees them through (Đ8.3; R-REST-1, 2, 3, 8).
package struct RestorationDesk: Sendable {
    private let ports: ServicePorts
    private let desk: OperatorDesk
    private let restore: RestoreAccount

    /// Makes the use cases.
    package init(ports: ServicePorts, policy: ServicePolicy) {
        self.ports = ports
        desk = OperatorDesk(ports: ports, policy: policy)
        restore = RestoreAccount(ports: ports, policy: policy)
    }

    /// Records a request; one at a time for each mailbox, and only while it is locked.
    package func record(
        _ address: String, _ petition: RestorationPetition, provenance: Provenance
    ) async throws(OperatorFailure) -> RestorationRequest {
        let organisation = try OperatorDesk.text(petition.organisation, field: "organisation", limit: 200)
        let document = try OperatorDesk.text(petition.document, field: "document", limit: 200)
        let requestedBy = try OperatorDesk.text(petition.requestedBy, field: "requested_by", limit: 200)
        let channel = try OperatorDesk.optionalText(petition.channel, field: "channel", limit: 200)
        let now = ports.clock.now()
        let receivedAt = petition.receivedAt ?? now
        guard receivedAt <= now, receivedAt > now - .seconds(366 * 86_400) else {
            throw OperatorFailure.invalidRequest(
                field: "received_at", expected: "an instant within the last year, not in the future")
        }
        let account = try await desk.account(address)
        guard !account.locks.isEmpty else { throw OperatorFailure.notLocked }
        let rules = ports.deadlines.rules
        var request = RestorationRequest(
            id: ports.random.identifier(prefix: "req_"), account: account.id, address: account.address.text,
            organisation: organisation, document: document, requestedBy: requestedBy,
            channel: channel ?? DenialText.supportMailbox, receivedAt: receivedAt,
            dueAt: rules.calendar.end(ofWorkingDays: rules.restorationWorkingDays, from: receivedAt), recordedAt: now,
            recordedBy: provenance.actor ?? provenance.client)
        request.causes = account.locks.map(\.cause)
        let event = event(
            .restorationRequested, request, "due \(RFC3339.format(request.dueAt)); by \(requestedBy)", provenance)
        let wanted = request
        do {
            try await ports.desk.add(wanted, event: event)
        } catch {
            if error == .conflict { throw OperatorFailure.requestIsOpen }
            throw OperatorFailure(error)
        }
        return request
    }

    /// One page of requests, the most urgent first.
    package func list(
        _ filter: RequestFilter, after cursor: String?, limit: Int
    ) async throws(OperatorFailure) -> DeskPage<RestorationRequest> {
        try await operating(OperatorFailure.init(_:)) { () async throws(StoreUnavailable) in
            try await ports.desk.requests(filter, now: ports.clock.now(), after: cursor, limit: limit)
        }
    }

    /// Restores the mailbox of a request; the restoration closes it in its own transaction.
    ///
    /// - Parameters:
    ///   - id: The request.
    ///   - remediation: What was done about the cause (Đ8.3.b).
    ///   - decision: The city office's decision, which a prohibited act asks for beside the request.
    ///   - provenance: For the record.
    package func execute(
        _ id: String, remediation: String?, decision: String?, provenance: Provenance
    ) async throws(OperatorFailure) -> (request: RestorationRequest, restored: RestoredAccount) {
        let request = try await open(id)
        let decision = try OperatorDesk.optionalText(decision, field: "decision", limit: 200)
        if decision == nil, request.causes.contains(where: \.requiresDecision) {
            throw OperatorFailure.missingGrounds([.decision])
        }
        let restored = try await restore(
            request.address, document: decision ?? request.document, requestedBy: request.requestedBy,
            remediation: remediation, provenance: provenance)
        return (try await found(id), restored)
    }

    /// Closes a request without a restoration.
    package func reject(
        _ id: String, note: String, provenance: Provenance
    ) async throws(OperatorFailure) -> RestorationRequest {
        let note = try OperatorDesk.text(note, field: "note", limit: 1000)
        let request = try await open(id)
        let closing = RestorationRequest.Closing(
            outcome: .rejected, at: ports.clock.now(), actor: provenance.actor ?? provenance.client, note: note,
            restoration: nil)
        let event = event(.restorationRequestClosed, request, "rejected: \(note)", provenance)
        do {
            try await ports.desk.reject(id, by: closing, event: event)
        } catch {
            if error == .conflict { throw OperatorFailure.alreadyClosed }
            throw OperatorFailure(error)
        }
        return try await found(id)
    }

    private func open(_ id: String) async throws(OperatorFailure) -> RestorationRequest {
        let request = try await found(id)
        guard request.closing == nil else { throw OperatorFailure.alreadyClosed }
        return request
    }

    private func found(_ id: String) async throws(OperatorFailure) -> RestorationRequest {
        let found = try await operating(OperatorFailure.init(_:)) { () async throws(StoreUnavailable) in
            try await ports.desk.request(id)
        }
        guard let found else { throw OperatorFailure.notFound }
        return found
    }

    private func event(
        _ code: AuditCode, _ request: RestorationRequest, _ detail: String, _ provenance: Provenance
    ) -> AuditEvent {
        AuditEvent(
            time: ports.clock.now(), code: code, result: .success, account: request.account,
            address: request.address, clause: "Điều 8.3", document: request.document,
            detail: "\(request.id) \(detail)", provenance: provenance)
    }
}
