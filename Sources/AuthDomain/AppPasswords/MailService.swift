/// What a mail program may do with an app password; handing mail in is one service however it is spoken (T-4).
package enum MailService: String, CaseIterable, Sendable {
    case imap, pop3, smtp, sieve

    /// Reads the name that a mail server gives to a login; nil for a service that is not kept here.
    ///
    /// Postfix asks for `smtp`, Dovecot's own server for `submission`: both hand mail in.
    package init?(wireName: String) {
        switch wireName {
        case "imap": self = .imap
        case "pop3": self = .pop3
        case "smtp", "submission": self = .smtp
        case "sieve", "managesieve": self = .sieve
        default: return nil
        }
    }
}

/// What an app password is good for: services, networks and time.
package struct AppPasswordTerms: Hashable, Sendable {
    /// Networks that one may list at most.
    package static let maximumNetworks = 16

    /// What it opens, each once, in the order of `MailService`.
    package let services: [MailService]
    /// Where it may come from; empty means from anywhere.
    package let networks: [AddressBlock]
    /// When it stops working; nil for never.
    package let expiresAt: WallInstant?

    /// Makes terms.
    package init(services: some Sequence<MailService>, networks: [AddressBlock], expiresAt: WallInstant?) {
        let wanted = Set(services)
        self.services = MailService.allCases.filter(wanted.contains)
        self.networks = networks
        self.expiresAt = expiresAt
    }

    /// Why they do not cover a login; nil when they do.
    ///
    /// An unknown client address is in no network: where networks are listed, it is refused.
    package func objection(
        to service: MailService, from client: NetworkAddress?, at now: WallInstant
    ) -> AppPasswordObjection? {
        if let expiresAt, expiresAt <= now { return .expired }
        guard services.contains(service) else { return .service }
        guard networks.isEmpty || client.map({ client in networks.contains { $0.contains(client) } }) ?? false else {
            return .network
        }
        return nil
    }
}

/// Why a right app password does not cover a login.
package enum AppPasswordObjection: String, CaseIterable, Sendable {
    case expired, service, network
}
