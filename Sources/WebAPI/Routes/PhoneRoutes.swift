import AuthDomain
import AuthService
import JSONText

/// Changes of the number that codes go to (api.md, admin listener; R-PHONE-5).
struct PhoneRoutes: Sendable {
    let change: ChangePhone
    let pages: AccountPages

    var routes: [Route] {
        [
            Route(.put, "/v1/accounts/{address}/phone", .operating, action: propose),
            Route(.post, "/v1/accounts/{address}/phone/confirmation", .operating, action: confirm),
        ]
    }

    private func propose(_ call: Call) async throws(Problem) -> Answer {
        var fields = try call.body()
        let phone = try fields.string("phone")
        let document = try fields.string("document")
        let handsOver = try fields.optionalFlag("hand_over") ?? false
        try fields.finish()
        let proposed = try await operating { () async throws(OperatorFailure) in
            try await change.propose(
                call.parameter("address"), phone: phone, document: document, handsOver: handsOver,
                language: call.language, provenance: call.provenance(entry: "api"))
        }
        return .sent(proposed.sent)
    }

    private func confirm(_ call: Call) async throws(Problem) -> Answer {
        var fields = try call.body()
        let code = try CodeFields.code(.sms, in: &fields)
        try fields.finish()
        let confirmed = try await operating { () async throws(OperatorFailure) in
            try await change.confirm(
                call.parameter("address"), code: code, language: call.language,
                provenance: call.provenance(entry: "api"))
        }
        return .json { writer in
            writer.name("account")
            pages.write(confirmed.account, to: &writer, call.language)
            writer.optional("temporary_password", confirmed.temporaryPassword)
        }
    }

    /// What an operator is told of a landline (R-PHONE-7).
    static func takesNoSMS(_ language: Language) -> String {
        LocalText(
            "Số điện thoại đã lưu là số cố định hoặc không thuộc dải số di động, không nhận được mã qua SMS; "
                + "hãy đăng ký số di động hoặc dùng ứng dụng xác thực.",
            "The phone that was stored is a landline or in no mobile range and takes no codes by SMS; register a "
                + "mobile number or enrol an authenticator.")(language)
    }
}

extension Answer {
    /// A code is on its way.
    static func sent(_ code: SentCode) -> Answer {
        .json(202) { writer in
            writer.field("phone", code.phone)
            writer.field("resend_after", Problem.wholeSeconds(code.resendAfter))
            writer.field("expires_in", Int(clamping: code.expiresIn.components.seconds))
        }
    }
}
