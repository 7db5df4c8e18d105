import AuthDomain
import Foundation
import TestKit

/// A running `otpd` with fixed ports, and Debian's mail servers that ask it.
final class MailScenario: Sendable {
    let scenario: Scenario
    let rig: MailRig
    private let upstream: TemporaryDirectory
    private let later = Ticks()

    /// Starts everything.
    ///
    /// - Parameters:
    ///   - redis: A server of the test's own, or nil.
    ///   - mail: Further settings of the section `mail`.
    ///   - began: What the clock file says at first.
    ///   - overrides: Further sections of the settings.
    ///   - callbacks: The section `callbacks`, which may name ports of the rig.
    init(
        redis: RedisServer? = nil, mail: [String: Any] = [:], began: WallInstant = Scenario.start,
        overrides: [String: Any] = [:], callbacks: (MailRig) -> [String: Any]? = { _ in nil }
    ) throws {
        rig = try MailRig()
        upstream = try TemporaryDirectory()
        let ports = try LoopbackPorts.free(3)
        var section: [String: Any] = [
            "policy_listen": ["127.0.0.1:\(ports[2])"], "nginx_wait_s": 1,
            "nginx_imap": "127.0.0.1:\(rig.ports.imapBehind)", "nginx_pop3": "127.0.0.1:\(rig.ports.pop3Behind)",
            "nginx_smtp": "127.0.0.1:\(rig.ports.relay)",
            "nginx_upstream_password_file": try upstream.write(MailRig.backendPassword + "\n", to: "upstream"),
        ]
        section.merge(mail) { $1 }
        var settings: [String: Any] = [
            "listen": "127.0.0.1:\(ports[0])", "admin_listen": "127.0.0.1:\(ports[1])", "mail": section,
        ]
        settings.merge(overrides) { $1 }
        if let callbacks = callbacks(rig) { settings["callbacks"] = callbacks }
        scenario = try Scenario(redis: redis, began: began, overrides: settings)
        let key = try scenario.site.addClient("mail", scopes: ["mail"])
        try rig.start(MailRig.Target(service: ports[0], policy: ports[2], key: key))
    }

    /// A complete sign-in, at a time of its own so that its code is fresh.
    func signIn(_ owner: Owner) async throws -> String {
        let now = scenario.began + .seconds(60 * later.next())
        try scenario.setClock(now)
        guard let id = await scenario.begin(owner.address, owner.password)["id"] else {
            throw OTPDError.command("the sign-in did not begin")
        }
        let proven = await scenario.prove(id, "totp", owner.code(at: now))
        guard proven["status"] == "complete" else { throw OTPDError.command("\(proven.status) \(proven.text)") }
        return id
    }

    /// A new app password of an owner; `terms` are further fields of the request.
    func appPassword(
        _ owner: Owner, services: [String], _ terms: [String: Any] = [:]
    ) async throws -> (id: String, password: String, signIn: String) {
        let signIn = try await signIn(owner)
        var body: [String: Any] = ["label": "máy tính", "services": services]
        body.merge(terms) { $1 }
        let answer = await scenario.sso().send("POST", "/v1/sign-ins/\(signIn)/app-passwords", body)
        guard answer.status == 201, let id = answer["id"], let password = answer["password"] else {
            throw OTPDError.command("app password: \(answer.status) \(answer.text)")
        }
        return (id, password, signIn)
    }

    // MARK: Mail programs

    func imap(_ user: String, _ password: String) throws -> String {
        try MailClient(port: rig.ports.imap).signInIMAP(user, password)
    }

    func pop3(_ user: String, _ password: String) throws -> String {
        try MailClient(port: rig.ports.pop3).signInPOP3(user, password)
    }

    /// The reply to signing in at Postfix.
    func postfix(_ user: String, _ password: String) throws -> String {
        try MailClient(port: rig.ports.postfixSubmission).signInSMTP(user, password)
    }

    /// The reply to signing in at Dovecot's submission service.
    func submission(_ user: String, _ password: String) throws -> String {
        try MailClient(port: rig.ports.submission).signInSMTP(user, password)
    }

    /// Hands in one message over an open session and returns the reply to its end.
    static func send(_ client: MailClient, from: String, to: String, subject: String) throws -> String {
        let begun = try client.smtp("MAIL FROM:<\(from)>")
        guard begun.hasPrefix("250") else { return begun }
        let accepted = try client.smtp("RCPT TO:<\(to)>")
        guard accepted.hasPrefix("250") else { return accepted }
        _ = try client.smtp("DATA")
        client.send("Subject: \(subject)\r\nFrom: <\(from)>\r\nTo: <\(to)>\r\n\r\nXin chào\r\n.")
        return try client.smtpReply()
    }

    /// A message from outside, delivered when this returns.
    func deliver(to address: String, subject: String) throws {
        let client = try MailClient(port: rig.ports.mx)
        _ = try client.smtpReply()
        _ = try client.smtp("EHLO mx.example.org")
        let reply = try Self.send(client, from: "ngoai@example.org", to: address, subject: subject)
        guard reply.hasPrefix("250") else { throw MailRig.Failure(description: "port 25 answered \(reply)") }
        try waitForMail(to: address, subject: subject)
    }

    func waitForMail(to address: String, subject: String) throws {
        try rig.wait("mail \(subject) to \(address)") {
            rig.messages(of: address).contains { $0.contains("Subject: \(subject)") }
        }
    }

    /// Locks a mailbox by five wrong passwords on the web.
    func lockByPasswords(_ owner: Owner) async -> [Int] {
        var statuses: [Int] = []
        for number in 0..<5 {
            statuses.append(await scenario.begin(owner.address, "Sai rồi \(number)!A").status)
        }
        return statuses
    }
}

/// A count that goes up by one.
private final class Ticks: @unchecked Sendable {
    // Unchecked: guarded by the lock.
    private let lock = NSLock()
    private var count = 0

    func next() -> Int {
        lock.withLock {
            count += 1
            return count
        }
    }
}
