/// One rule that a proposed password breaks (R-PW-10); the text shows nothing of the password.
package enum PolicyViolation: Hashable, Sendable {
    case tooShort(minimum: Int)
    case tooLong(maximum: Int)
    case noUppercase(onlyASCII: Bool)
    case noDigit
    case noSpecial
    case common
    case context
    case reused
    case isDefault
    case badCharacter

    /// The stable code for programs.
    package var code: String {
        switch self {
        case .tooShort: "pw.too_short"
        case .tooLong: "pw.too_long"
        case .noUppercase: "pw.no_uppercase"
        case .noDigit: "pw.no_digit"
        case .noSpecial: "pw.no_special"
        case .common: "pw.common"
        case .context: "pw.context"
        case .reused: "pw.reused"
        case .isDefault: "pw.is_default"
        case .badCharacter: "pw.bad_character"
        }
    }

    /// The clause of the regulation; nil for rules that are the service's own.
    package var clause: String? {
        switch self {
        case .tooShort, .noUppercase, .noDigit, .noSpecial: "Điều 12 khoản 2"
        case .isDefault: "Điều 12 khoản 1"
        case .tooLong, .common, .context, .reused, .badCharacter: nil
        }
    }

    /// What the owner of the password reads.
    package func message(_ language: Language) -> String {
        switch language {
        case .vietnamese: vietnamese
        case .english: english
        }
    }

    private var vietnamese: String {
        switch self {
        case .tooShort(let minimum): "Mật khẩu phải có độ dài tối thiểu \(minimum) ký tự."
        case .tooLong(let maximum): "Mật khẩu không được dài quá \(maximum) ký tự."
        case .noUppercase(false): "Mật khẩu phải có ít nhất một chữ in hoa."
        case .noUppercase(true): "Mật khẩu phải có ít nhất một chữ in hoa không dấu (A–Z)."
        case .noDigit: "Mật khẩu phải có ít nhất một chữ số (0–9)."
        case .noSpecial: "Mật khẩu phải có ít nhất một ký tự đặc biệt trong sáu ký tự: !, @, #, $, %, &."
        case .common: "Mật khẩu này quá phổ biến, dễ bị đoán; hãy chọn mật khẩu khác."
        case .context:
            "Mật khẩu dễ bị đoán vì chủ yếu gồm tên, cơ quan, địa danh, số điện thoại hoặc năm; hãy chọn mật khẩu khác."
        case .reused: "Mật khẩu này đã được dùng gần đây; hãy chọn mật khẩu chưa dùng."
        case .isDefault: "Mật khẩu mới phải khác mật khẩu mặc định hoặc mật khẩu tạm thời đã cấp."
        case .badCharacter: "Mật khẩu có ký tự điều khiển hoặc ký tự không nhìn thấy, không dùng được."
        }
    }

    private var english: String {
        switch self {
        case .tooShort(let minimum): "The password must be at least \(minimum) characters long."
        case .tooLong(let maximum): "The password must not be longer than \(maximum) characters."
        case .noUppercase(false): "The password must have at least one upper-case letter."
        case .noUppercase(true): "The password must have at least one upper-case letter A–Z."
        case .noDigit: "The password must have at least one digit 0–9."
        case .noSpecial: "The password must have at least one of the six special characters !, @, #, $, %, &."
        case .common: "This password is too common and easily guessed; choose another."
        case .context:
            "The password is easily guessed: it is mostly a name, office, place, telephone number or year; choose another."
        case .reused: "This password was used recently; choose one not used before."
        case .isDefault: "The new password must differ from the default or temporary password that was issued."
        case .badCharacter: "The password has a control or invisible character, which cannot be used."
        }
    }
}
