/// What a field must be, in words that follow “… is not valid:”.
struct Expectation: Hashable, Sendable {
    let text: LocalText

    private init(_ vietnamese: String, _ english: String) {
        text = LocalText(vietnamese, english)
    }

    static let string = Expectation("phải là một chuỗi", "it must be a string")
    static let flag = Expectation("phải là true hoặc false", "it must be true or false")
    static let object = Expectation("phải là một đối tượng JSON", "it must be a JSON object")
    static let strings = Expectation("phải là một mảng các chuỗi", "it must be an array of strings")
    static let notNull = Expectation("không được là null", "it must not be null")
    static let required = Expectation("bắt buộc phải có", "it is required")
    static let instant = Expectation(
        "phải là thời điểm theo RFC 3339, ví dụ 2026-11-23T08:00:00Z",
        "it must be an instant of RFC 3339, such as 2026-11-23T08:00:00Z")
    static let date = Expectation(
        "phải là một ngày dạng NNNN-TT-NN, ví dụ 2026-11-23", "it must be a day, such as 2026-11-23")
    static let networkAddress = Expectation(
        "phải là địa chỉ IPv4 hoặc IPv6 của máy người dùng", "it must be the IPv4 or IPv6 address of the user's machine"
    )
    static let networks = Expectation(
        "phải là mảng các dải địa chỉ, ví dụ 10.0.0.0/8", "it must be an array of networks, such as 10.0.0.0/8")
    static let oneTimeCode = Expectation(
        "mã phải gồm 6 đến 8 chữ số", "a code has 6 to 8 digits")
    static let printedCode = Expectation(
        "mã phải gồm 12 chữ và số, dạng XXXX-XXXX-XXXX", "a code has 12 letters and digits, as in XXXX-XXXX-XXXX")
    static let escape = Expectation(
        "phải là văn bản UTF-8 mã hóa phần trăm đúng quy cách", "it must be correctly percent-encoded UTF-8")
    static let once = Expectation("chỉ được có một lần", "it must occur once only")

    static let report = Expectation(
        "báo cáo không cho biết trạng thái nào đã cấu hình", "the report tells no state that the settings know")

    /// Text of a limited length.
    static func characters(_ minimum: Int, _ maximum: Int) -> Expectation {
        Expectation("phải có từ \(minimum) đến \(maximum) ký tự", "it must have \(minimum) to \(maximum) characters")
    }

    /// A whole number between two others.
    static func number(_ minimum: Int, _ maximum: Int) -> Expectation {
        Expectation(
            "phải là số nguyên từ \(minimum) đến \(maximum)", "it must be a whole number from \(minimum) to \(maximum)")
    }

    /// One of a few words.
    static func oneOf(_ words: [String]) -> Expectation {
        let list = words.joined(separator: ", ")
        return Expectation("phải là một trong: \(list)", "it must be one of: \(list)")
    }

    /// What a use case said of a field, which it says in English.
    static func told(_ english: String, field: String) -> Expectation {
        Expectation(vietnamese[field] ?? "xem quy định của trường này trong openapi.yaml", "expected \(english)")
    }

    /// The rules that use cases keep, by field.
    private static let vietnamese = [
        "password": "phải có từ 1 đến 128 ký tự và không quá 1.024 byte",
        "current_password": "cần mật khẩu đang dùng, vì lúc này không bắt buộc đổi mật khẩu",
        "label": "phải gồm từ 1 đến 64 ký tự in được",
        "address": "phải là địa chỉ hộp thư không dấu thuộc tên miền của thành phố",
        "aliases": "phải là tối đa 20 địa chỉ hộp thư không dấu thuộc tên miền của thành phố",
        "kind": "loại mới phải có cùng cách đăng nhập; nếu không, hãy cấp tài khoản mới",
        "display_name": "phải gồm từ 1 đến 200 ký tự in được",
        "organisation": "phải gồm từ 1 đến 200 ký tự in được",
        "document": "phải là số và ngày văn bản, từ 1 đến 200 ký tự in được",
        "requested_by": "phải là người yêu cầu, từ 1 đến 200 ký tự in được",
        "remediation": "phải gồm từ 1 đến 1.000 ký tự in được",
        "note": "phải gồm từ 1 đến 1.000 ký tự in được",
        "password_hash": "phải là bản ghi argon2id, PBKDF2-SHA256, SSHA, SSHA512, SHA512-CRYPT hoặc BLF-CRYPT "
            + "trong giới hạn chi phí, cho tài khoản có đăng nhập",
        "services": "cần ít nhất một dịch vụ: imap, pop3, smtp, sieve",
        "networks": "tối đa 16 dải địa chỉ",
        "expires_at": "phải là thời điểm ở tương lai",
        "account": "chỉ cấp cho tài khoản hệ thống hoặc dịch vụ; người dùng tự tạo mật khẩu ứng dụng của mình",
        "channel": "phải gồm từ 1 đến 200 ký tự in được",
        "reason": "phải gồm từ 1 đến 500 ký tự in được",
        "finding": "phải gồm từ 1 đến 1.000 ký tự in được",
        "decision": "phải là số và ngày văn bản, từ 1 đến 200 ký tự in được",
        "decided_on": "phải là ngày quyết định trong vòng một năm qua, không muộn hơn hôm nay",
        "received_at": "phải là thời điểm trong vòng một năm qua, không ở tương lai",
        "until": "phải sau “from” và trong vòng 3 năm",
        "cause": "phải là nguyên nhân mà hệ thống gọi tự phát hiện được",
        "accounts": "phải là từ 1 đến 100 địa chỉ hộp thư",
        "lifecycle": "phải là active, transferred hoặc recalled",
        "X-Actor": "phải nêu tên người thực hiện",
        "notice_undelivered": "cần lý do thông báo cấp phát lần đầu không đến nơi, vì đã có một thông báo trước đó",
        "body": "cần ít nhất một trường để thay đổi",
    ]
}
