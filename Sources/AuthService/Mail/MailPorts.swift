/// What the use cases of mail reach the world through, beside the ports of all.
///
/// A class, for the reason that `ServicePorts` is one.
package final class MailPorts: Sendable {
    /// The ports of all use cases.
    package let base: ServicePorts
    /// Reads accounts for logins.
    package let logins: any MailLoginReader
    /// Keeps app passwords.
    package let appPasswords: any AppPasswordStore
    /// Last uses that wait to be stored.
    package let uses: AppPasswordUses
    /// Refusals that wait to be put on record.
    package let refusals: RefusedMailLogins

    /// Collects the ports; `refused` hears of every refusal, for metrics, and must not wait.
    package init(
        base: ServicePorts, logins: any MailLoginReader, appPasswords: any AppPasswordStore, audit: any AuditLog,
        refused: @escaping @Sendable (MailRefusalReason) -> Void = { _ in }
    ) {
        self.base = base
        self.logins = logins
        self.appPasswords = appPasswords
        uses = AppPasswordUses(store: appPasswords)
        refusals = RefusedMailLogins(accounts: base.accounts, audit: audit, observer: refused)
    }
}
