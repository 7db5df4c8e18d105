internal import AuthDomain
internal import AuthService

/// All SQL about the audit log.
enum AuditStatements {
    /// The values of a row in the order of `columns`, without its authentication.
    static func fields(
        of event: AuditEvent, chain: String, number: Int64, instance: String, previous: [UInt8]
    ) -> [SQLValue] {
        let provenance = event.provenance
        return [
            .text(chain), .integer(number), .integer(event.time.milliseconds), .text(instance),
            .text(event.code.rawValue), .text(event.result.rawValue), optional(event.account?.text),
            optional(event.address), optional(event.cause?.rawValue), optional(event.clause),
            optional(event.factor), optional(event.authenticator?.text), optional(event.document),
            optional(event.detail), .text(provenance.client), optional(provenance.actor),
            optional(provenance.clientAddress), optional(provenance.userAgent), optional(provenance.requestID),
            .text(provenance.entry), .blob(previous),
        ]
    }

    /// How many columns `fields` fills.
    static let fieldCount = 21
    /// Where the account and the address stand in `fields`.
    static let (accountField, addressField) = (6, 7)
    /// Where text stands that people wrote: document, detail, actor, user agent and request id.
    static let freeFields = [12, 13, 15, 17, 18]

    private static let columns: SQLStatement = """
        chain, number, occurred_at, instance, code, result, account_id, address, cause, clause, factor,
        authenticator_id, document, detail, client, actor, client_address, user_agent, request_id, entry, previous
        """

    static func insert(_ fields: [SQLValue], mac: [UInt8]) -> SQLStatement {
        "INSERT INTO audit (\(columns), mac) VALUES (\(list: fields), \(mac))"
    }

    static func seal(chain: String, openedAt: WallInstant, head: AuditHead, mac: [UInt8]) -> SQLStatement {
        """
        INSERT INTO audit_chains (chain, opened_at, head_number, head_mac, mac)
        VALUES (\(chain), \(openedAt), \(head.number), \(head.mac), \(mac))
        ON CONFLICT (chain) DO UPDATE
        SET head_number = excluded.head_number, head_mac = excluded.head_mac, mac = excluded.mac
        """
    }

    static func chain(named name: String) -> SQLStatement {
        "SELECT 1 FROM audit_chains WHERE chain = \(name)"
    }

    static func newestChains(limit: Int) -> SQLStatement {
        "SELECT chain, head_number, head_mac FROM audit_chains ORDER BY opened_at DESC, chain DESC LIMIT \(limit)"
    }

    static let heads: SQLStatement = "SELECT chain, head_number, head_mac, mac FROM audit_chains ORDER BY chain"

    static func head(of chain: String) -> SQLStatement {
        "SELECT chain, head_number, head_mac, mac FROM audit_chains WHERE chain = \(chain)"
    }

    /// The rows after a place, in the order of chains and numbers, for verification.
    static func rows(afterChain chain: String, number: Int64, limit: Int) -> SQLStatement {
        """
        SELECT \(columns), mac, erased_mac FROM audit WHERE (chain, number) > (\(chain), \(number))
        ORDER BY chain, number LIMIT \(limit)
        """
    }

    /// The same within one chain.
    static func rows(of chain: String, after number: Int64, limit: Int) -> SQLStatement {
        """
        SELECT \(columns), mac, erased_mac FROM audit WHERE chain = \(chain) AND number > \(number)
        ORDER BY number LIMIT \(limit)
        """
    }

    /// One row for its change by an erasure, unless it was changed by one already.
    static func whole(chain: String, number: Int64) -> SQLStatement {
        """
        SELECT \(columns), mac, erased_mac FROM audit
        WHERE chain = \(chain) AND number = \(number) AND erased_mac IS NULL
        """
    }

    static func row(chain: String, number: Int64) -> SQLStatement {
        "SELECT 1 FROM audit WHERE chain = \(chain) AND number = \(number)"
    }

    static func lastNumber(of chain: String) -> SQLStatement {
        "SELECT max(number) FROM audit WHERE chain = \(chain)"
    }

    /// One page in the order of time; each condition appears only when it is asked for, so that the index fits.
    static func page(
        account: AccountID?, since: WallInstant?, until: WallInstant?, after: AuditCursor?, limit: Int
    ) -> SQLStatement {
        var conditions: SQLStatement = "1 = 1"
        if let account { conditions = "\(conditions) AND account_id = \(account)" }
        if let since { conditions = "\(conditions) AND occurred_at >= \(since)" }
        if let until { conditions = "\(conditions) AND occurred_at < \(until)" }
        if let after {
            conditions = """
                \(conditions) AND (occurred_at, chain, number) > (\(after.time), \(after.chain), \(after.number))
                """
        }
        return """
            SELECT \(columns) FROM audit WHERE \(conditions)
            ORDER BY occurred_at, chain, number LIMIT \(limit)
            """
    }

    /// The next rows of one chain, in the columns of a page.
    static func page(of chain: String, after number: Int64, limit: Int) -> SQLStatement {
        """
        SELECT \(columns) FROM audit WHERE chain = \(chain) AND number > \(number)
        ORDER BY number LIMIT \(limit)
        """
    }

    private static func optional(_ text: String?) -> SQLValue { text.map(SQLValue.text) ?? .null }
}
