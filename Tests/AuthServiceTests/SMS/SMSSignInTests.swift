import AuthDomain
import AuthService
import Foundation
import TestKit
import Testing

@Suite("Signing in with a code by SMS")
struct SMSSignInTests {
    @Test("R-OTP-3, Đ13.2.a: a registered phone proves the first sign-in; no enrolment code, TOTP offered, not owed")
    func firstSignIn() async throws {
        let (world, handset) = try await World.messaging()
        let made = try await world.provision("nguyen_an@hanoi.gov.vn", phone: "0912 345 678")
        #expect(made.enrolmentCode == nil && !made.phoneTakesNoSMS)
        #expect(made.account.maskedPhone == "******678" && made.account.phone?.takesSMS == true)
        let begun = try await world.begin("nguyen_an", made.temporaryPassword ?? "")
        #expect(begun.status == .factorRequired && begun.notices.isEmpty)
        #expect(begun.factors.map(\.kind) == [.sms] && begun.factors.first?.hint == "******678")
        let sent = try await world.sendCode(begun.id)
        #expect(sent.phone == "******678" && sent.resendAfter == .seconds(60) && sent.expiresIn == .seconds(300))
        let message = try #require(handset.deliveries.first)
        #expect(message.phone == "+84912345678" && SMSParts(message.text).parts == 1)
        #expect(message.text.hasSuffix("\n@sso.thudo.gov.vn #\(handset.code())"))
        #expect(!message.text.contains("nguyen_an"))
        #expect(try await world.prove(begun.id, .sms, handset.code()).status == .passwordChangeRequired)
        let done = try await world.choose(begun.id, "Bồ câu 7 con!")
        #expect(done.status == .complete && done.notices.contains(.authenticatorAdvised))
        let payload = try #require(done.assertion?.split(separator: ".").dropFirst().first)
        let claims = try #require(Base64.decode(payload.utf8, .urlSafe))
        let json = try #require(try JSONSerialization.jsonObject(with: Data(claims)) as? [String: Any])
        #expect(json["amr"] as? [String] == ["pwd", "otp", "sms", "mfa"])
        let offer = try await world.offer(begun.id)
        #expect(try await world.confirm(begun.id, offer).recoveryCodes?.count == 10)
        #expect(try await world.audit(.messageSent).first?.detail == "login to ******678")
    }

    @Test("T-8: kinds and organisations that must have an authenticator enrol it although SMS proved them")
    func requiredAuthenticator() async throws {
        let (world, handset) = try await World.messaging {
            $0.sms.totpKinds = [.clerical]
            $0.sms.totpOrganisations = ["Văn phòng"]
        }
        for (address, kind, organisation, owed) in [
            ("vanthu_so@hanoi.gov.vn", AccountKind.clerical, nil as String?, SignInStatus.enrolmentRequired),
            ("le_chi@hanoi.gov.vn", .personal, "Văn phòng", .enrolmentRequired),
            ("tran_dung@hanoi.gov.vn", .personal, "Sở Nội vụ", .complete),
        ] {
            let made = try await world.provision(
                address, phone: "0987654321", kind: kind, organisation: organisation)
            let id = try await world.begin(address, made.temporaryPassword ?? "").id
            _ = try await world.sendCode(id)
            _ = try await world.prove(id, .sms, handset.code())
            #expect(try await world.choose(id, "Bồ câu 7 con!").status == owed, "\(address)")
            if owed == .enrolmentRequired {
                let offer = try await world.offer(id)
                #expect(try await world.confirm(id, offer).status == .complete)
            }
        }
    }

    @Test(
        "R-OTP-4: SMS beside an authenticator always, only after a reset, or never",
        arguments: [
            (SMSFallback.always, [FactorKind.totp, .sms, .recovery], "done"),
            (.resetOnly, [.totp, .recovery], "no phone"), (.never, [.totp, .recovery], "no phone"),
        ])
    func fallback(fallback: SMSFallback, kinds: [FactorKind], sending: String) async throws {
        let (world, handset) = try await World.messaging { $0.sms.fallback = fallback }
        let password = try await world.phoneOwner("nguyen_an@hanoi.gov.vn", handset: handset)
        world.clock.advance(by: .seconds(61))
        let first = try await world.begin("nguyen_an", password).id
        _ = try await world.sendCode(first)
        _ = try await world.prove(first, .sms, handset.code())
        _ = try await world.confirm(first, try await world.offer(first))
        let begun = try await world.begin("nguyen_an", password)
        #expect(begun.factors.map(\.kind) == kinds)
        #expect(await outcome { try await world.sendCode(begun.id) } == sending)
        let temporary = try await world.resetPassword("nguyen_an")
        let reset = try await world.begin("nguyen_an", temporary)
        #expect(reset.factors.contains { $0.kind == .sms } == (fallback != .never))
    }

    @Test("R-PHONE-7: a landline is kept and told, takes no codes, and leaves the enrolment code")
    func landline() async throws {
        let (world, _) = try await World.messaging()
        let made = try await world.provision("nguyen_an@hanoi.gov.vn", phone: "024 3825 3536")
        #expect(made.phoneTakesNoSMS && made.enrolmentCode != nil)
        #expect(made.account.maskedPhone == "******536" && made.account.phone?.takesSMS == false)
        let begun = try await world.begin("nguyen_an", made.temporaryPassword ?? "")
        #expect(begun.factors.map(\.kind) == [.enrolmentCode])
        #expect(await outcome { try await world.sendCode(begun.id) } == "no phone")
    }

    @Test(
        "R-PHONE-8, R-SMS-1: what is no number to register is refused with its reason",
        arguments: [
            ("01223456789", "bad phone oldPrefix(old: \"0122\", new: \"077\")"),
            ("0912345678/0987654321", "bad phone several"),
            ("+14155550100", "bad phone foreignCountry(+1)"), ("abc", "bad phone malformed"), ("", "bad phone empty"),
        ])
    func badNumbers(written: String, word: String) async throws {
        let (world, _) = try await World.messaging()
        let found = await outcome { try await world.provision("nguyen_an@hanoi.gov.vn", phone: written) }
        #expect(found == word)
    }

    @Test("R-PDP-3: neither number nor code lies in the database")
    func atRest() async throws {
        let (world, handset) = try await World.messaging()
        _ = try await world.phoneOwner("nguyen_an@hanoi.gov.vn", handset: handset)
        let dump = try world.sql(".dump").lowercased()
        #expect(dump.contains("******678"))
        for secret in ["912345678", handset.code(), Hex.encode(Array("912345678".utf8))] {
            #expect(!dump.contains(secret))
        }
    }

    @Test("A change of the number ends the sign-in that the old one proved (R-NIST-3)")
    func numberChanged() async throws {
        let (world, handset) = try await World.messaging()
        let password = try await world.phoneOwner("nguyen_an@hanoi.gov.vn", handset: handset)
        let id = try await world.begin("nguyen_an", password).id
        _ = try await world.sendCode(id)
        #expect(try await world.prove(id, .sms, handset.code()).status == .complete)
        _ = try await world.propose("nguyen_an", "0987654321")
        _ = try await world.confirmPhone("nguyen_an", handset.code("+84987654321"))
        #expect(await outcome { try await world.read(id) } == "overtaken")
    }
}
