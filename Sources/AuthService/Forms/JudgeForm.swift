package import AuthDomain

/// Judges every row of a form against the rules and the accounts there are; changes nothing (R-LIFE-1, 3, R-PHONE-5…8).
package struct JudgeForm: Sendable {
    private static let chunk = 500
    private static let highestNumber = 99

    private let accounts: any AccountReader
    private let store: any FormStore
    private let reader: RowReader
    private let domain: String

    /// Makes the use case.
    package init(
        accounts: any AccountReader, store: any FormStore, policy: ServicePolicy, form: FormKind, options: FormOptions
    ) {
        self.accounts = accounts
        self.store = store
        reader = RowReader(form: form, options: options, domains: policy.domains)
        domain = policy.domains.first ?? ""
    }

    /// What the rows before a row have claimed.
    private struct Claims {
        var addresses: [MailboxAddress: FormPosition] = [:]
        var accounts: [AccountID: FormPosition] = [:]
    }

    /// Judges rows in their order.
    ///
    /// - Parameters:
    ///   - entries: The rows.
    ///   - file: The file they came from; rows that its journal names are done.
    ///   - progress: Hears how many rows are judged.
    package func callAsFunction(
        _ entries: [FormEntry], of file: FormFileIdentity, progress: (Int) -> Void = { _ in }
    ) async throws(StoreUnavailable) -> [JudgedRow] {
        var done: [FormPosition: FormJournalEntry] = [:]
        var claims = Claims()
        for entry in try await store.journal(of: file) {
            done[entry.position] = entry
            claims.addresses[entry.address] = entry.position
        }
        var judged: [JudgedRow] = []
        judged.reserveCapacity(entries.count)
        var rest = entries[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(Self.chunk)
            rest = rest.dropFirst(chunk.count)
            let requests = chunk.map { $0.part == .issue && done[$0.position] == nil ? reader.issue($0) : nil }
            let taken = try await store.taken(requests.compactMap { $0.flatMap(wanted) })
            for (entry, request) in zip(chunk, requests) {
                let row: JudgedRow
                if let entryDone = done[entry.position] {
                    row = self.row(entry, .done(entryDone.address, delivery: entryDone.delivery), [])
                } else if let request {
                    row = try await issue(entry, request, taken: taken, &claims)
                } else {
                    row = try await changeOrRecall(entry, &claims)
                }
                judged.append(row)
            }
            progress(judged.count)
        }
        return judged
    }

    private func row(_ entry: FormEntry, _ verdict: JudgedRow.Verdict, _ warnings: [FormWarning]) -> JudgedRow {
        JudgedRow(
            position: entry.position, part: entry.part, verdict: verdict, warnings: warnings,
            document: reader.document(entry), decidedOn: entry[.document].flatMap(FormText.date))
    }

    // MARK: New mailboxes

    private func wanted(_ request: RowReader.Request) -> MailboxAddress? {
        request.address ?? request.proposal.map(full)
    }

    private func full(_ localPart: String) -> MailboxAddress {
        MailboxAddress(canonical: localPart + "@" + domain)
    }

    private func issue(
        _ entry: FormEntry, _ request: RowReader.Request, taken: Set<MailboxAddress>, _ claims: inout Claims
    ) async throws(StoreUnavailable) -> JudgedRow {
        var problems = request.problems
        var address = request.address
        if let given = request.address {
            if taken.contains(given) { problems.append(.addressTaken) }
            if let above = claims.addresses[given] { problems.append(.repeatedAddress(above)) }
        } else if let proposal = request.proposal, let free = try await free(proposal, taken: taken, claims) {
            address = free
            if !reader.options.acceptsProposals { problems.append(.addressToConfirm(proposal: free.text)) }
        } else if request.proposal != nil {
            problems.append(.addressMissing)
        }
        if let address, claims.addresses[address] == nil { claims.addresses[address] = entry.position }
        guard problems.isEmpty, let address, let phone = request.phone else {
            return row(entry, .wrong(problems), request.warnings)
        }
        let plan = IssuePlan(
            address: address, kind: request.kind, name: request.name, organisation: request.organisation,
            phone: phone)
        return row(entry, .planned(.issue(plan)), request.warnings)
    }

    /// The proposal, or with the first free number where namesakes were before (Đ5.2).
    private func free(
        _ proposal: String, taken: Set<MailboxAddress>, _ claims: Claims
    ) async throws(StoreUnavailable) -> MailboxAddress? {
        let plain = full(proposal)
        if !taken.contains(plain), claims.addresses[plain] == nil { return plain }
        for number in 2...Self.highestNumber {
            let candidate = full(AddressProposal.numbered(proposal, number))
            guard claims.addresses[candidate] == nil else { continue }
            if try await store.taken([candidate]).isEmpty { return candidate }
        }
        return nil
    }

    // MARK: Existing mailboxes

    private func changeOrRecall(
        _ entry: FormEntry, _ claims: inout Claims
    ) async throws(StoreUnavailable) -> JudgedRow {
        var problems: [FormProblem] = []
        var account: Account?
        do {
            account = try await accounts.account(at: try reader.address(entry))
            if account == nil { problems.append(.unknownAddress) }
        } catch let problem as FormProblem {
            problems.append(problem)
        } catch let error as StoreUnavailable {
            throw error
        } catch {
            throw StoreUnavailable(reason: "\(type(of: error))")
        }
        var change: RequestedChange?
        if entry.part == .change {
            do throws(FormProblem) { change = try reader.change(entry) } catch { problems.append(error) }
        }
        if let account {
            problems += standing(account, entry, change)
            if let above = claims.accounts[account.id] {
                problems.append(.repeatedAccount(above))
            } else {
                claims.accounts[account.id] = entry.position
            }
        }
        guard problems.isEmpty, let account else { return row(entry, .wrong(problems), []) }
        let planned = PlannedAccount(id: account.id, address: account.address)
        guard let plan = Self.plan(change, planned) else { return row(entry, .nothing, [.notKeptHere]) }
        return row(entry, .planned(plan), entry.part == .recall ? recallWarnings(entry) : [])
    }

    private func recallWarnings(_ entry: FormEntry) -> [FormWarning] {
        guard reader.document(entry) != nil else { return [.withoutDocument] }
        return entry[.document].flatMap(FormText.date) == nil ? [.withoutDate] : []
    }

    private func standing(_ account: Account, _ entry: FormEntry, _ change: RequestedChange?) -> [FormProblem] {
        var problems: [FormProblem] = []
        let ofPersons = reader.form == .person || reader.form == .personChange
        if (account.kind == .personal) != ofPersons { problems.append(.otherKind(account.kind)) }
        if account.lifecycle != .active, account.lifecycle != .transferred { problems.append(.alreadyRecalled) }
        if case .representative = change, !account.locks.isEmpty { problems.append(.locked) }
        return problems
    }

    private static func plan(_ change: RequestedChange?, _ account: PlannedAccount) -> FormPlan? {
        switch change {
        case nil: .recall(account)
        case .phone(let phone): .phone(account, phone)
        case .representative(_, let phone): .representative(account, phone)
        case .name(let name): .name(account, name)
        case .organisation(let organisation): .organisation(account, organisation)
        case .nothing: nil
        }
    }
}
