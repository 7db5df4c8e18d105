/// What a short message is for; a code of one purpose is worth nothing for another (R-SMSOTP-1).
package enum SMSPurpose: String, CaseIterable, Sendable {
    /// The second step of a sign-in.
    case login
    /// A check that another system asked for through `/v1/otp`.
    case check = "otp"
    /// Proof that a newly registered number is in its owner's hands (R-PHONE-5).
    case phoneVerification = "phone_verify"
    /// Word to the old number that another took its place (R-PHONE-5); it has no code.
    case phoneChanged = "phone_changed"
    /// Word that a lock of the regulation's clocks is near (R-FIRST-10, R-LOCK-15); it has no code.
    case deadlineNear = "deadline_near"
    /// A temporary password on its way to the owner of a new mailbox (R-PW-8); it has no code.
    case temporaryPassword = "temporary_password"
    /// Word that an old or recalled mailbox ends (Đ7.4.c, d); it has no code.
    case mailboxEnding = "mailbox_ending"

    /// Whether a message of this purpose has a code.
    package var carriesCode: Bool {
        switch self {
        case .login, .check, .phoneVerification: true
        case .phoneChanged, .deadlineNear, .mailboxEnding, .temporaryPassword: false
        }
    }

    /// Whether a message of this purpose has a password.
    package var carriesPassword: Bool { self == .temporaryPassword }

    /// Whether what it says is for the owner of the number alone, so that the number must still be the account's.
    package var carriesSecret: Bool { carriesCode || carriesPassword }
}

/// What a code is bound to: it is right in one transaction, for one account, phone and purpose (R-OTP-7, R-SMSOTP-1).
package struct SMSCodeBinding: Hashable, Sendable {
    /// The sign-in, check or phone change that the code belongs to.
    package let transaction: String
    /// The account; two mailboxes on one phone have different codes.
    package let account: AccountID
    /// The number that the code was sent to; a new number makes the code void.
    package let phone: PhoneNumber
    /// What the code is for.
    package let purpose: SMSPurpose

    /// Binds a code.
    package init(transaction: String, account: AccountID, phone: PhoneNumber, purpose: SMSPurpose) {
        self.transaction = transaction
        self.account = account
        self.phone = phone
        self.purpose = purpose
    }

    /// The bytes whose keyed HMAC is stored in the code's place.
    ///
    /// Each field goes behind its length in four bytes, the highest first, so that no two bindings give the same bytes.
    /// - Parameter code: The code as drawn, or as typed.
    package func message(code: OTPCode) -> SecretBytes {
        var bytes: [UInt8] = []
        for field in ["otpd sms code v1", transaction, account.text, phone.e164, purpose.rawValue, code.text] {
            let length = UInt32(field.utf8.count)
            bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
            bytes += field.utf8
        }
        defer { for index in bytes.indices { bytes[index] = 0 } }
        return SecretBytes(bytes)
    }
}
