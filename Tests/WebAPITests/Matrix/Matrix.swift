import AuthDomain
import AuthService
import TestKit

/// The matrix of A11 by route: every route of openapi.yaml has its entry, and a new one without one fails the test.
///
/// An entry says what the route answers about a mailbox in each state. Routes that look at no mailbox are
/// `always`; operators' acts are `whileItExists`; steps of a sign-in are `step`.
enum Matrix {
    private static let path = "/v1/accounts/" + MatrixRig.address
    private static let client = #""client":{"ip":"203.0.113.7"}"#

    static let entries: [String: MatrixEntry] = signIns.merging(operators) { $1 }.merging(desk) { $1 }
        .merging(apart) { $1 }.merging(mail) { $1 }

    /// What owners do.
    private static let signIns: [String: MatrixEntry] = [
        "POST /v1/sign-ins": .step(201, except: [.transferEnded: 401, .destroyed: 401]) { rig in
            await rig.test.begin(MatrixRig.address, TestService.password, key: rig.sso)
        },
        "GET /v1/sign-ins/{id}": .step(200) { await $0.test.call("GET", "/v1/sign-ins/\($0.open)", key: $0.sso) },
        "POST /v1/sign-ins/{id}/factor": .step(200) { rig in
            await rig.post("/v1/sign-ins/\(rig.begun)/factor", #"{"kind":"totp","code":"\#(rig.test.code())"}"#)
        },
        // A recalled mailbox is handed over as it is: its password stays (A11).
        "POST /v1/sign-ins/{id}/password": .step(200, except: [.recalled: 409]) { rig in
            await rig.post(
                "/v1/sign-ins/\(rig.open)/password",
                #"{"new_password":"Mưa rào 4 giờ!","current_password":"\#(TestService.password)"}"#)
        },
        // Whoever owes a change of password may do that and nothing else (R-FIRST-1).
        "POST /v1/sign-ins/{id}/totp": .step(201, except: [.mustChange: 409]) { rig in
            await rig.post("/v1/sign-ins/\(rig.open)/totp", #"{"label":"Máy khác"}"#)
        },
        "POST /v1/sign-ins/{id}/totp/{enrolment}": .step(200, except: [.mustChange: 409]) { rig in
            await rig.post(
                "/v1/sign-ins/\(rig.open)/totp/\(rig.enrolment.id)", #"{"code":"\#(rig.offeredCode)"}"#)
        },
        // The mailbox of the rig has no phone: an owner who may come in is told so, and nobody else.
        "POST /v1/sign-ins/{id}/sms": .step(409) { await $0.post("/v1/sign-ins/\($0.begun)/sms", "{}") },
        "POST /v1/otp/sms": .always(503) { rig in
            await rig.test.call(
                "POST", "/v1/otp/sms", key: rig.otp, body: #"{"account":"\#(MatrixRig.address)",\#(client)}"#)
        },
        "POST /v1/otp/verify": .step(200, except: [.transferEnded: 401, .destroyed: 401]) { rig in
            await rig.test.call(
                "POST", "/v1/otp/verify", key: rig.otp,
                body: #"{"account":"\#(MatrixRig.address)","code":"\#(rig.test.code())",\#(client)}"#)
        },
    ]

    /// What operators do to a mailbox.
    private static let operators: [String: MatrixEntry] = [
        "GET /v1/accounts/{address}": .whileItExists(200) { await $0.operate("GET", path) },
        "PATCH /v1/accounts/{address}": .whileItExists(200) {
            await $0.operate("PATCH", path, #"{"display_name":"Kỹ thuật"}"#)
        },
        "DELETE /v1/accounts/{address}": .whileItExists(204) { await $0.operate("DELETE", path) },
        "POST /v1/accounts/{address}/locks": .whileItExists(201) {
            await $0.operate("POST", path + "/locks", #"{"cause":"compromised","note":"thử"}"#)
        },
        "POST /v1/accounts/{address}/restorations": MatrixEntry(statuses: restorable(200)) {
            await $0.operate(
                "POST", path + "/restorations",
                #"{"document":"Số 1","requested_by":"Sở","remediation":"đã xử lý"}"#)
        },
        "POST /v1/accounts/{address}/password-resets": MatrixEntry(
            statuses: { $0 == .destroyed ? 404 : $0 == .locked ? 409 : 200 },
            call: { await $0.operate("POST", path + "/password-resets", #"{"document":"Số 1"}"#) }),
        "POST /v1/accounts/{address}/enrolment-codes": .whileItExists(201) {
            await $0.operate("POST", path + "/enrolment-codes", #"{"document":"Số 1"}"#)
        },
        "DELETE /v1/accounts/{address}/authenticators/{id}": .whileItExists(204) {
            await $0.operate("DELETE", path + "/authenticators/aut_0")
        },
        // No gateway is set, so nothing about numbers is begun.
        "PUT /v1/accounts/{address}/phone": .always(503) {
            await $0.operate("PUT", path + "/phone", #"{"phone":"0912345678","document":"Số 1"}"#)
        },
        "POST /v1/accounts/{address}/phone/confirmation": .always(503) {
            await $0.operate("POST", path + "/phone/confirmation", #"{"code":"123456"}"#)
        },
        "POST /v1/accounts/{address}/lifecycle": .whileItExists(200) {
            await $0.operate(
                "POST", path + "/lifecycle",
                #"{"lifecycle":"recalled","decided_on":"\#(CivilDate(inHanoiAt: $0.test.clock.now()))","document":"Số 1"}"#
            )
        },
        "POST /v1/accounts/{address}/exemptions": .whileItExists(201) {
            await $0.operate(
                "POST", path + "/exemptions",
                #"{"reason":"Nghỉ","document":"Số 1","from":"2026-01-01T00:00:00Z","until":"2027-01-01T00:00:00Z"}"#)
        },
        "GET /v1/accounts/{address}/exemptions": .whileItExists(200) { await $0.operate("GET", path + "/exemptions") },
        // None is recorded: known mailbox or not, there is nothing to end.
        "DELETE /v1/accounts/{address}/exemptions/{id}": .always(404) {
            await $0.operate("DELETE", path + "/exemptions/exm_1")
        },
    ]

    /// What the restoration desk does.
    private static let desk: [String: MatrixEntry] = [
        "POST /v1/accounts/{address}/restoration-requests": MatrixEntry(statuses: restorable(201)) {
            await $0.operate(
                "POST", path + "/restoration-requests",
                #"{"organisation":"Sở","document":"Số 1","requested_by":"An"}"#)
        },
        "POST /v1/accounts/{address}/break-glass": MatrixEntry(statuses: restorable(200)) {
            await $0.operate("POST", path + "/break-glass", #"{"reason":"bị dò","remediation":"đã chặn"}"#)
        },
        "GET /v1/restoration-requests": .always(200) { await $0.operate("GET", "/v1/restoration-requests") },
        "POST /v1/restoration-requests/{id}/execution": .always(404) {
            await $0.operate("POST", "/v1/restoration-requests/req_1/execution", "{}")
        },
        "POST /v1/restoration-requests/{id}/rejection": .always(404) {
            await $0.operate("POST", "/v1/restoration-requests/req_1/rejection", #"{"note":"không"}"#)
        },
        "GET /v1/restoration-reviews": .always(200) { await $0.operate("GET", "/v1/restoration-reviews") },
        "POST /v1/restoration-reviews/{id}": .always(404) {
            await $0.operate("POST", "/v1/restoration-reviews/res_1", #"{"document":"Số 1","finding":"đúng"}"#)
        },
        "POST /v1/locks": .always(200) {
            await $0.operate(
                "POST", "/v1/locks",
                #"{"accounts":["\#(MatrixRig.address)"],"cause":"compromised","note":"thử","document":"Số 1"}"#)
        },
    ]

    /// What is about no mailbox.
    private static let apart: [String: MatrixEntry] = [
        "POST /v1/accounts": .always(201) {
            await $0.operate("POST", "/v1/accounts", #"{"address":"moi@hanoi.gov.vn","kind":"personal"}"#)
        },
        // Gateways report about messages, whatever became of the mailbox meanwhile; none of these is known.
        "GET /v1/sms/reports/{gateway}/{reference}/{token}": .always(404) {
            await $0.test.call("GET", "/v1/sms/reports/kannel/sms_1/abc")
        },
        "POST /v1/sms/reports/{gateway}/{reference}/{token}": .always(404) {
            await $0.test.call("POST", "/v1/sms/reports/kannel/sms_1/abc", body: "{}")
        },
        "GET /v1/sms/reports/{gateway}": .always(404) { await $0.test.call("GET", "/v1/sms/reports/kannel") },
        "POST /v1/sms/reports/{gateway}": .always(404) {
            await $0.test.call("POST", "/v1/sms/reports/kannel", body: "{}")
        },
        "GET /v1/maintenance": .always(200) { await $0.test.call("GET", "/v1/maintenance", key: $0.sso) },
        "GET /v1/password-policy": .always(200) { await $0.test.call("GET", "/v1/password-policy", key: $0.sso) },
        "POST /v1/password-policy/check": .always(200) {
            await $0.post("/v1/password-policy/check", #"{"password":"Mưa rào 4 giờ!"}"#)
        },
        "GET /v1/accounts": .always(200) { await $0.operate("GET", "/v1/accounts?changed_since=2026-01-01T00:00:00Z") },
        "GET /v1/reports/organisation": .always(200) {
            await $0.operate("GET", "/v1/reports/organisation?organisation=So%20TTTT")
        },
        "GET /v1/reports/review": .always(200) { await $0.operate("GET", "/v1/reports/review") },
        "GET /v1/reports/inactive45": .always(200) { await $0.operate("GET", "/v1/reports/inactive45") },
        "GET /v1/reports/compliance": .always(200) { await $0.operate("GET", "/v1/reports/compliance") },
        "GET /v1/audit": .always(200) { await $0.operate("GET", "/v1/audit") },
        "GET /.well-known/jwks.json": .always(200) { await $0.test.call("GET", "/.well-known/jwks.json") },
        "GET /livez": .always(200) { await $0.test.call("GET", "/livez") },
        "GET /readyz": .always(200) { await $0.test.call("GET", "/readyz") },
        "GET /metrics": .always(200) { await $0.test.operate("GET", "/metrics") },
    ]

    /// Only what is locked can be restored (Đ8.3).
    private static func restorable(_ status: Int) -> @Sendable (AccountStanding) -> Int {
        { $0 == .destroyed ? 404 : $0 == .locked ? status : 409 }
    }
}
