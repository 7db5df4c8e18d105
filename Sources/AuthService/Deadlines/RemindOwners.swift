import AuthDomain

/// Sends a short message with each warning of a lock that is near (R-FIRST-10: the mailbox itself cannot be read yet).
///
/// The warning is on record, and told to other systems, before its message is sent: each is sent at most once, and one
/// that no gateway takes is not tried again; the next step of the warnings is.
package struct RemindOwners: Sendable {
    private let ports: ServicePorts
    private let policy: ServicePolicy

    /// Makes the use case.
    package init(ports: ServicePorts, policy: ServicePolicy) {
        self.ports = ports
        self.policy = policy
    }

    /// Sends what waits.
    ///
    /// - Returns: How many messages were handed to a gateway.
    package func callAsFunction() async -> Int {
        guard let sms = ports.sms else { return 0 }
        var sent = 0
        for account in ports.deadlines.takeReminders() where await remind(account, sms) { sent += 1 }
        return sent
    }

    private func remind(_ id: AccountID, _ sms: SMSPorts) async -> Bool {
        guard let account = try? await ports.accounts.account(id: id), account.locks.isEmpty,
            !account.lifecycle.hasEnded, let registered = account.phone, registered.takesSMS,
            let phone = ports.phone(of: account)
        else { return false }
        let order = CodeDispatch.Order(
            transaction: ports.random.identifier(prefix: "rem_"), account: account, phone: phone,
            index: registered.index, purpose: .deadlineNear, language: .vietnamese, clientAddress: nil,
            provenance: Provenance(client: "otpd", entry: "service"))
        return (try? await CodeDispatch(ports: ports, policy: policy, sms: sms).send(order)) != nil
    }
}
