import AuthDomain
import AuthService

/// What callers learn of telephone numbers and of codes that were not sent.
extension Problem {
    /// A gap, a budget or a paused prefix: which one is for the metrics alone.
    static func sendRefused(retryAfter wait: Duration) -> Problem {
        Problem(
            .tooManyRequests,
            LocalText(
                "Chưa thể gửi thêm mã qua SMS; hãy chờ hết thời gian nêu ở Retry-After, hoặc dùng ứng dụng xác thực "
                    + "hay mã khôi phục. Mã đã gửi còn hạn vẫn dùng được.",
                "No further code is sent by SMS now; wait as long as Retry-After says, or use an authenticator app or "
                    + "a recovery code. A code that was sent and has not expired still works."),
            retryAfter: wholeSeconds(wait))
    }

    /// No gateway took the message.
    static func noGateway(retryAfter wait: Duration) -> Problem {
        Problem(
            .unavailable,
            LocalText(
                "Hiện không gửi được SMS; hãy thử lại sau, hoặc dùng ứng dụng xác thực hay mã khôi phục.",
                "No SMS can be sent right now; try again later, or use an authenticator app or a recovery code."),
            retryAfter: wholeSeconds(wait), reason: "no SMS gateway took the message")
    }

    /// A text that is no number to register; the number itself is never repeated.
    static func badPhone(_ error: PhoneError) -> Problem {
        Problem(.invalidRequest, words(error), field: "phone")
    }

    static let noUsablePhone = LocalText(
        "Hộp thư chưa có số điện thoại nhận được mã qua SMS, hoặc quy định yêu cầu dùng ứng dụng xác thực.",
        "The mailbox has no phone that takes codes by SMS, or rules ask for its authenticator app.")
    static let phoneTakesNoSMS = LocalText(
        "Số này là số cố định hoặc không thuộc dải số di động nên không nhận được mã; hãy dùng số di động.",
        "This number is a landline or in no mobile range and takes no codes; use a mobile number.")
    static let noPendingPhone = LocalText(
        "Không có số điện thoại nào đang chờ xác nhận; hãy đề nghị đổi số trước (PUT …/phone).",
        "No number waits for its confirmation; propose one first (PUT …/phone).")
    static let phoneNeedsConfirmation = LocalText(
        "Số điện thoại mới phải được xác nhận bằng mã gửi tới số đó; hãy dùng PUT …/phone kèm số văn bản.",
        "A new number must be confirmed by a code sent to it; use PUT …/phone with the document.")

    private static func words(_ error: PhoneError) -> LocalText {
        switch error {
        case .empty:
            LocalText("“phone” không có chữ số nào.", "“phone” holds no digit.")
        case .tooLong:
            LocalText("“phone” quá dài; cần một số điện thoại.", "“phone” is too long; one number is expected.")
        case .malformed:
            LocalText(
                "“phone” không phải số điện thoại; ví dụ đúng: 0912345678 hoặc +84912345678.",
                "“phone” is no telephone number; write it like 0912345678 or +84912345678.")
        case .several:
            LocalText(
                "“phone” có nhiều hơn một số; hãy ghi một số duy nhất.",
                "“phone” holds more than one number; give the one that is meant.")
        case .oldPrefix(let old, let new):
            LocalText(
                "“phone” là số 11 chữ số trước năm 2018; đầu số \(old) nay là \(new).",
                "“phone” is an eleven-digit number from before 2018; its prefix \(old) is now \(new).")
        case .unassigned:
            LocalText(
                "“phone” không thuộc dải số nào đang dùng ở Việt Nam.", "“phone” is in no range in use in Vietnam.")
        case .foreignCountry(let code):
            LocalText(
                "“phone” là số nước ngoài (\(code)) chưa được cho phép (sms.countries).",
                "“phone” is a number of a country (\(code)) that is not allowed (sms.countries).")
        }
    }
}
