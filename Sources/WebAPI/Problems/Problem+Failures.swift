import AuthDomain
import AuthService

/// The one table from outcomes of use cases to answers.
extension Problem {
    /// What the caller of a sign-in or of a single check learns.
    init(_ failure: SignInFailure) {
        switch failure {
        case .invalidRequest(let field, let expected):
            self = .invalid(field, .told(expected, field: field))
        case .invalidCredentials:
            self.init(.invalidCredentials, LocalText(DenialText.invalidCredentials))
        case .invalidCode:
            self.init(.invalidCode, LocalText(DenialText.invalidCode))
        case .accountLocked(nil):
            self.init(.accountLocked, LocalText(DenialText.locked), clause: "Điều 8")
        case .accountLocked(let cause?):
            self.init(
                .accountLocked, LocalText { DenialText.locked(by: cause, $0) }, clause: cause.clause,
                more: .causes([cause]))
        case .notFound: self.init(.notFound, Self.signInNotFound)
        case .overtaken: self.init(.gone, Self.signInOvertaken)
        case .outOfOrder(let owed): self.init(.conflict, Self.owing(owed), more: .owed(owed))
        case .concurrentCall: self.init(.conflict, Self.concurrent)
        case .passwordRejected(let violations):
            self.init(
                .passwordRejected, Self.passwordRejected, clause: violations.lazy.compactMap(\.clause).first,
                field: "new_password", more: .violations(violations))
        case .tooManyAuthenticators(let maximum): self.init(.conflict, Self.tooManyAuthenticators(maximum))
        case .throttled(let wait):
            self.init(.tooManyRequests, Self.throttled, retryAfter: Self.wholeSeconds(wait))
        case .noUsablePhone: self.init(.conflict, Self.noUsablePhone)
        case .sendRefused(let wait): self = .sendRefused(retryAfter: wait)
        case .noGateway(let wait): self = .noGateway(retryAfter: wait)
        case .unavailable(let reason): self = .unavailable(reason: reason)
        }
    }

    /// What an operator's system learns.
    init(_ failure: OperatorFailure) {
        switch failure {
        case .invalidRequest(let field, let expected): self = .invalid(field, .told(expected, field: field))
        case .notFound: self.init(.notFound, Self.accountNotFound)
        case .addressTaken(let address): self.init(.conflict, Self.taken(address), field: "address")
        case .alreadyLocked(let cause):
            self.init(.conflict, Self.alreadyLocked(cause), clause: cause.clause, more: .causes([cause]))
        case .notLocked: self.init(.conflict, Self.notLocked, clause: "Điều 8.3")
        case .standsLocked(let causes):
            self.init(.conflict, Self.standsLocked, clause: "Điều 8.3", more: .causes(causes))
        case .missingGrounds(let missing):
            let missing = RestorationRequirement.allCases.filter(missing.contains)
            self.init(
                .invalidRequest, LocalText { language in missing.map { $0.message(language) }.joined(separator: " ") },
                clause: missing.first?.clause, field: missing.first.map(Self.field), more: .missing(missing))
        case .changedMeanwhile: self.init(.conflict, Self.changedMeanwhile)
        case .hasNoLogin(let kind): self.init(.conflict, Self.hasNoLogin(kind))
        case .badPhone(let error): self = .badPhone(error)
        case .phoneTakesNoSMS: self.init(.conflict, Self.phoneTakesNoSMS, field: "phone")
        case .noPendingPhone: self.init(.conflict, Self.noPendingPhone)
        case .wrongCode: self.init(.invalidCode, LocalText(DenialText.invalidCode), field: "code")
        case .sendRefused(let wait): self = .sendRefused(retryAfter: wait)
        case .noGateway(let wait): self = .noGateway(retryAfter: wait)
        case .phoneNeedsConfirmation: self.init(.conflict, Self.phoneNeedsConfirmation, field: "phone")
        case .requestIsOpen: self.init(.conflict, Self.requestIsOpen, clause: "Điều 8.3")
        case .alreadyClosed: self.init(.conflict, Self.alreadyClosed, clause: "Điều 8.3")
        case .notBreakGlass: self.init(.forbidden, Self.notBreakGlass, clause: "Điều 8.3.a")
        case .isHeld: self.init(.conflict, Self.isHeld)
        case .sameActor: self.init(.forbidden, Self.sameActor)
        case .unavailable(let reason): self = .unavailable(reason: reason)
        }
    }

    /// What the owner of a mailbox learns who wanted an app password.
    init(_ failure: AppPasswordFailure) {
        switch failure {
        case .signIn(let failure): self.init(failure)
        case .tooMany(let maximum): self.init(.conflict, Self.tooManyAppPasswords(maximum))
        }
    }

    /// The database cannot be reached.
    init(_ error: StoreUnavailable) {
        self = .unavailable(reason: error.reason)
    }

    /// A wait in whole seconds, rounded up, at least one (RFC 9110 section 10.2.3).
    static func wholeSeconds(_ wait: Duration) -> Int {
        let (seconds, attoseconds) = wait.components
        return max(1, Int(clamping: seconds) + (attoseconds > 0 ? 1 : 0))
    }

    /// The field in which an operator tells what a restoration lacks.
    private static func field(_ requirement: RestorationRequirement) -> String {
        switch requirement {
        case .document, .decision: "document"
        case .remediation: "remediation"
        }
    }
}

/// Details of the table.
extension Problem {
    private static let signInNotFound = LocalText(
        "Không có phiên đăng nhập hoặc lượt đăng ký thiết bị này, hoặc đã hết hạn; hãy bắt đầu lại.",
        "There is no such sign-in or enrolment, or it has expired; begin a new one.")
    private static let signInOvertaken = LocalText(
        "Mật khẩu, tình trạng khóa hoặc thiết bị xác thực của hộp thư đã thay đổi trong lúc đăng nhập; hãy đăng nhập lại.",
        "The password, a lock or an authenticator of the mailbox changed during this sign-in; begin a new one.")
    private static let concurrent = LocalText(
        "Một yêu cầu khác vừa thay đổi phiên đăng nhập này; hãy đọc lại trạng thái của phiên.",
        "Another call changed this sign-in at the same moment; read its status again.")
    private static let passwordRejected = LocalText(
        "Mật khẩu mới chưa đạt yêu cầu; các quy định chưa đạt được nêu trong “violations”.",
        "The new password breaks the rules listed in “violations”.")
    private static let throttled = LocalText(
        "Máy hoặc mạng này đã thử quá nhiều lần; hãy chờ hết thời gian nêu ở Retry-After. "
            + "Lần thử này không bị tính là nhập sai.",
        "This machine or network tried too often; wait as long as Retry-After says. This try was not counted.")
    private static let accountNotFound = LocalText(
        "Không có hộp thư, thiết bị xác thực hoặc đối tượng nào như vậy.", "There is no such account or authenticator.")
    private static let notLocked = LocalText(
        "Hộp thư không bị tạm khóa nên không có gì để khôi phục.", "The mailbox is not locked: nothing to restore.")
    private static let standsLocked = LocalText(
        "Hộp thư đang bị tạm khóa; hãy khôi phục trước.", "The mailbox is locked; restore it first.")
    private static let changedMeanwhile = LocalText(
        "Hộp thư vừa thay đổi; hãy đọc lại rồi thử lại.", "The account changed meanwhile; read it again, then retry.")

    private static func owing(_ owed: SignInStatus) -> LocalText {
        switch owed {
        case .factorRequired:
            LocalText(
                "Bước cần làm bây giờ là xác thực bằng mã (POST …/factor).", "A factor is owed now (POST …/factor).")
        case .passwordChangeRequired:
            LocalText(
                "Bước cần làm bây giờ là đổi mật khẩu (POST …/password).",
                "A new password is owed now (POST …/password).")
        case .enrolmentRequired:
            LocalText(
                "Bước cần làm bây giờ là đăng ký ứng dụng xác thực (POST …/totp).",
                "The enrolment of an authenticator is owed now (POST …/totp).")
        case .complete:
            LocalText(
                "Phiên đăng nhập đã hoàn tất hoặc hộp thư không cho phép bước này.",
                "The sign-in is complete, or the mailbox does not allow this step.")
        }
    }

    private static func tooManyAuthenticators(_ maximum: Int) -> LocalText {
        LocalText(
            "Hộp thư đã có \(maximum) thiết bị xác thực, là số tối đa; hãy thu hồi một thiết bị trước.",
            "The account has \(maximum) authenticators, the most allowed; have one revoked first.")
    }

    private static func tooManyAppPasswords(_ maximum: Int) -> LocalText {
        LocalText(
            "Hộp thư đã có \(maximum) mật khẩu ứng dụng, là số tối đa; hãy thu hồi một mật khẩu trước.",
            "The account has \(maximum) app passwords, the most allowed; revoke one first.")
    }

    private static func taken(_ address: String) -> LocalText {
        LocalText(
            "Địa chỉ \(address) đã thuộc về một hộp thư khác.", "The address \(address) belongs to another account.")
    }

    private static func alreadyLocked(_ cause: LockCause) -> LocalText {
        LocalText(
            "Hộp thư đã bị tạm khóa vì lý do “\(cause.rawValue)”.",
            "The mailbox is already locked for the cause “\(cause.rawValue)”.")
    }

    private static func hasNoLogin(_ kind: AccountKind) -> LocalText {
        LocalText(
            "Hộp thư loại “\(kind.rawValue)” không có đăng nhập.", "An account of kind “\(kind.rawValue)” has no login."
        )
    }
}
