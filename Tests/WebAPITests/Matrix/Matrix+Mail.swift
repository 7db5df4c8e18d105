import AuthDomain
import AuthService

extension Matrix {
    private static let path = "/v1/accounts/" + MatrixRig.address
    private static let login = MatrixRig.address.split(separator: "@")[0]

    /// App passwords and the hooks of mail servers.
    static let mail: [String: MatrixEntry] = owners.merging(hooks) { $1 }

    private static let owners: [String: MatrixEntry] = [
        "POST /v1/sign-ins/{id}/app-passwords": .step(201, except: [.mustChange: 409]) { rig in
            await rig.post("/v1/sign-ins/\(rig.open)/app-passwords", #"{"label":"Máy khác","services":["imap"]}"#)
        },
        "GET /v1/sign-ins/{id}/app-passwords": .step(200, except: [.mustChange: 409]) { rig in
            await rig.test.call("GET", "/v1/sign-ins/\(rig.open)/app-passwords", key: rig.sso)
        },
        "DELETE /v1/sign-ins/{id}/app-passwords/{password}": .step(204, except: [.mustChange: 409]) { rig in
            await rig.test.call("DELETE", "/v1/sign-ins/\(rig.open)/app-passwords/\(rig.appPassword.id)", key: rig.sso)
        },
        "POST /v1/sign-ins/{id}/access-tokens": .step(201, except: [.mustChange: 409]) { rig in
            await rig.post("/v1/sign-ins/\(rig.open)/access-tokens", "{}")
        },
        "GET /v1/accounts/{address}/app-passwords": .whileItExists(200) {
            await $0.operate("GET", path + "/app-passwords")
        },
        // Persons make their own; operators make them for applications alone.
        "POST /v1/accounts/{address}/app-passwords": .whileItExists(400) {
            await $0.operate(
                "POST", path + "/app-passwords", #"{"label":"Máy in","services":["smtp"],"document":"Số 1"}"#)
        },
        "DELETE /v1/accounts/{address}/app-passwords/{password}": MatrixEntry(
            statuses: { $0 == .destroyed || $0 == .mustChange ? 404 : 204 },
            call: { await $0.operate("DELETE", path + "/app-passwords/\($0.appPassword.id)") }),
    ]

    private static let hooks: [String: MatrixEntry] = [
        "GET /v1/mail/dovecot/passdb": .hook(opening: .imap) { rig in
            await rig.hook(
                "GET", "/v1/mail/dovecot/passdb", headers: [("X-Otpd-Request", rig.passdbForm("imap"))])
        } isOpen: {
            $0.header("X-Otpd-Result") == "ok"
        },
        "POST /v1/mail/dovecot/passdb": .hook(opening: .smtp) { rig in
            await rig.hook(
                "POST", "/v1/mail/dovecot/passdb", rig.passdbForm("smtp"), type: "application/x-www-form-urlencoded")
        } isOpen: {
            $0.header("X-Otpd-Result") == "ok"
        },
        "GET /v1/mail/nginx": .hook(opening: .imap) { rig in
            await rig.hook(
                "GET", "/v1/mail/nginx",
                headers: [
                    ("Auth-Method", "plain"), ("Auth-Protocol", "imap"), ("Auth-User", String(login)),
                    ("Auth-Pass", rig.appPassword.text), ("Auth-Login-Attempt", "1"), ("Client-IP", "203.0.113.7"),
                ])
        } isOpen: {
            $0.header("Auth-Status") == "OK"
        },
        "POST /v1/mail/policy": .always(200) { rig in
            await rig.hook(
                "POST", "/v1/mail/policy?command=allow", #"{"login":"\#(login)","protocol":"imap"}"#)
        },
        "POST /v1/oauth2/introspect": .always(200) { rig in
            await rig.hook(
                "POST", "/v1/oauth2/introspect", "token=abc&client_id=dovecot&client_secret=\(rig.mail)",
                type: "application/x-www-form-urlencoded")
        },
        // What mail systems tell is taken, whatever became of the mailbox: a delivery never unlocks one.
        "POST /v1/activity": .always(202) { rig in
            await rig.hook("POST", "/v1/activity", #"{"events":[{"account":"\#(login)","kind":"receive"}]}"#)
        },
        "POST /v1/mail/dovecot/events": .always(204) { rig in
            await rig.hook("POST", "/v1/mail/dovecot/events", #"{"event":"auth_request_finished","fields":{}}"#)
        },
    ]
}
