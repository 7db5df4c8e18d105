package import AuthDomain

/// What a row will do once it is carried out.
package enum FormPlan: Sendable {
    /// A new mailbox.
    case issue(IssuePlan)
    /// Another telephone number (R-PHONE-5).
    case phone(PlannedAccount, PhoneNumber)
    /// Another representative (R-PHONE-6).
    case representative(PlannedAccount, PhoneNumber)
    /// Another name of the holder.
    case name(PlannedAccount, String)
    /// Another organisation.
    case organisation(PlannedAccount, String)
    /// The mailbox is recalled.
    case recall(PlannedAccount)

    /// The mailbox.
    package var address: MailboxAddress {
        switch self {
        case .issue(let plan): plan.address
        case .phone(let account, _), .representative(let account, _), .name(let account, _),
            .organisation(let account, _), .recall(let account):
            account.address
        }
    }

    /// Whether its owner gets a temporary password.
    package var issuesSecrets: Bool {
        switch self {
        case .issue, .representative: true
        case .phone, .name, .organisation, .recall: false
        }
    }

    /// What will happen, for the operator.
    package var summary: String {
        switch self {
        case .issue: "cấp mới"
        case .phone: "đổi số điện thoại OTP (chờ xác nhận bằng mã gửi tới số mới)"
        case .representative: "đổi người đại diện, cấp lại mật khẩu và OTP"
        case .name: "đổi tên"
        case .organisation: "đổi cơ quan"
        case .recall: "thu hồi"
        }
    }

    /// A stable word for programs.
    package var code: String {
        switch self {
        case .issue: "issue"
        case .phone: "phone"
        case .representative: "representative"
        case .name: "name"
        case .organisation: "organisation"
        case .recall: "recall"
        }
    }
}

/// An account that a row concerns.
package struct PlannedAccount: Sendable {
    let id: AccountID
    let address: MailboxAddress
}

/// A new mailbox as a row asks for it.
package struct IssuePlan: Sendable {
    let address: MailboxAddress
    let kind: AccountKind
    let name: String
    let organisation: String
    let phone: PhoneNumber
}

/// A row with what became of it.
package struct JudgedRow: Sendable {
    /// What became of it.
    package enum Verdict: Sendable {
        /// It can be carried out.
        case planned(FormPlan)
        /// Everything that is wrong with it.
        case wrong([FormProblem])
        /// It asks for nothing that concerns the service.
        case nothing
        /// It was carried out before; the number of the sealed file that holds its secrets.
        case done(MailboxAddress, delivery: Int?)
    }

    /// Where it stands.
    package let position: FormPosition
    /// What its table asks for.
    package let part: FormPart
    /// What became of it.
    package let verdict: Verdict
    /// What is worth a look all the same.
    package let warnings: [FormWarning]
    /// The decision named in it.
    let document: String?
    /// The day of the decision, where the row names it.
    let decidedOn: CivilDate?
}
