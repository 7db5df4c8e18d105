import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("From provisioning to a signed assertion")
struct FirstSignInTests {
    @Test("An owner comes in for the first time, and from then on with password and TOTP (R-FIRST-1, R-OTP-1)")
    func firstAndSecondSignIn() async throws {
        let scenario = try Scenario(redis: try RedisServer())
        let owner = try await scenario.owner("nguyen_van_an_sotttt@hanoi.gov.vn")
        #expect(owner.recoveryCodes.count == 10)
        try scenario.setClock(Scenario.start + .seconds(60))
        let begun = await scenario.begin(owner.address, owner.password)
        #expect(begun.status == 201)
        #expect(begun["status"] == "factor_required")
        #expect(begun["assertion"] == nil)
        let id = try #require(begun["id"])
        let proven = await scenario.prove(id, "totp", owner.code(at: Scenario.start + .seconds(60)))
        #expect(proven["status"] == "complete")
        let claims = try Self.claims(try #require(proven["assertion"]))
        #expect(claims["aud"] as? String == "sso")
        #expect(claims["email"] as? String == owner.address)
        #expect(claims["amr"] as? [String] == ["pwd", "otp", "mfa"])
        let (issued, expires) = (claims["iat"] as? Int ?? 0, claims["exp"] as? Int ?? 0)
        #expect(expires - issued <= 60 && expires > issued)
        #expect(try scenario.auditIsClean())
    }

    @Test("A code from oathtool signs in, and zbarimg reads the key URI back from the QR code (R-URI-1)")
    func realAuthenticatorParts() async throws {
        let scenario = try Scenario(redis: nil)
        let first = try await scenario.provision("le_thi_hoa_sotttt@hanoi.gov.vn")
        let begun = await scenario.begin("le_thi_hoa_sotttt@hanoi.gov.vn", first.password)
        let id = try #require(begun["id"])
        _ = await scenario.prove(id, "enrolment_code", first.code)
        _ = await scenario.sso().send("POST", "/v1/sign-ins/\(id)/password", ["new_password": "Trời xanh 9 mây!"])
        let offer = await scenario.sso().send("POST", "/v1/sign-ins/\(id)/totp", [:])
        let uri = try #require(offer["uri"])
        let svg = try #require(offer["qr_svg"])
        let folder = try TemporaryDirectory()
        try folder.write(svg, to: "qr.svg")
        let drawn = try Command.run(
            "rsvg-convert", ["--zoom", "4", "-o", folder.path("qr.png"), folder.path("qr.svg")])
        try #require(drawn.status == 0)
        let read = try Command.run("zbarimg", ["--quiet", "--raw", folder.path("qr.png")])
        #expect(read.output.trimmingCharacters(in: .whitespacesAndNewlines) == uri)
        let secret = try #require(offer["secret"]).replacingOccurrences(of: " ", with: "")
        let code = try Command.run(
            "oathtool", ["--totp", "--base32", "--now", "2026-11-23 08:00:00 UTC", "-"], input: secret)
        let enrolment = try #require(offer["enrolment"])
        let confirmed = await scenario.sso().send(
            "POST", "/v1/sign-ins/\(id)/totp/\(enrolment)",
            ["code": code.output.trimmingCharacters(in: .whitespacesAndNewlines)])
        #expect(confirmed["status"] == "complete")
    }

    @Test("A recovery code stands in once; an abandoned first sign-in can begin again (R-NIST-4, R-FIRST-5)")
    func recoveryAndResumption() async throws {
        let scenario = try Scenario(redis: nil)
        let first = try await scenario.provision("pham_van_ba_sotttt@hanoi.gov.vn")
        let abandoned = await scenario.begin("pham_van_ba_sotttt", first.password)
        _ = await scenario.prove(try #require(abandoned["id"]), "enrolment_code", first.code)
        let owner = try await scenario.firstSignIn(
            "pham_van_ba_sotttt@hanoi.gov.vn", first.password, first.code, choosing: "Lúa chín 8 đồng!")
        for (round, expected) in [(0, 200), (1, 401)] {
            let begun = await scenario.begin(owner.address, owner.password)
            let id = try #require(begun["id"], "round \(round)")
            let proven = await scenario.prove(id, "recovery", owner.recoveryCodes[3])
            #expect(proven.status == expected)
        }
        let late = await scenario.begin(owner.address, owner.password)
        let refused = await scenario.prove(try #require(late["id"]), "enrolment_code", first.code)
        #expect(refused.status == 401)
    }

    @Test("Steps out of order, of another client, or after an operator's reset are refused (R-ASVS-2)")
    func order() async throws {
        let scenario = try Scenario(redis: nil)
        let owner = try await scenario.owner("vu_thi_tu_sotttt@hanoi.gov.vn")
        let begun = await scenario.begin(owner.address, owner.password)
        let id = try #require(begun["id"])
        let early = await scenario.sso().send("POST", "/v1/sign-ins/\(id)/password", ["new_password": "Xuân về 6 hoa!"])
        #expect(early.status == 409)
        let stranger = try scenario.site.addClient("other", scopes: ["sign-in"])
        try await Task.sleep(for: .milliseconds(1500))
        let foreign = await scenario.instances[0].service(stranger).send("GET", "/v1/sign-ins/\(id)")
        #expect(foreign.status == 404)
        let reset = await scenario.desk().send(
            "POST", "/v1/accounts/\(owner.address)/password-resets", ["document": "Số 12/CV ngày 23/11/2026"])
        #expect(reset.status == 200)
        let overtaken = await scenario.prove(id, "totp", owner.code(at: Scenario.start + .seconds(30)))
        #expect(overtaken.status == 410)
        let temporary = try #require(reset["temporary_password"])
        let again = await scenario.begin(owner.address, temporary)
        let next = try #require(again["id"])
        try scenario.setClock(Scenario.start + .seconds(60))
        let owed = await scenario.prove(next, "totp", owner.code(at: Scenario.start + .seconds(60)))
        #expect(owed["status"] == "password_change_required")
        let reused = await scenario.sso().send(
            "POST", "/v1/sign-ins/\(next)/password", ["new_password": owner.password])
        #expect(reused.status == 422)
        #expect(reused.text.contains("pw.reused"))
        let issued = await scenario.sso().send("POST", "/v1/sign-ins/\(next)/password", ["new_password": temporary])
        #expect(issued.text.contains("pw.is_default"))
    }

    private static func claims(_ token: String) throws -> [String: Any] {
        let parts = token.split(separator: ".")
        try #require(parts.count == 3)
        var payload = parts[1].replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        payload += String(repeating: "=", count: (4 - payload.count % 4) % 4)
        let data = try #require(Data(base64Encoded: payload))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }
}
