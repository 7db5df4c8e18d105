/// One account of another system, with the record of its password, on its way in.
package struct CredentialEntry: Sendable {
    /// The line on which it begins.
    package let line: Int
    /// The address or login name.
    package var name = ""
    /// The password's record as the other system keeps it.
    package var record: String?
    /// The holder's name.
    package var displayName: String?
    /// The organisation.
    package var organisation: String?
    /// The mobile number.
    package var phone: String?
    /// Whether the line or entry could not be read as what it should be.
    package var isMalformed = false

    /// Begins an entry.
    package init(line: Int) {
        self.line = line
    }

    /// The record as this service keeps it: `{CRYPT}` in front of a crypt string is dropped.
    package var ownRecord: String? {
        guard let record else { return nil }
        let mark = "{CRYPT}"
        guard record.prefix(mark.count).uppercased() == mark else { return record }
        return String(record.dropFirst(mark.count))
    }
}

/// What is wrong with an account on its way in; carries no record and no name.
package enum CredentialProblem: Error, Hashable, Sendable {
    /// The line or entry cannot be read.
    case malformed
    /// No name, or one that is no address.
    case address(AddressError)
    /// The address leads to a mailbox already.
    case addressTaken
    /// The same address stands above.
    case repeated(line: Int)
    /// No record, or one that locks the account there (`!`, `*`).
    case noPassword
    /// A password in plain text, or in a scheme that is not taken over.
    case unknownScheme
    /// A record that its scheme does not allow.
    case malformedRecord
    /// A cost outside the bounds; which.
    case costOutOfBounds(String)
    /// A mobile number that is none.
    case phone(PhoneError)
    /// Text that is too long or holds control characters.
    case unreadableText
    /// The account was made elsewhere meanwhile.
    case changedMeanwhile

    /// A stable word for programs.
    package var code: String {
        switch self {
        case .malformed: "malformed"
        case .address: "address"
        case .addressTaken: "address_taken"
        case .repeated: "repeated"
        case .noPassword: "no_password"
        case .unknownScheme: "unknown_scheme"
        case .malformedRecord: "malformed_record"
        case .costOutOfBounds: "cost_out_of_bounds"
        case .phone: "phone"
        case .unreadableText: "unreadable_text"
        case .changedMeanwhile: "changed_meanwhile"
        }
    }

    /// The reason, for the operator.
    package var message: String {
        switch self {
        case .malformed: "không đọc được mục này"
        case .address: "tên không phải địa chỉ hộp thư thuộc hệ thống"
        case .addressTaken: "địa chỉ đã có tài khoản"
        case .repeated(let line): "trùng với mục ở dòng \(line)"
        case .noPassword: "không có mật khẩu hoặc tài khoản đang khóa ở hệ thống cũ"
        case .unknownScheme: "mật khẩu không băm hoặc băm theo cách không được chấp nhận"
        case .malformedRecord: "bản ghi băm sai quy cách"
        case .costOutOfBounds(let name): "tham số băm ngoài giới hạn: \(name)"
        case .phone: "số điện thoại di động không hợp lệ"
        case .unreadableText: "tên hoặc cơ quan quá dài hay có ký tự điều khiển"
        case .changedMeanwhile: "tài khoản vừa được tạo ở nơi khác"
        }
    }
}
