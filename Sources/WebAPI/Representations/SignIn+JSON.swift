import AuthDomain
import AuthService
import JSONText

extension Answer {
    /// A sign-in as api.md shows it.
    static func signIn(_ view: SignInView, status: Int = 200, _ language: Language) -> Answer {
        .json(status) { writer in
            writer.field("id", view.id)
            writer.field("status", view.status.rawValue)
            writer.field("account", view.account)
            writer.array("factors", view.factors) { writer, factor in
                writer.object { writer in
                    writer.field("kind", factor.kind.rawValue)
                    writer.optional("label", factor.label)
                    writer.optional("hint", factor.hint)
                }
            }
            writer.field("expires_at", RFC3339.format(view.expiresAt))
            writer.optional("assertion", view.assertion)
            writer.optional("device", view.device)
            writer.array("notices", view.notices) { writer, notice in
                writer.object { writer in
                    writer.field("code", notice.code)
                    writer.field("message", notice.message(language))
                }
            }
            if let codes = view.recoveryCodes { writer.strings("recovery_codes", codes) }
        }
    }
}

extension SignInNotice {
    /// The stable code for programs.
    var code: String {
        switch self {
        case .noUsableFactor: "no_usable_factor"
        case .passwordIsOld: "password_is_old"
        case .fewRecoveryCodes: "few_recovery_codes"
        case .recoveryCodeUsed: "recovery_code_used"
        case .authenticatorAdvised: "authenticator_advised"
        }
    }

    /// What the owner reads.
    func message(_ language: Language) -> String {
        switch language {
        case .vietnamese: vietnamese
        case .english: english
        }
    }

    private var vietnamese: String {
        switch self {
        case .noUsableFactor:
            "Hộp thư chưa có cách xác thực thứ hai dùng được. Đề nghị liên hệ người chuyên trách của đơn vị để được cấp "
                + "mã đăng ký qua hộp thư \(DenialText.supportMailbox)."
        case .passwordIsOld(let days):
            "Mật khẩu đã dùng \(days) ngày. Điều 12 khoản 1 yêu cầu thường xuyên thay đổi mật khẩu; đề nghị đổi mật khẩu."
        case .fewRecoveryCodes(let left):
            "Chỉ còn \(left) mã khôi phục. Hãy đăng ký lại ứng dụng xác thực hoặc liên hệ người chuyên trách khi hết mã."
        case .recoveryCodeUsed:
            "Lần đăng nhập này dùng mã khôi phục. Nếu mất thiết bị xác thực, hãy đăng ký thiết bị mới ngay bây giờ."
        case .authenticatorAdvised:
            "Hộp thư chỉ nhận mã qua tin nhắn SMS, có thể bị chặn khi SIM bị chiếm. Đề nghị đăng ký ứng dụng xác thực."
        }
    }

    private var english: String {
        switch self {
        case .noUsableFactor:
            "The mailbox has no usable second factor. Please ask the responsible officer of your unit, who can request "
                + "an enrolment code through \(DenialText.supportMailbox)."
        case .passwordIsOld(let days):
            "The password is \(days) days old. Article 12, clause 1 asks for regular changes; please change it."
        case .fewRecoveryCodes(let left):
            "Only \(left) recovery codes are left. Enrol the authenticator again, or ask the responsible officer once "
                + "they are used up."
        case .recoveryCodeUsed:
            "This sign-in used a recovery code. If the authenticator is lost, enrol a new one now."
        case .authenticatorAdvised:
            "The mailbox has codes by SMS alone, which whoever takes over the SIM can read. Please enrol an "
                + "authenticator app."
        }
    }
}
