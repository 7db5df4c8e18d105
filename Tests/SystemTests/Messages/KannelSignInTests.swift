import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("A real Kannel on loopback carries the code (R-SMS-5, R-OTP-3)", .serialized)
struct KannelSignInTests {
    private static let phone = "+84912345678"

    @Test("The code that the handset shows signs the owner in; the report turns the row to delivered")
    func endToEnd() async throws {
        let rig = try KannelRig()
        defer { rig.stop() }
        let site = try MessageSite(redis: try RedisServer()) { [MessageSite.kannel(rig.sendURL, $0)] }
        let scenario = site.scenario
        let temporary = try await site.provision("an_sotttt@hanoi.gov.vn", phone: "0912 345 678")
        let (id, sent) = try await site.ask("an_sotttt@hanoi.gov.vn", temporary)
        #expect(sent.status == 202 && sent["phone"] == "******678", "\(sent.text)")
        #expect(sent.json["resend_after"] as? Int == 60 && sent.json["expires_in"] as? Int == 300)
        let messages = try rig.waitForMessages(1)
        let message = try #require(messages.first)
        #expect(message.to == Self.phone && message.from == "TPHN" && !message.isUnicode)
        #expect(message.text.contains("\n@sso.thudo.gov.vn #"))
        let code = MessageSite.code(in: message.text)
        let proven = await scenario.prove(id, "sms", code)
        #expect(proven["status"] == "password_change_required", "\(proven.text)")
        let chosen = "Bồ câu 7 con!"
        let changed = await scenario.sso().send("POST", "/v1/sign-ins/\(id)/password", ["new_password": chosen])
        // No enrolment code was needed, and none is owed: the authenticator stays an offer.
        #expect(changed["status"] == "complete" && changed["assertion"] != nil, "\(changed.text)")
        #expect(try site.state(awaiting: "delivered") == "delivered")
        let row = try #require(try site.rows("state, gateway, purpose, parts, cost, phone_masked").first)
        #expect(row == ["delivered", "kannel", "login", "1", "500", "******678"])
        #expect(await scenario.metric("otpd_sms_sends_total", containing: #"outcome="accepted",purpose="login""#) == 1)
        #expect(await scenario.metric("otpd_sms_reports_total", containing: #"result="applied""#) >= 1)
        let verified = await scenario.metric("otpd_sms_verified_total")
        #expect(verified == 1)
        #expect(await scenario.metric("otpd_sms_cost_dong_total", containing: "kannel") == 500)
        // Used once; and Kannel sent nothing by itself, such as an answer to a report.
        let again = try #require(await scenario.begin("an_sotttt@hanoi.gov.vn", chosen)["id"])
        #expect(await scenario.prove(again, "sms", code).status == 401)
        #expect(rig.messages.count == 1)
        #expect(!rig.logs.contains(code) && !rig.logs.contains(KannelRig.password))
        #expect(try scenario.auditIsClean())
    }

    @Test("Carrier off line: queued. Kannel stopped: a clear 503 for SMS alone, while TOTP signs in")
    func outage() async throws {
        let rig = try KannelRig()
        defer { rig.stop() }
        let site = try MessageSite(redis: try RedisServer()) { [MessageSite.kannel(rig.sendURL, $0)] }
        let scenario = site.scenario
        let address = "binh_sotttt@hanoi.gov.vn"
        let owner = try await enrolled(site, address) { try rig.waitForMessages(1)[0].text }

        try rig.disconnectCarrier()
        try scenario.setClock(Scenario.start + .seconds(120))
        let (_, queued) = try await site.ask(address, owner.password)
        #expect(queued.status == 202, "\(queued.text)")
        #expect(try site.state(awaiting: "queued") == "queued")
        #expect(rig.messages.count == 1)

        rig.stop()
        try scenario.setClock(Scenario.start + .seconds(240))
        let (id, down) = try await site.ask(address, owner.password)
        #expect(down.status == 503 && down["code"] == "unavailable" && down.headers["retry-after"] != nil)
        #expect(down["detail"]?.contains("SMS") == true)
        #expect(try site.state(awaiting: "refused") == "refused")
        #expect(await scenario.metric("otpd_sms_sends_total", containing: #"outcome="refused_retryable""#) == 1)
        let signed = await scenario.prove(id, "totp", owner.code(at: Scenario.start + .seconds(240)))
        #expect(signed["status"] == "complete", "\(signed.text)")
        // The service as such is well: a gateway is nothing that it waits for.
        #expect(await scenario.sso().send("GET", "/readyz").status == 200)
    }

    /// Takes an owner through the first sign-in by SMS and enrols an authenticator.
    private func enrolled(
        _ site: MessageSite, _ address: String, text: () throws -> String
    ) async throws -> Owner {
        let scenario = site.scenario
        let temporary = try await site.provision(address, phone: Self.phone)
        let (id, sent) = try await site.ask(address, temporary)
        #expect(sent.status == 202, "\(sent.text)")
        let proven = await scenario.prove(id, "sms", MessageSite.code(in: try text()))
        #expect(proven.status == 200, "\(proven.text)")
        let password = "Bồ câu 7 con!"
        _ = await scenario.sso().send("POST", "/v1/sign-ins/\(id)/password", ["new_password": password])
        let offer = await scenario.sso().send("POST", "/v1/sign-ins/\(id)/totp", ["label": "máy"])
        let secret = try KeyURI(parsing: try #require(offer["uri"])).secret
        let owner = Owner(address: address, password: password, secret: secret, recoveryCodes: [])
        let enrolment = try #require(offer["enrolment"])
        let confirmed = await scenario.sso().send(
            "POST", "/v1/sign-ins/\(id)/totp/\(enrolment)", ["code": owner.code(at: Scenario.start)])
        #expect(confirmed.status == 200, "\(confirmed.text)")
        return owner
    }
}
