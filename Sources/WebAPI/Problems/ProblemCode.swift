/// The closed list of problems that callers meet (api.md); each has one stable URI (R-API-1).
package enum ProblemCode: String, CaseIterable, Sendable {
    case invalidRequest = "invalid-request"
    case unauthenticated
    case forbidden
    case notFound = "not-found"
    case methodNotAllowed = "method-not-allowed"
    case conflict
    case gone
    case tooLarge = "too-large"
    case unsupportedMediaType = "unsupported-media-type"
    case invalidCredentials = "invalid-credentials"
    case invalidCode = "invalid-code"
    case accountLocked = "account-locked"
    case passwordRejected = "password-rejected"
    case callDiffers = "call-differs"
    case tooManyRequests = "too-many-requests"
    case unavailable

    /// The HTTP status that goes with the code.
    package var status: Int {
        switch self {
        case .invalidRequest: 400
        case .unauthenticated, .invalidCredentials, .invalidCode: 401
        case .forbidden, .accountLocked: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .conflict: 409
        case .gone: 410
        case .tooLarge: 413
        case .unsupportedMediaType: 415
        case .passwordRejected, .callDiffers: 422
        case .tooManyRequests: 429
        case .unavailable: 503
        }
    }

    /// The `type` of RFC 9457.
    package var type: String { "urn:otpd:problem:" + rawValue }

    /// The `title`: the same for every occurrence of the code.
    var title: LocalText {
        switch self {
        case .invalidRequest: LocalText("Yêu cầu không hợp lệ", "Invalid request")
        case .unauthenticated: LocalText("Chưa xác thực hệ thống gọi", "Client not authenticated")
        case .forbidden: LocalText("Không có quyền", "Forbidden")
        case .notFound: LocalText("Không tìm thấy", "Not found")
        case .methodNotAllowed: LocalText("Phương thức không được phép", "Method not allowed")
        case .conflict: LocalText("Trạng thái không cho phép", "Conflict")
        case .gone: LocalText("Phiên đăng nhập không còn giá trị", "Sign-in overtaken")
        case .tooLarge: LocalText("Yêu cầu quá lớn", "Request too large")
        case .unsupportedMediaType: LocalText("Kiểu nội dung không được hỗ trợ", "Unsupported media type")
        case .invalidCredentials: LocalText("Đăng nhập không thành công", "Sign-in refused")
        case .invalidCode: LocalText("Mã xác thực không đúng", "Code refused")
        case .accountLocked: LocalText("Hộp thư bị tạm khóa", "Mailbox locked")
        case .passwordRejected: LocalText("Mật khẩu không đạt yêu cầu", "Password rejected")
        case .callDiffers: LocalText("Khóa gọi lặp đã dùng cho yêu cầu khác", "Name of another call")
        case .tooManyRequests: LocalText("Quá nhiều yêu cầu", "Too many requests")
        case .unavailable: LocalText("Dịch vụ tạm thời gián đoạn", "Service unavailable")
        }
    }
}
