/// What a person who is turned away reads: never why in detail, always whom to ask (R-LOCK-17).
package enum DenialText {
    /// The mailbox of the city's technical unit (Đ8.3.a).
    package static let supportMailbox = "kythuat@hanoi.gov.vn"

    /// The refusal of a locked mailbox, whatever the cause.
    package static func locked(_ language: Language) -> String {
        switch language {
        case .vietnamese:
            "Hộp thư đang bị tạm khóa. Đề nghị liên hệ người chuyên trách của đơn vị để gửi yêu cầu khôi phục qua hộp thư \(supportMailbox)."
        case .english:
            "The mailbox is temporarily locked. Please ask the responsible officer of your unit, who can request its restoration through \(supportMailbox)."
        }
    }

    /// The refusal for callers that may know the cause, such as the city's own sign-in page.
    package static func locked(by cause: LockCause, _ language: Language) -> String {
        "\(locked(language)) (\(cause.wording(language)); \(cause.clause))"
    }

    /// The one answer to a wrong address, a wrong password and everything that must look like them.
    package static func invalidCredentials(_ language: Language) -> String {
        switch language {
        case .vietnamese: "Tên đăng nhập hoặc mật khẩu không đúng."
        case .english: "The user name or password is not correct."
        }
    }

    /// The one answer to a wrong, used or expired code.
    package static func invalidCode(_ language: Language) -> String {
        switch language {
        case .vietnamese: "Mã xác thực không đúng hoặc không còn hiệu lực."
        case .english: "The code is not correct or no longer valid."
        }
    }
}
