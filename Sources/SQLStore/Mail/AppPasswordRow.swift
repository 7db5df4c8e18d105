internal import AuthDomain
internal import AuthService

/// Reads and spells the columns of app passwords.
enum AppPasswordRow {
    static func text(of services: [MailService]) -> String { services.map(\.rawValue).joined(separator: " ") }

    static func text(of networks: [AddressBlock]) -> String { networks.map(\.text).joined(separator: " ") }

    static func services(_ text: String) throws -> [MailService] {
        try text.split(separator: " ").map { word in
            guard let service = MailService(rawValue: String(word)) else {
                throw SQLFailure.malformed("app_passwords.services")
            }
            return service
        }
    }

    static func networks(_ text: String) throws -> [AddressBlock] {
        try text.split(separator: " ").map { word in
            guard let block = AddressBlock(String(word)) else { throw SQLFailure.malformed("app_passwords.networks") }
            return block
        }
    }
}

extension AppPasswordRecord {
    /// Reads the columns of `AppPasswordStatements`; nil where the outer join found none.
    convenience init?(row: inout SQLRow) throws {
        guard let id = row.optionalText() else { return nil }
        let account = AccountID(row.text())
        let label = row.text()
        let lookup = row.blob()
        let digest = row.blob()
        let services = try AppPasswordRow.services(row.text())
        let networks = try AppPasswordRow.networks(row.text())
        let expiresAt = row.optionalInstant()
        let document = row.optionalText()
        let createdAt = row.instant()
        let usedAt = row.optionalInstant()
        let usedFrom = row.optionalText()
        let usedFor = try row.optionalMember(of: MailService.self)
        var lastUse: AppPasswordUse?
        if let usedAt, let usedFor { lastUse = AppPasswordUse(time: usedAt, address: usedFrom, service: usedFor) }
        self.init(
            id: AppPasswordID(id), account: account, label: label, lookup: lookup, digest: digest,
            terms: AppPasswordTerms(services: services, networks: networks, expiresAt: expiresAt), document: document,
            createdAt: createdAt, lastUse: lastUse)
    }
}

extension MailAccount {
    /// Reads the columns of `AppPasswordStatements.accountColumns`.
    convenience init(row: inout SQLRow) throws {
        let (id, address) = (AccountID(row.text()), MailboxAddress(canonical: row.text()))
        let (kind, lifecycle) = (try row.member(of: AccountKind.self), try row.member(of: Lifecycle.self))
        let (mustChange, version, lookAt) = (row.flag(), row.integer(), row.instant())
        self.init(
            id: id, address: address, kind: kind, lifecycle: lifecycle, mustChange: mustChange,
            passwordVersion: version, lock: try row.optionalMember(of: LockCause.self), nextLookAt: lookAt)
    }
}
