package import AuthDomain

/// What the operator settles for accounts that move in.
package struct AccountImportOptions: Sendable {
    /// The type of all of them; never inferred (R-ADDR-1).
    package var kind = AccountKind.personal
    /// The organisation of those that name none.
    package var organisation: String?
    /// Whether owners must change the password at the next sign-in: where it may still be a default one (R-FIRST-9).
    package var mustChange = false
    /// The paper.
    package var document: String?

    /// The defaults.
    package init() {}
}

/// An account on its way in, with what became of it.
package struct JudgedCredential: Sendable {
    /// What became of it.
    package enum Verdict: Sendable {
        /// It can be taken over: the address and the scheme of its password.
        case planned(MailboxAddress, scheme: String)
        /// Everything that is wrong with it.
        case wrong([CredentialProblem])
        /// It was taken over before.
        case done(MailboxAddress)
    }

    /// The line on which it begins.
    package let line: Int
    /// What became of it.
    package let verdict: Verdict
    let entry: CredentialEntry
    let phone: PhoneNumber?
}

/// Takes over accounts with the records of their passwords from other systems; owners keep their passwords.
///
/// Costs are held to the bounds of `HashRecord`, so that no record stalls the hashing pool; records of other schemes
/// are made anew at the first sign-in.
package struct ImportAccounts: Sendable {
    private static let chunk = 500
    private static let textLimit = 200

    private let ports: FormPorts
    private let policy: ServicePolicy
    private let options: AccountImportOptions

    /// Makes the use case.
    package init(ports: FormPorts, policy: ServicePolicy, options: AccountImportOptions) {
        self.ports = ports
        self.policy = policy
        self.options = options
    }

    // MARK: Judging

    /// Judges every account; changes nothing.
    ///
    /// - Parameters:
    ///   - entries: The accounts.
    ///   - file: The file they came from; accounts that its journal names are done.
    ///   - progress: Hears how many are judged.
    package func judge(
        _ entries: [CredentialEntry], of file: FormFileIdentity, progress: (Int) -> Void = { _ in }
    ) async throws(StoreUnavailable) -> [JudgedCredential] {
        var done: [Int: MailboxAddress] = [:]
        var claimed: [MailboxAddress: Int] = [:]
        for entry in try await ports.store.journal(of: file) {
            done[entry.position.row] = entry.address
            claimed[entry.address] = entry.position.row
        }
        var judged: [JudgedCredential] = []
        judged.reserveCapacity(entries.count)
        var rest = entries[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(Self.chunk)
            rest = rest.dropFirst(chunk.count)
            let addresses = chunk.map { try? MailboxAddress(parsing: $0.name, domains: policy.domains) }
            let taken = try await ports.store.taken(addresses.compactMap { $0 })
            for entry in chunk {
                if let address = done[entry.line] {
                    judged.append(JudgedCredential(line: entry.line, verdict: .done(address), entry: entry, phone: nil))
                } else {
                    judged.append(judge(entry, taken: taken, &claimed))
                }
            }
            progress(judged.count)
        }
        return judged
    }

    private func judge(
        _ entry: CredentialEntry, taken: Set<MailboxAddress>, _ claimed: inout [MailboxAddress: Int]
    ) -> JudgedCredential {
        var problems: [CredentialProblem] = entry.isMalformed ? [.malformed] : []
        var address: MailboxAddress?
        do throws(AddressError) {
            let parsed = try MailboxAddress(parsing: entry.name, domains: policy.domains)
            address = parsed
            if taken.contains(parsed) { problems.append(.addressTaken) }
            if let line = claimed[parsed] { problems.append(.repeated(line: line)) }
            if claimed[parsed] == nil { claimed[parsed] = entry.line }
        } catch {
            problems.append(.address(error))
        }
        var scheme = ""
        do throws(CredentialProblem) { scheme = try self.scheme(entry) } catch { problems.append(error) }
        var phone: PhoneNumber?
        if let text = entry.phone {
            do throws(PhoneError) {
                phone = try PhoneNumber(parsing: text)
            } catch {
                problems.append(.phone(error))
            }
        }
        if ![entry.displayName, entry.organisation].allSatisfy(Self.isPlain) { problems.append(.unreadableText) }
        guard problems.isEmpty, let address else {
            return JudgedCredential(line: entry.line, verdict: .wrong(problems), entry: entry, phone: nil)
        }
        return JudgedCredential(
            line: entry.line, verdict: .planned(address, scheme: scheme), entry: entry, phone: phone)
    }

    private func scheme(_ entry: CredentialEntry) throws(CredentialProblem) -> String {
        guard let record = entry.ownRecord, !record.hasPrefix("!"), !record.hasPrefix("*") else { throw .noPassword }
        do {
            return try HashRecord(parsing: record).scheme
        } catch {
            switch error {
            case .unknownScheme: throw .unknownScheme
            case .tooLong, .malformed: throw .malformedRecord
            case .outOfBounds(let name): throw .costOutOfBounds(name)
            }
        }
    }

    private static func isPlain(_ text: String?) -> Bool {
        guard let text else { return true }
        return text.unicodeScalars.count <= textLimit
            && text.unicodeScalars.allSatisfy { ![.control, .unassigned].contains($0.properties.generalCategory) }
    }

    // MARK: Taking over

    /// Takes over what was judged right.
    ///
    /// - Parameters:
    ///   - rows: What `judge` made of the file.
    ///   - file: The file.
    ///   - delivery: Where activation codes go; nil to issue none.
    ///   - provenance: Who imports.
    ///   - progress: Hears how many are done.
    package func callAsFunction(
        _ rows: [JudgedCredential], of file: FormFileIdentity, delivery: (any SecretDelivery)?,
        provenance: Provenance, progress: (Int) -> Void = { _ in }
    ) async throws(FormImportFailure) -> FormImportResult {
        var result = FormImportResult()
        var part = 0
        do throws(StoreUnavailable) {
            part = try await ports.store.journal(of: file).reduce(0) { max($0, $1.delivery ?? 0) }
        } catch {
            throw .unavailable(reason: error.reason)
        }
        let planned = rows.filter { if case .planned = $0.verdict { true } else { false } }
        var rest = planned[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(ImportForm.batch)
            rest = rest.dropFirst(chunk.count)
            if delivery != nil { part += 1 }
            let prepared = chunk.compactMap { prepare($0, part: delivery == nil ? nil : part, provenance) }
            let batch = FormBatch(store: ports.store, rows: prepared, part: delivery == nil ? nil : part)
            try await batch.carryOut(of: file, now: ports.clock.now(), delivery: delivery, &result)
            progress(result.carriedOut)
        }
        return result
    }

    private func prepare(_ row: JudgedCredential, part: Int?, _ provenance: Provenance) -> PreparedRow? {
        guard case .planned(let address, let scheme) = row.verdict, let record = row.entry.ownRecord else { return nil }
        let now = ports.clock.now()
        let id = AccountID(ports.random.identifier(prefix: "acc_"))
        let code =
            part == nil
            ? nil
            : EnrolmentCodeRecord.issue(
                random: ports.random, digest: ports.digest, expiresAt: now + policy.enrolmentCodeLifetime)
        let phone = row.phone.map { SealedPhone($0, for: id, box: ports.box, digest: ports.digest) }
        let account = Account(
            id: id, address: address, aliases: [], kind: options.kind, displayName: row.entry.displayName,
            organisation: row.entry.organisation ?? options.organisation, lifecycle: .active,
            password: PasswordCredential(
                record: record, version: 1, changedAt: now, mustChange: options.mustChange, isIssued: false,
                expiresAt: nil),
            budgets: [:], locks: [], authenticators: [], recoveryCodesLeft: 0, enrolmentCode: code?.record,
            sealedPhone: phone?.sealed, maskedPhone: phone?.masked, notifiedAt: nil, createdAt: now,
            lastSignInAt: nil, phone: phone?.registered)
        let position = FormPosition(sheet: 1, row: row.line)
        let event = AuditEvent(
            time: now, code: .accountProvisioned, result: .success, account: id, address: address.text,
            document: options.document, detail: "imported, line \(row.line): \(scheme)", provenance: provenance)
        return PreparedRow(
            write: FormWrite(
                entry: FormJournalEntry(position: position, address: address, delivery: part),
                act: .provision(NewAccount(account: account)), event: event),
            secrets: code.map {
                IssuedSecrets(position: position, address: address, password: nil, enrolmentCode: $0.text)
            })
    }
}
