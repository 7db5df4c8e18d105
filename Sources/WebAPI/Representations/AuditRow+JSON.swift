import AuthDomain
package import AuthService
package import JSONText

extension JSONWriter {
    /// One row of the audit log: the fields of R-LOG-3 that it has.
    package mutating func auditRow(_ row: AuditRow) {
        let event = row.event
        object { writer in
            writer.field("chain", row.chain)
            writer.field("number", Int(row.number))
            writer.field("time", RFC3339.format(event.time))
            writer.field("code", event.code.rawValue)
            writer.field("result", event.result.rawValue)
            writer.optional("account", event.account?.text)
            writer.optional("address", event.address)
            writer.optional("cause", event.cause?.rawValue)
            writer.optional("clause", event.clause)
            writer.optional("factor", event.factor)
            writer.optional("authenticator", event.authenticator?.text)
            writer.optional("document", event.document)
            writer.optional("detail", event.detail)
            writer.field("client", event.provenance.client)
            writer.optional("actor", event.provenance.actor)
            writer.optional("client_ip", event.provenance.clientAddress)
            writer.optional("user_agent", event.provenance.userAgent)
            writer.optional("request_id", event.provenance.requestID)
            writer.field("entry", event.provenance.entry)
        }
    }
}
