import JSONText
import AuthDomain
import AuthService

/// One rule as a page shows it beside the field; the codes are those of violations (R-PW-10).
struct PasswordRuleText: Sendable {
    let code: String
    let clause: String?
    let message: LocalText

    /// All rules in force, in the order in which violations are told.
    static func all(_ policy: PasswordPolicy) -> [PasswordRuleText] {
        let stated: [PolicyViolation] = [
            .tooShort(minimum: policy.minimumLength), .tooLong(maximum: PreparedPassword.codePointLimit),
            .noUppercase(onlyASCII: policy.uppercaseASCIIOnly), .noDigit, .noSpecial, .badCharacter,
        ]
        return stated.map { PasswordRuleText($0, LocalText($0.message)) } + [
            PasswordRuleText(
                .common,
                LocalText(
                    "Không dùng mật khẩu nằm trong danh sách mật khẩu phổ biến, dễ bị đoán.",
                    "Passwords on the list of common ones are refused.")),
            PasswordRuleText(
                .context,
                LocalText(
                    "Không dùng mật khẩu chủ yếu gồm tên, cơ quan, địa danh, số điện thoại hoặc năm.",
                    "Passwords made mostly of a name, office, place, telephone number or year are refused.")),
            PasswordRuleText(
                .reused,
                LocalText(
                    "Không dùng lại mật khẩu hiện tại và \(policy.historyDepth) mật khẩu gần nhất.",
                    "The present password and the last \(policy.historyDepth) cannot be used again.")),
            PasswordRuleText(
                .isDefault,
                LocalText(
                    "Mật khẩu mới phải khác mật khẩu mặc định hoặc mật khẩu tạm thời đã cấp.",
                    "The new password must differ from the default or temporary one that was issued.")),
        ]
    }

    private init(_ violation: PolicyViolation, _ message: LocalText) {
        code = violation.code
        clause = violation.clause
        self.message = message
    }
}

extension Answer {
    /// The password policy in force.
    static func passwordPolicy(_ policy: ServicePolicy, _ language: Language) -> Answer {
        .json { writer in
            writer.field("minimum_length", policy.password.minimumLength)
            writer.field("maximum_length", PreparedPassword.codePointLimit)
            writer.strings("special_characters", PasswordPolicy.specials.map { String($0) })
            writer.field("history", policy.password.historyDepth)
            writer.array("rules", PasswordRuleText.all(policy.password)) { writer, rule in
                writer.object { writer in
                    writer.field("code", rule.code)
                    writer.field("message", rule.message(language))
                    writer.nullable("clause", rule.clause)
                }
            }
            writer.object("rotation") { writer in
                writer.field("mode", policy.rotation.rawValue)
                if policy.rotation != .off {
                    writer.field("max_age_days", Int(policy.passwordMaximumAge.components.seconds / 86_400))
                }
                writer.field("message", rotation(policy)(language))
                writer.field("clause", "Điều 12 khoản 1")
            }
        }
    }

    private static func rotation(_ policy: ServicePolicy) -> LocalText {
        let days = policy.passwordMaximumAge.components.seconds / 86_400
        return switch policy.rotation {
        case .remind:
            LocalText(
                "Người dùng được nhắc đổi mật khẩu sau \(days) ngày.",
                "The owner is reminded to change the password after \(days) days.")
        case .enforce:
            LocalText(
                "Mật khẩu phải được đổi sau \(days) ngày.", "The password must be changed after \(days) days.")
        case .off:
            LocalText(
                "Người dùng cần thường xuyên thay đổi mật khẩu.", "The owner should change the password regularly.")
        }
    }
}
