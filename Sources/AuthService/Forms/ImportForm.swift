import AuthDomain

/// Carries out the rows of a form that were judged right, so that an interrupted import goes on where it was.
///
/// Secrets are sealed and stored before the accounts they open are committed: a crash in between leaves a file whose
/// secrets open nothing, which the next run writes anew, and never an account whose password nobody was told. The
/// commit takes the journal's rows along, so no row is ever carried out twice. A password that leaves by SMS is
/// committed with its account, sealed, for the service to send.
package struct ImportForm: Sendable {
    /// Rows of one transaction and one sealed file; as many take the writer a tenth of a second.
    package static let batch = 2_000

    private let ports: FormPorts
    private let policy: ServicePolicy
    private let options: FormOptions

    /// Makes the use case.
    package init(ports: FormPorts, policy: ServicePolicy, options: FormOptions) {
        self.ports = ports
        self.policy = policy
        self.options = options
    }

    /// Carries out the planned rows among those judged.
    ///
    /// - Parameters:
    ///   - rows: What `JudgeForm` made of the file.
    ///   - file: The file.
    ///   - delivery: Where secrets go.
    ///   - provenance: Who imports.
    ///   - progress: Hears how many rows are done.
    package func callAsFunction(
        _ rows: [JudgedRow], of file: FormFileIdentity, delivery: any SecretDelivery, provenance: Provenance,
        progress: (Int) -> Void = { _ in }
    ) async throws(FormImportFailure) -> FormImportResult {
        guard let form = file.form else { return FormImportResult() }
        var result = FormImportResult()
        var part = rows.reduce(0) { most, row in
            guard case .done(_, let delivery?) = row.verdict else { return most }
            return max(most, delivery)
        }
        let planned = rows.compactMap { row -> (JudgedRow, FormPlan)? in
            guard case .planned(let plan) = row.verdict else { return nil }
            return (row, plan)
        }
        var rest = planned[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(Self.batch)
            rest = rest.dropFirst(chunk.count)
            let issues = chunk.contains { isSealed($0.1) }
            if issues { part += 1 }
            let prepared = chunk.map { row, plan in
                prepare(row, plan, delivery: isSealed(plan) ? part : nil, form, provenance)
            }
            let batch = FormBatch(store: ports.store, rows: prepared, part: issues ? part : nil)
            try await batch.carryOut(of: file, now: ports.clock.now(), delivery: delivery, &result)
            progress(result.carriedOut)
        }
        return result
    }

    /// Whether a row's secrets leave in a sealed file.
    private func isSealed(_ plan: FormPlan) -> Bool {
        plan.issuesSecrets && !options.sendsPassword(of: plan)
    }

    // MARK: Preparing

    private func prepare(
        _ row: JudgedRow, _ plan: FormPlan, delivery: Int?, _ form: FormKind, _ provenance: Provenance
    ) -> PreparedRow {
        let entry = FormJournalEntry(position: row.position, address: plan.address, delivery: delivery)
        let act: FormAct
        var secrets: IssuedSecrets?
        var orders: [SMSOrder] = []
        let account: AccountID
        switch plan {
        case .issue(let issue):
            let issued = Issued(ports, policy, bySMS: delivery == nil)
            let new = self.issue(issue, issued)
            act = .provision(new)
            account = new.account.id
            secrets = issued.secrets(row.position, plan.address)
            orders = [issued.order(account, ports)].compactMap { $0 }
        case .representative(let planned, let phone):
            let issued = Issued(ports, policy, bySMS: delivery == nil)
            let pending = pending(phone, planned, row, form)
            act = .replaceRepresentative(planned.id, representative(pending, issued))
            account = planned.id
            secrets = issued.secrets(row.position, plan.address)
            orders = [issued.order(account, ports, with: pending), confirmation(pending)].compactMap { $0 }
        case .phone(let planned, let phone):
            let pending = pending(phone, planned, row, form)
            act = .proposePhone(pending)
            account = planned.id
            orders = [confirmation(pending)].compactMap { $0 }
        case .name(let planned, let name):
            var change = AccountChange()
            change.displayName = .some(name)
            act = .change(planned.id, change)
            account = planned.id
        case .organisation(let planned, let organisation):
            var change = AccountChange()
            change.organisation = .some(organisation)
            act = .change(planned.id, change)
            account = planned.id
        case .recall(let planned):
            act = .recall(planned.id, recall(row))
            account = planned.id
        }
        let event = AuditEvent(
            time: ports.clock.now(), code: plan.auditCode, result: .success, account: account,
            address: plan.address.text, clause: form.clause, document: row.document,
            detail: "form \(form.rawValue) sheet \(row.position.sheet) row \(row.position.row): \(plan.code)",
            provenance: provenance)
        return PreparedRow(write: FormWrite(entry: entry, act: act, orders: orders, event: event), secrets: secrets)
    }

    private func issue(_ plan: IssuePlan, _ issued: Issued) -> NewAccount {
        let now = ports.clock.now()
        let id = AccountID(ports.random.identifier(prefix: "acc_"))
        let phone = SealedPhone(plan.phone, for: id, box: ports.box, digest: ports.digest)
        let credential = PasswordCredential(
            record: issued.record, version: 1, changedAt: now, mustChange: true, isIssued: true, expiresAt: nil)
        let account = Account(
            id: id, address: plan.address, aliases: [], kind: plan.kind, displayName: plan.name,
            organisation: plan.organisation, lifecycle: .active, password: credential, budgets: [:], locks: [],
            authenticators: [], recoveryCodesLeft: 0, enrolmentCode: issued.code?.record,
            sealedPhone: phone.sealed, maskedPhone: phone.masked, notifiedAt: options.notifiedAt, createdAt: now,
            lastSignInAt: nil, phone: phone.registered)
        return NewAccount(account: account)
    }

    private func representative(_ phone: PendingPhone, _ issued: Issued) -> RepresentativeChange {
        RepresentativeChange(
            phone: phone, record: issued.record, expiresAt: ports.clock.now() + policy.temporaryPasswordLifetime,
            code: issued.code?.record)
    }

    /// The code that a number waits for; without a gateway it waits until an operator asks for one.
    private func confirmation(_ phone: PendingPhone) -> SMSOrder? {
        guard options.confirmsNumbers else { return nil }
        return SMSOrder(
            id: ports.random.identifier(prefix: "ord_"), account: phone.account, purpose: .phoneVerification,
            transaction: phone.id)
    }

    /// The credentials of a representative end with the form itself, so its confirmation hands nothing over again.
    private func pending(
        _ phone: PhoneNumber, _ account: PlannedAccount, _ row: JudgedRow, _ form: FormKind
    ) -> PendingPhone {
        let sealed = SealedPhone(phone, for: account.id, box: ports.box, digest: ports.digest)
        return PendingPhone(
            id: ports.random.identifier(prefix: "phc_"), account: account.id, sealed: sealed.sealed,
            index: sealed.registered.index, masked: sealed.masked, document: row.document ?? "Mẫu \(form.rawValue)",
            handsOver: false, proposedAt: ports.clock.now())
    }

    /// The period runs from the decision's date, not from the form (R-LIFE-5); without a date, from today.
    private func recall(_ row: JudgedRow) -> Recall {
        let decidedOn = row.decidedOn ?? CivilDate(inHanoiAt: ports.clock.now())
        // Recalled mailboxes are always kept for a while.
        let term = DeadlineRules.keeping(of: .recalled, isHead: options.recallsHeads) ?? .days(60)
        return Recall(
            decidedOn: decidedOn, endsAt: options.calendar.end(of: term, after: decidedOn), document: row.document)
    }
}

/// What a row brings its owner: a temporary password, and an enrolment code unless the number proves them.
private struct Issued {
    let record: String
    let code: (text: String, record: EnrolmentCodeRecord)?
    private let password: PreparedPassword

    init(_ ports: FormPorts, _ policy: ServicePolicy, bySMS: Bool) {
        password = TemporaryPassword.makeLong(
            random: ports.random.bytes(count: TemporaryPassword.longRandomByteCount))
        record = ports.recorder.record(ofRandom: password.utf8)
        // A code by SMS proves its owner at the first sign-in (R-OTP-3).
        code =
            bySMS
            ? nil
            : EnrolmentCodeRecord.issue(
                random: ports.random, digest: ports.digest,
                expiresAt: ports.clock.now() + policy.enrolmentCodeLifetime)
    }

    /// For a sealed file.
    func secrets(_ position: FormPosition, _ address: MailboxAddress) -> IssuedSecrets? {
        code.map {
            IssuedSecrets(
                position: position, address: address, password: password.revealed(), enrolmentCode: $0.text)
        }
    }

    /// For the service to send.
    func order(_ account: AccountID, _ ports: FormPorts, with phone: PendingPhone? = nil) -> SMSOrder? {
        guard code == nil else { return nil }
        let id = ports.random.identifier(prefix: "ord_")
        return SMSOrder(
            id: id, account: account, purpose: .temporaryPassword, transaction: phone?.id ?? id,
            sealedPassword: ports.box.seal(password.utf8, row: id, purpose: .temporaryPassword))
    }
}

extension FormPlan {
    fileprivate var auditCode: AuditCode {
        switch self {
        case .issue: .accountProvisioned
        case .phone: .phoneProposed
        case .representative, .name, .organisation: .accountChanged
        case .recall: .lifecycleChanged
        }
    }
}
