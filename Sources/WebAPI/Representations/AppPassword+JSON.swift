import AuthDomain
import AuthService
import JSONText

extension JSONWriter {
    /// A new app password, with the only sight of it there is.
    mutating func issued(_ issued: IssuedAppPassword) {
        members(issued.record)
        field("password", issued.password)
    }

    /// The member `app_passwords`.
    mutating func appPasswords(_ records: [AppPasswordRecord]) {
        array("app_passwords", records) { writer, record in
            writer.object { writer in
                writer.members(record)
                guard let use = record.lastUse else { return }
                writer.object("last_use") { writer in
                    writer.field("at", RFC3339.format(use.time))
                    writer.field("service", use.service.rawValue)
                    writer.optional("ip", use.address)
                }
            }
        }
    }

    private mutating func members(_ record: AppPasswordRecord) {
        field("id", record.id.text)
        field("label", record.label)
        strings("services", record.terms.services.map(\.rawValue))
        strings("networks", record.terms.networks.map(\.text))
        field("created_at", RFC3339.format(record.createdAt))
        optional("expires_at", record.terms.expiresAt.map(RFC3339.format))
        optional("document", record.document)
    }
}
