/// What is wrong with a row of a form; none of the cases carries a telephone number or a name.
package enum FormProblem: Error, Hashable, Sendable {
    /// A cell that must be filled is empty.
    case missing(FormField)
    /// More than the limit of characters, or a control character.
    case unreadableText(FormField, limit: Int)
    /// A telephone number that is none.
    case phone(FormField, PhoneError)
    /// A telephone number that takes no SMS, where one that does is needed (R-PHONE-7).
    case landline(FormField)
    /// A telephone number that takes no SMS, where the password was to leave by SMS (R-PHONE-7).
    case passwordUnsendable
    /// An address that is none.
    case address(AddressError)
    /// No address is given; the proposal by Điều 5 waits for the operator's word.
    case addressToConfirm(proposal: String)
    /// No address is given and none can be proposed.
    case addressMissing
    /// The address belongs to a mailbox already.
    case addressTaken
    /// Another row above asks for the same address.
    case repeatedAddress(FormPosition)
    /// Another row above changes or recalls the same mailbox.
    case repeatedAccount(FormPosition)
    /// No mailbox has the address.
    case unknownAddress
    /// The mailbox is of a type that the form is not for.
    case otherKind(AccountKind)
    /// The mailbox is recalled already.
    case alreadyRecalled
    /// The type of mailbox is none of the four.
    case unknownMailboxKind
    /// What is to be changed is nothing that the service knows.
    case unknownChange
    /// A change of telephone without one number in the new data.
    case valueWithoutPhone
    /// A new representative without name or number (R-PHONE-2, R-PHONE-6).
    case representativeIncomplete
    /// A new name or organisation that is none.
    case valueIsNoName
    /// The mailbox is locked, so that its password cannot be set anew (Đ8.3).
    case locked
    /// The mailbox changed while the form was worked through.
    case changedMeanwhile

    /// The column concerned.
    package var field: FormField {
        switch self {
        case .missing(let field), .unreadableText(let field, _), .phone(let field, _), .landline(let field): field
        case .passwordUnsendable: .phone
        case .address, .addressToConfirm, .addressMissing, .addressTaken, .repeatedAddress, .repeatedAccount,
            .unknownAddress, .otherKind, .alreadyRecalled, .locked, .changedMeanwhile:
            .address
        case .unknownMailboxKind: .mailboxKind
        case .unknownChange: .change
        case .valueWithoutPhone, .representativeIncomplete, .valueIsNoName: .value
        }
    }

    /// The reason, for the organisation that sent the form.
    package var message: String {
        switch self {
        case .missing: "để trống"
        case .unreadableText(_, let limit): "có ký tự điều khiển hoặc dài quá \(limit) ký tự"
        case .phone(_, let error): error.formMessage
        case .landline: "số cố định không nhận được tin nhắn, cần số di động"
        case .passwordUnsendable:
            "số cố định không nhận được mật khẩu qua tin nhắn; ghi số di động, hoặc thêm --certificate và --out để "
                + "giao mật khẩu trong tệp mã hóa"
        case .address(let error): error.formMessage
        case .addressToConfirm(let proposal): "chưa có địa chỉ; đề xuất theo Điều 5: \(proposal)"
        case .addressMissing: "chưa có địa chỉ và không đủ thông tin để đề xuất"
        case .addressTaken: "địa chỉ đã được cấp cho hộp thư khác"
        case .repeatedAddress(let position): "địa chỉ trùng với dòng \(position.row)"
        case .repeatedAccount(let position): "hộp thư đã được nêu ở dòng \(position.row)"
        case .unknownAddress: "không có hộp thư nào mang địa chỉ này"
        case .otherKind: "hộp thư không thuộc loại mà mẫu này áp dụng"
        case .alreadyRecalled: "hộp thư đã được thu hồi"
        case .unknownMailboxKind: "loại hộp thư phải là: tổ chức, văn thư hoặc kỹ thuật"
        case .unknownChange: "không rõ thông tin nào cần thay đổi"
        case .valueWithoutPhone: "cần đúng một số điện thoại"
        case .representativeIncomplete: "đổi người đại diện cần cả họ tên và một số điện thoại di động"
        case .valueIsNoName: "cần họ tên hoặc tên cơ quan mới"
        case .locked: "hộp thư đang bị tạm khóa, phải khôi phục trước (Điều 8 khoản 3)"
        case .changedMeanwhile: "hộp thư vừa được thay đổi ở nơi khác, cần thực hiện lại"
        }
    }
}

/// What is told about a row that is carried out all the same.
package enum FormWarning: Hashable, Sendable {
    /// The telephone takes no SMS; an authenticator app with the activation code is needed (R-PHONE-7).
    case landline
    /// A departure from the naming rule (R-ADDR-3).
    case naming(AddressWarning)
    /// The change concerns what the service does not keep, such as the position (R-PDP-2).
    case notKeptHere
    /// No decision is named.
    case withoutDocument
    /// The decision bears no date, so a recall counts from today (R-LIFE-5).
    case withoutDate

    /// The column concerned.
    package var field: FormField {
        switch self {
        case .landline: .phone
        case .naming: .address
        case .notKeptHere: .change
        case .withoutDocument, .withoutDate: .document
        }
    }

    /// What the operator is told.
    package var message: String {
        switch self {
        case .landline: "số cố định không nhận được tin nhắn; cần kích hoạt bằng ứng dụng OTP"
        case .naming(let warning): warning.message(.vietnamese)
        case .notKeptHere: "hệ thống OTP không lưu thông tin này, không có gì phải đổi"
        case .withoutDocument: "không nêu số văn bản quyết định"
        case .withoutDate: "không nêu ngày ban hành (ngày/tháng/năm); thời hạn thu hồi tính từ hôm nay"
        }
    }
}

extension PhoneError {
    fileprivate var formMessage: String {
        switch self {
        case .empty: "không có số điện thoại"
        case .tooLong, .malformed: "không phải số điện thoại hợp lệ"
        case .several: "có nhiều hơn một số điện thoại"
        case .oldPrefix(let old, let new): "đầu số cũ \(old) đã đổi thành \(new)"
        case .unassigned: "đầu số chưa được cấp ở Việt Nam"
        case .foreignCountry: "số điện thoại nước ngoài không được dùng"
        }
    }
}

extension AddressError {
    fileprivate var formMessage: String {
        switch self {
        case .empty: "để trống"
        case .tooLong: "địa chỉ quá dài"
        case .notASCII: "địa chỉ có dấu hoặc ký tự lạ"
        case .malformed: "không phải địa chỉ thư điện tử"
        case .foreignDomain: "tên miền không thuộc hệ thống thư của thành phố"
        }
    }
}
