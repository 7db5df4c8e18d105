import AuthDomain
import AuthService
import Foundation
import TestKit

@testable import WebAPI

/// A mailbox in one of the states of A11, with keys of every kind and, where the state has one, an open sign-in.
struct MatrixRig {
    static let address = "kythuat@hanoi.gov.vn"

    let test = TestService()
    let account: AccountID
    let sso: String
    let desk: String
    let otp: String
    /// A sign-in that was begun, and proven by its factor, before the mailbox came into its state.
    private(set) var open = "sin_none"
    /// A client of the mail servers, and an app password that was made before.
    let mail: String
    private(set) var appPassword = (id: "apw_none", text: "aaaa-aaaa-aaaa-aaaa")
    /// The same, but the factor is still owed.
    private(set) var begun = "sin_none"
    /// An enrolment offered in the proven sign-in, with its secret.
    private(set) var enrolment = (id: "aut_none", secret: [UInt8]())

    /// Takes a mailbox from use into a state; one that owes a change of password owes it from the beginning.
    init(_ standing: AccountStanding) async {
        account = test.provision(Self.address, mustChange: standing == .mustChange)
        sso = test.key(.signIn, name: "sso")
        desk = test.key(.operate, name: "desk")
        otp = test.key(.otp, name: "vpn")
        mail = test.key(.mail, name: "dovecot")
        begun = await test.begin(Self.address, TestService.password, key: sso).string("id") ?? begun
        let other = await test.begin(Self.address, TestService.password, key: sso).string("id") ?? open
        open =
            await post("/v1/sign-ins/\(other)/factor", #"{"kind":"totp","code":"\#(test.code())"}"#)
            .string("id") ?? other
        let offer = await post("/v1/sign-ins/\(open)/totp", #"{"label":"Máy mới"}"#)
        if let id = offer.string("enrolment"), let secret = offer.string("secret") {
            enrolment = (id, Base32.decode(secret) ?? [])
        }
        let made = await post(
            "/v1/sign-ins/\(open)/app-passwords", #"{"label":"Outlook","services":["imap","smtp"]}"#)
        if let id = made.string("id"), let text = made.string("password") { appPassword = (id, text) }
        test.clock.advance(by: .seconds(60))
        test.store.update(account) { draft in
            switch standing {
            case .mustChange, .active: break
            case .locked:
                draft.locks = [
                    Lock(
                        id: "lck_1", cause: .badPassword5, source: .automatic, lockedAt: draft.createdAt,
                        actor: "otpd", note: nil, document: nil)
                ]
            case .transferred: draft.lifecycle = .transferred
            case .transferEnded: draft.lifecycle = .transferEnded
            case .recalled: draft.lifecycle = .recalled
            case .destroyed: draft.lifecycle = .destroyed
            }
        }
    }

    /// A call of the city's sign-in page.
    func post(_ path: String, _ body: String) async -> Reply {
        await test.call("POST", path, key: sso, body: body)
    }

    /// A call of an operator's system, by a named person.
    func operate(_ method: String, _ path: String, _ body: String? = nil) async -> Reply {
        await test.operate(
            method, path, key: desk, body: body,
            headers: [("X-Actor", "An"), ("Idempotency-Key", "k1"), ("Content-Type", "application/json")])
    }

    /// A call of a mail server, with its key in the field where its program puts it.
    func hook(
        _ method: String, _ path: String, _ body: String? = nil, type: String = "application/json",
        headers: [(String, String)] = []
    ) async -> Reply {
        await test.call(
            method, path, body: body,
            headers: [("Authorization", "Bearer \(mail)"), ("X-API-Key", mail), ("X-Auth-Key", mail)]
                + (body == nil ? [] : [("Content-Type", type)]) + headers)
    }

    /// What Dovecot asks about a login with the app password.
    func passdbForm(_ service: String) -> String {
        "user=\(Self.address.split(separator: "@")[0])&password=\(appPassword.text)&service=\(service)&remote_ip=203.0.113.7"
    }

    /// The code that the offered authenticator shows.
    var offeredCode: String { test.code(secret: enrolment.secret) }
}

/// What a route answers about a mailbox in each state.
struct MatrixEntry: Sendable {
    /// The status for every state.
    let statuses: @Sendable (AccountStanding) -> Int
    /// Makes the call.
    let call: @Sendable (MatrixRig) async -> Reply
    /// For hooks, whose decisions stand in their fields: who is let in, and whether an answer does so.
    var opens: (@Sendable (AccountStanding) -> Bool, @Sendable (Reply) -> Bool)?

    init(
        statuses: @escaping @Sendable (AccountStanding) -> Int,
        call: @escaping @Sendable (MatrixRig) async -> Reply,
        opens: (@Sendable (AccountStanding) -> Bool, @Sendable (Reply) -> Bool)? = nil
    ) {
        self.statuses = statuses
        self.call = call
        self.opens = opens
    }

    /// A hook's decision about reading over IMAP or POP, or about handing in mail.
    static func hook(
        opening service: MailService, _ call: @escaping @Sendable (MatrixRig) async -> Reply,
        isOpen: @escaping @Sendable (Reply) -> Bool
    ) -> MatrixEntry {
        MatrixEntry(
            statuses: { _ in 200 }, call: call,
            opens: (
                { standing in
                    let row = Capabilities(kind: .personal, standing: standing)
                    return service == .smtp ? row.submission != .no : row.imapPop != .no
                }, isOpen
            ))
    }

    /// One answer whatever the state is: the route is about no mailbox, or never looks at its state.
    static func always(
        _ status: Int, _ call: @escaping @Sendable (MatrixRig) async -> Reply
    ) -> MatrixEntry {
        MatrixEntry(statuses: { _ in status }, call: call)
    }

    /// An operator's act on a mailbox: whatever its state, as long as it exists.
    static func whileItExists(
        _ status: Int, _ call: @escaping @Sendable (MatrixRig) async -> Reply
    ) -> MatrixEntry {
        MatrixEntry(statuses: { $0 == .destroyed ? 404 : status }, call: call)
    }

    /// A step of a sign-in: goes on where the state lets its owner in, and ends by its lock or with the mailbox.
    static func step(
        _ status: Int, except exceptions: [AccountStanding: Int] = [:],
        _ call: @escaping @Sendable (MatrixRig) async -> Reply
    ) -> MatrixEntry {
        MatrixEntry(
            statuses: { standing in
                if let exception = exceptions[standing] { return exception }
                return switch standing {
                case .mustChange, .active, .transferred, .recalled: status
                case .locked: 403
                case .transferEnded, .destroyed: 404
                }
            }, call: call)
    }
}
