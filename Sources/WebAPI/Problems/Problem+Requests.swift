import AuthService
import JSONText

/// The refusals that need no use case: what is wrong with the request itself.
extension Problem {
    /// A field that is not what it should be.
    static func invalid(_ field: String, _ expectation: Expectation) -> Problem {
        let text = expectation.text
        return Problem(
            .invalidRequest,
            LocalText(
                "“\(field)” không hợp lệ: \(text.vietnamese).", "“\(field)” is not valid: \(text.english)."),
            field: field)
    }

    /// A field that no route of this kind knows.
    static func unknown(_ field: String) -> Problem {
        let shown = String(field.unicodeScalars.prefix(64).map { Character($0) })
        return Problem(
            .invalidRequest,
            LocalText(
                "Không có trường “\(shown)” trong yêu cầu này; xem openapi.yaml.",
                "There is no field “\(shown)” in this request; see openapi.yaml."),
            field: shown)
    }

    /// A body that is not the JSON taken here.
    init(_ refusal: JSONRefusal) {
        let text =
            switch refusal.reason {
            case .syntax:
                LocalText(
                    "Nội dung không phải JSON đúng cú pháp (byte \(refusal.offset)).",
                    "The body is not well-formed JSON (byte \(refusal.offset)).")
            case .text:
                LocalText(
                    "Chuỗi trong JSON không phải UTF-8 hợp lệ hoặc chứa ký tự điều khiển, U+0000 (byte \(refusal.offset)).",
                    "A JSON string is not valid UTF-8 or has a control character or U+0000 (byte \(refusal.offset)).")
            case .depth:
                LocalText(
                    "JSON lồng nhau quá \(JSONReader.Limits().depth) cấp.",
                    "The JSON is nested deeper than \(JSONReader.Limits().depth) levels.")
            case .members:
                LocalText(
                    "Một đối tượng JSON có quá \(JSONReader.Limits().members) trường.",
                    "A JSON object has more than \(JSONReader.Limits().members) members.")
            case .duplicate(let name):
                LocalText(
                    "Trường “\(name.prefix(64))” xuất hiện hai lần trong JSON.",
                    "The member “\(name.prefix(64))” occurs twice in the JSON.")
            }
        self.init(.invalidRequest, text, field: "body")
    }

    /// No route has the path.
    static let noRoute = Problem(
        .notFound,
        LocalText(
            "Không có địa chỉ này; xem openapi.yaml để biết các địa chỉ của dịch vụ.",
            "There is no such resource; openapi.yaml lists those of the service."))

    /// The path is there, the method is not.
    static func wrongMethod(allowed: [String]) -> Problem {
        let list = allowed.joined(separator: ", ")
        return Problem(
            .methodNotAllowed,
            LocalText(
                "Địa chỉ này chỉ nhận phương thức: \(list).", "This resource takes these methods only: \(list)."),
            headers: [("Allow", list)])
    }

    /// Something other than JSON was sent.
    static let wrongMediaType = Problem(
        .unsupportedMediaType,
        LocalText(
            "Nội dung phải được gửi với Content-Type: application/json.",
            "Send the body with Content-Type: application/json."),
        headers: [("Accept", "application/json")])

    /// Something other than the one type that a route takes was sent.
    static func wrongMediaType(expected: String) -> Problem {
        Problem(
            .unsupportedMediaType,
            LocalText(
                "Nội dung phải được gửi với Content-Type: \(expected).", "Send the body with Content-Type: \(expected)."
            ),
            headers: [("Accept", expected)])
    }

    /// The caller is nobody known; the same for a missing, a malformed, a wrong and a revoked key.
    static let unauthenticated = Problem(
        .unauthenticated,
        LocalText(
            "Cần tiêu đề Authorization: Bearer với khóa còn hiệu lực do lệnh “otpd client add” cấp.",
            "Send Authorization: Bearer with a valid key, as made by “otpd client add”."),
        headers: [("WWW-Authenticate", "Bearer")])

    /// The caller's key does not carry the right that the route asks for.
    static func forbidden(needed: [ClientScope]) -> Problem {
        let list = needed.map(\.rawValue).joined(separator: ", ")
        return Problem(
            .forbidden,
            LocalText(
                "Khóa của hệ thống gọi không có quyền cần thiết: \(list).",
                "The client's key lacks the scope this takes: \(list)."))
    }

    /// Something needed is down; the caller learns only when to try again (principle 3).
    static func unavailable(reason: String) -> Problem {
        Problem(
            .unavailable,
            LocalText(
                "Dịch vụ tạm thời chưa trả lời được; hãy thử lại sau ít giây.",
                "The service cannot answer right now; try again in a few seconds."),
            retryAfter: 2, reason: reason)
    }
}
