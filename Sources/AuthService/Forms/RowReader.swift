import AuthDomain

/// Reads the cells of rows and gathers everything that is wrong with them; looks nothing up.
struct RowReader {
    private static let textLimit = 200

    let form: FormKind
    let options: FormOptions
    let domains: [String]

    /// What a row for a new mailbox asks for; the address is still to be looked up.
    struct Request {
        var name = ""
        var organisation = ""
        var kind = AccountKind.personal
        var phone: PhoneNumber?
        var address: MailboxAddress?
        /// The proposed local part, where no address is given.
        var proposal: String?
        var problems: [FormProblem] = []
        var warnings: [FormWarning] = []
    }

    /// Reads a row for a new mailbox.
    func issue(_ entry: FormEntry) -> Request {
        var request = Request()
        let person = text(.person, entry, &request.problems)
        let organisation = text(.organisation, entry, &request.problems)
        request.organisation = organisation ?? ""
        request.name = (form == .organisation ? organisation : person) ?? ""
        request.kind = kind(entry, &request.problems)
        readPhone(entry, &request)
        readAddress(entry, &request)
        if document(entry) == nil { request.warnings.append(.withoutDocument) }
        return request
    }

    /// The mailbox that a row for a change or a recall names.
    func address(_ entry: FormEntry) throws(FormProblem) -> MailboxAddress {
        guard let cell = entry[.address] else { throw .missing(.address) }
        do {
            return try MailboxAddress(parsing: cell, domains: domains)
        } catch {
            throw .address(error)
        }
    }

    /// What a row of Mẫu 02 or 04 wants changed.
    func change(_ entry: FormEntry) throws(FormProblem) -> RequestedChange {
        guard let change = entry[.change] else { throw .missing(.change) }
        guard let value = entry[.value] else { throw .missing(.value) }
        guard Self.isPlain(value) else { throw .unreadableText(.value, limit: Self.textLimit) }
        return try RequestedChange.read(change, to: value, in: form)
    }

    /// The decision that a row rests on, with the paper that the form came with.
    func document(_ entry: FormEntry) -> String? {
        let cell = entry[.document].flatMap { Self.isPlain($0) ? $0 : nil }
        let named = [options.document, cell].compactMap { $0 }
        return named.isEmpty ? nil : String(named.joined(separator: "; ").unicodeScalars.prefix(Self.textLimit))
    }

    private func text(_ field: FormField, _ entry: FormEntry, _ problems: inout [FormProblem]) -> String? {
        guard let cell = entry[field] else {
            problems.append(.missing(field))
            return nil
        }
        guard Self.isPlain(cell) else {
            problems.append(.unreadableText(field, limit: Self.textLimit))
            return nil
        }
        return cell.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private func kind(_ entry: FormEntry, _ problems: inout [FormProblem]) -> AccountKind {
        guard form == .organisation else { return .personal }
        guard let cell = entry[.mailboxKind] else { return .organisation }
        let folded = FormText.folded(cell)
        if folded.contains("vanthu") { return .clerical }
        if folded.contains("kythuat") { return .technical }
        if !folded.contains("tochuc") { problems.append(.unknownMailboxKind) }
        return .organisation
    }

    private func readPhone(_ entry: FormEntry, _ request: inout Request) {
        guard let cell = entry[.phone] else {
            request.problems.append(.missing(.phone))
            return
        }
        do {
            let phone = try PhoneNumber(parsing: FormPhone.completed(cell))
            if !phone.takesSMS {
                if options.passwords == .sms(othersInFiles: false) {
                    request.problems.append(.passwordUnsendable)
                } else {
                    request.warnings.append(.landline)
                }
            }
            request.phone = phone
        } catch {
            request.problems.append(.phone(.phone, error))
        }
    }

    private func readAddress(_ entry: FormEntry, _ request: inout Request) {
        if let cell = entry[.address] {
            do {
                let address = try MailboxAddress(parsing: cell, domains: domains)
                request.address = address
                request.warnings += AddressLint.warnings(for: address, kind: request.kind).map { .naming($0) }
            } catch {
                request.problems.append(.address(error))
            }
            return
        }
        let own = entry[.abbreviation]
        request.proposal =
            form == .organisation
            ? AddressProposal.organisation(
                request.organisation, own: own, parent: options.abbreviation, kind: request.kind)
            : (own ?? options.abbreviation).flatMap { AddressProposal.person(request.name, organisation: $0) }
        if request.proposal == nil { request.problems.append(.addressMissing) }
    }

    private static func isPlain(_ text: String) -> Bool {
        text.unicodeScalars.count <= textLimit
            && text.unicodeScalars.allSatisfy { scalar in
                scalar == "\n" || scalar == "\r" || scalar == "\t"
                    || ![.control, .unassigned, .surrogate, .privateUse].contains(scalar.properties.generalCategory)
            }
    }
}
