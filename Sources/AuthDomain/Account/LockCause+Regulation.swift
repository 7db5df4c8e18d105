extension LockCause {
    /// The clause of the regulation that the lock rests on.
    ///
    /// Wrong codes count as Điều 8.2.b (R-LOCK-5); an expired temporary password rests on the duty of 8.3.c (R-FIRST-8).
    package var clause: String {
        switch self {
        case .inactive3Months: "Điều 8.2.a"
        case .compromised, .credentialLeak, .badPassword5, .spamMalware, .badOTP5: "Điều 8.2.b"
        case .prohibitedAct: "Điều 8.2.c"
        case .defaultNotChanged: "Điều 8.2.d"
        case .temporaryPasswordExpired: "Điều 8.3.c"
        }
    }

    /// The cause in words, for operators and trusted callers; strangers are told none (R-LOCK-17).
    package func wording(_ language: Language) -> String {
        switch language {
        case .vietnamese: vietnamese
        case .english: english
        }
    }

    /// Whether a source may bring about a lock of this cause.
    ///
    /// Operators may set any; monitoring systems only what they can see (R-LOCK-16).
    package func mayBeSet(by source: LockSource) -> Bool {
        switch source {
        case .operator: true
        case .monitoring:
            switch self {
            case .compromised, .credentialLeak, .spamMalware: true
            case .inactive3Months, .badPassword5, .prohibitedAct, .defaultNotChanged, .badOTP5,
                .temporaryPasswordExpired:
                false
            }
        case .automatic:
            switch self {
            case .inactive3Months, .badPassword5, .defaultNotChanged, .badOTP5, .temporaryPasswordExpired: true
            case .compromised, .credentialLeak, .spamMalware, .prohibitedAct: false
            }
        }
    }

    /// Whether lifting the lock takes a note of what was done about it: every cause of Điều 8.2.b (R-REST-3).
    package var requiresRemediation: Bool {
        switch self {
        case .compromised, .credentialLeak, .badPassword5, .spamMalware, .badOTP5: true
        case .inactive3Months, .prohibitedAct, .defaultNotChanged, .temporaryPasswordExpired: false
        }
    }

    /// Whether the document behind the restoration must be a decision of the city's office (R-REST-3).
    package var requiresDecision: Bool {
        switch self {
        case .prohibitedAct: true
        case .inactive3Months, .compromised, .credentialLeak, .badPassword5, .spamMalware, .defaultNotChanged,
            .badOTP5, .temporaryPasswordExpired:
            false
        }
    }

    /// Whether restoration ends authenticators, recovery codes, devices and app passwords (R-REST-5).
    package var revokesAuthenticators: Bool {
        switch self {
        case .compromised, .credentialLeak, .badOTP5: true
        case .inactive3Months, .badPassword5, .spamMalware, .prohibitedAct, .defaultNotChanged,
            .temporaryPasswordExpired:
            false
        }
    }

    /// Whether the old password may no longer serve, so that restoration issues a temporary one (R-REST-4).
    ///
    /// It has leaked, or five wrong codes after it suggest so (R-LOCK-5), or its own term is over. Five wrong
    /// passwords say only that somebody did not know it: the right one is as secret as before and serves once more,
    /// to be changed; were it replaced, any stranger could force a new password on the owner (T-3).
    package var endsPassword: Bool {
        switch self {
        case .compromised, .credentialLeak, .badOTP5, .defaultNotChanged, .temporaryPasswordExpired: true
        case .inactive3Months, .badPassword5, .spamMalware, .prohibitedAct: false
        }
    }

    private var vietnamese: String {
        switch self {
        case .inactive3Months: "Không phát sinh hoạt động đăng nhập, gửi, nhận trong vòng 03 tháng mà không có lý do"
        case .compromised: "Hộp thư bị chiếm dụng"
        case .credentialLeak: "Hộp thư bị lộ lọt thông tin đăng nhập"
        case .badPassword5: "Nhập sai mật khẩu 05 lần"
        case .spamMalware: "Có hiện tượng bị lợi dụng phát tán thư rác, mã độc"
        case .prohibitedAct: "Tham gia các hoạt động bị nghiêm cấm quy định tại khoản 1, 2, 3, 4, 5 Điều 4"
        case .defaultNotChanged:
            "Không thay đổi mật khẩu mặc định được cấp phát lần đầu trong vòng 05 ngày kể từ thời điểm thông báo cấp phát"
        case .badOTP5: "Nhập sai mã OTP 05 lần"
        case .temporaryPasswordExpired: "Không thay đổi mật khẩu tạm thời trước khi hết hạn"
        }
    }

    private var english: String {
        switch self {
        case .inactive3Months: "No sign-in, sending or receiving within 3 months, without a reason"
        case .compromised: "The mailbox was taken over"
        case .credentialLeak: "The mailbox credentials leaked"
        case .badPassword5: "A wrong password was entered 5 times"
        case .spamMalware: "The mailbox shows signs of being used to spread spam or malware"
        case .prohibitedAct: "Taking part in activities prohibited by Article 4, clauses 1 to 5"
        case .defaultNotChanged: "The default password was not changed within 5 days of the notice of issue"
        case .badOTP5: "A wrong one-time code was entered 5 times"
        case .temporaryPasswordExpired: "The temporary password was not changed before it expired"
        }
    }
}
