/// Asks the policy port for one mailbox after the other, as Postfix does at a recipient.
struct PolicyRequests: RequestSource {
    private let accounts: Int
    private var number: Int
    var wire: LoadWire { .policy }

    init(first: Int, accounts: Int) {
        number = first
        self.accounts = accounts
    }

    mutating func make() -> [UInt8] {
        defer { number += 1 }
        let address = BenchSecrets.address(number % accounts)
        return Array(
            """
            request=smtpd_access_policy
            protocol_state=RCPT
            protocol_name=ESMTP
            client_address=10.1.2.3
            client_name=unknown
            helo_name=client
            sender=\(address)
            recipient=someone@example.org
            recipient_count=0
            instance=5576.6b04ad13.1ab24.0
            size=0
            sasl_method=PLAIN
            sasl_username=\(address)
            policy_context=submission


            """.utf8)
    }
}
