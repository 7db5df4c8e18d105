import AuthDomain
import AuthService
import Foundation
import HTTPServer
import Testing

@testable import WebAPI

@Suite("From outcomes to problems (R-API-1, R-API-2, R-LOCK-17)")
struct ProblemTableTests {
    private func reply(_ problem: Problem, _ language: Language = .vietnamese) -> Reply {
        let answer = problem.answer(language)
        return Reply(HTTPResponse(status: answer.status, headers: answer.headers, body: answer.body))
    }

    @Test(
        "Each failure of a sign-in has its status and code",
        arguments: [
            (SignInFailure.invalidRequest(field: "label", expected: "x"), 400, "invalid-request"),
            (.invalidCredentials, 401, "invalid-credentials"), (.invalidCode, 401, "invalid-code"),
            (.accountLocked(nil), 403, "account-locked"), (.accountLocked(.compromised), 403, "account-locked"),
            (.notFound, 404, "not-found"), (.overtaken, 410, "gone"),
            (.outOfOrder(owed: .enrolmentRequired), 409, "conflict"), (.concurrentCall, 409, "conflict"),
            (.passwordRejected([.noDigit, .common]), 422, "password-rejected"),
            (.tooManyAuthenticators(maximum: 10), 409, "conflict"),
            (.throttled(retryAfter: .milliseconds(1)), 429, "too-many-requests"),
            (.noUsablePhone, 409, "conflict"),
            (.sendRefused(retryAfter: .seconds(41)), 429, "too-many-requests"),
            (.noGateway(retryAfter: .seconds(10)), 503, "unavailable"),
            (.unavailable(reason: "secret path"), 503, "unavailable"),
        ] as [(SignInFailure, Int, String)])
    func signIn(failure: SignInFailure, status: Int, code: String) {
        check(Problem(failure), status, code)
    }

    @Test(
        "Each failure of an operator's act has its status and code",
        arguments: [
            (OperatorFailure.invalidRequest(field: "note", expected: "x"), 400, "invalid-request"),
            (.notFound, 404, "not-found"), (.addressTaken("an@hanoi.gov.vn"), 409, "conflict"),
            (.alreadyLocked(.spamMalware), 409, "conflict"), (.notLocked, 409, "conflict"),
            (.standsLocked([.badPassword5]), 409, "conflict"),
            (.missingGrounds([.remediation]), 400, "invalid-request"),
            (.changedMeanwhile, 409, "conflict"), (.hasNoLogin(.group), 409, "conflict"),
            (.badPhone(.oldPrefix(old: "0122", new: "077")), 400, "invalid-request"),
            (.badPhone(.several), 400, "invalid-request"), (.phoneTakesNoSMS, 409, "conflict"),
            (.noPendingPhone, 409, "conflict"), (.wrongCode, 401, "invalid-code"),
            (.phoneNeedsConfirmation, 409, "conflict"),
            (.sendRefused(retryAfter: .seconds(41)), 429, "too-many-requests"),
            (.noGateway(retryAfter: .seconds(10)), 503, "unavailable"),
            (.unavailable(reason: "secret path"), 503, "unavailable"),
        ] as [(OperatorFailure, Int, String)])
    func operators(failure: OperatorFailure, status: Int, code: String) {
        check(Problem(failure), status, code)
    }

    private func check(_ problem: Problem, _ status: Int, _ code: String) {
        for language in Language.allCases {
            let reply = reply(problem, language)
            #expect(reply.status == status)
            #expect(reply.json["status"] as? Int == status)
            #expect(reply.code == code)
            #expect(reply.string("type") == "urn:otpd:problem:\(code)")
            #expect(!(reply.string("title") ?? "").isEmpty)
            #expect(!(reply.string("detail") ?? "").isEmpty)
            #expect(!reply.text.contains("secret path"))
            let waits = status == 429 || status == 503
            #expect((reply.header("Retry-After").flatMap(Int.init) ?? 0 >= 1) == waits)
            #expect(reply.header("WWW-Authenticate") == nil)
        }
    }

    @Test("A lock tells its cause only where the cause is told to the table (T-13)")
    func locked() {
        let generic = reply(Problem(SignInFailure.accountLocked(nil)))
        #expect(generic.string("clause") == "Điều 8")
        #expect(generic.string("detail") == DenialText.locked(.vietnamese))
        #expect(generic.json["locks"] == nil)
        let precise = reply(Problem(SignInFailure.accountLocked(.badOTP5)), .english)
        #expect(precise.string("clause") == "Điều 8.2.b")
        #expect(precise.string("detail") == DenialText.locked(by: .badOTP5, .english))
        #expect(precise.objects("locks").first?["cause"] as? String == "bad_otp_5")
    }

    @Test("What is owed, broken or missing is listed")
    func lists() {
        #expect(reply(Problem(SignInFailure.outOfOrder(owed: .factorRequired))).string("owed") == "factor_required")
        let rejected = reply(Problem(SignInFailure.passwordRejected([.common, .noSpecial])))
        #expect(rejected.objects("violations").map { $0["code"] as? String } == ["pw.common", "pw.no_special"])
        #expect(rejected.string("clause") == "Điều 12 khoản 2")
        let missing = reply(Problem(OperatorFailure.missingGrounds([.remediation, .decision])))
        #expect(missing.objects("missing").map { $0["clause"] as? String } == ["Điều 8.3.b", "Điều 8.2.c"])
        #expect(missing.string("field") == "remediation")
    }

    @Test(
        "Waits are whole seconds, rounded up, at least one",
        arguments: [
            (Duration.zero, 1), (.nanoseconds(1), 1), (.milliseconds(999), 1), (.seconds(1), 1),
            (.milliseconds(1_001), 2), (.seconds(20), 20), (.milliseconds(19_001), 20),
        ])
    func waits(duration: Duration, seconds: Int) {
        #expect(Problem.wholeSeconds(duration) == seconds)
    }

    @Test("The engine's refusals keep their status and speak as the rest does", arguments: Refusal.Reason.allCases)
    func engine(reason: Refusal.Reason) {
        let reply = reply(Problem(reason))
        #expect(reply.status == reason.status)
        #expect(ProblemCode.allCases.map(\.rawValue).contains(reply.code ?? ""))
        #expect((reply.header("Retry-After") != nil) == (reason.status == 503))
    }

    @Test("Codes are those of the contract, each with its own status and words")
    func codes() {
        let expected = [
            "invalid-request": 400, "unauthenticated": 401, "forbidden": 403, "not-found": 404,
            "method-not-allowed": 405, "conflict": 409, "gone": 410, "too-large": 413, "unsupported-media-type": 415,
            "invalid-credentials": 401, "invalid-code": 401, "account-locked": 403, "password-rejected": 422,
            "call-differs": 422, "too-many-requests": 429, "unavailable": 503,
        ]
        #expect(Dictionary(uniqueKeysWithValues: ProblemCode.allCases.map { ($0.rawValue, $0.status) }) == expected)
        for language in Language.allCases {
            #expect(Set(ProblemCode.allCases.map { $0.title(language) }).count == expected.count)
        }
    }
}
