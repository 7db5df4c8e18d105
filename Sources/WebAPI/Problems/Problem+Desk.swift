import AuthDomain
import AuthService

/// Refusals of the restoration desk and of locks from outside.
extension Problem {
    static let requestIsOpen = LocalText(
        "Đã có một yêu cầu khôi phục đang mở cho hộp thư này.", "A request for this mailbox is open already.")
    static let alreadyClosed = LocalText(
        "Yêu cầu hoặc việc hậu kiểm này đã được giải quyết.", "This request or review is closed.")
    static let isHeld = LocalText(
        "Tài khoản đang được lưu giữ theo yêu cầu của cơ quan có thẩm quyền; chỉ hủy được sau khi yêu cầu chấm dứt.",
        "A legal hold stands on the account; it can be destroyed once the hold is released.")
    static let notBreakGlass = LocalText(
        "Chỉ các hộp thư tiếp nhận yêu cầu của hệ thống mới được khôi phục khẩn cấp; hãy ghi nhận yêu cầu của tổ chức.",
        "Only the mailboxes that requests come through may be restored without one; record the organisation's request.")
    static let sameActor = LocalText(
        "Người đã thực hiện không được tự hậu kiểm.", "The person who acted may not review the act.")

    /// A key that may only lock calls anything else.
    static let locksOnly = Problem(
        .forbidden,
        LocalText(
            "Khóa của hệ thống gọi chỉ được dùng để tạm khóa hộp thư.", "The client's key may only lock mailboxes."))

    /// Another call of the same name is being carried out.
    static let callInFlight = Problem(
        .conflict,
        LocalText(
            "Yêu cầu cùng Idempotency-Key đang được xử lý; hãy thử lại sau ít giây.",
            "A request with this Idempotency-Key is being carried out; try again in a few seconds."))

    /// The name was used for another request.
    static let callDiffers = Problem(
        .callDiffers,
        LocalText(
            "Idempotency-Key này đã dùng cho một yêu cầu khác nội dung.",
            "This Idempotency-Key was used for another request."),
        field: "Idempotency-Key")

    /// A watching system names a cause that it was not given.
    static func causeForbidden(_ causes: [LockCause]) -> Problem {
        let list = causes.map(\.rawValue).joined(separator: ", ")
        return Problem(
            .forbidden,
            LocalText(
                "Khóa của hệ thống gọi chỉ được tạm khóa vì: \(list).",
                "The client's key may lock only for: \(list)."), field: "cause")
    }
}
