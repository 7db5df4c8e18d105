/// What an operator brings to have a mailbox restored (Đ8.3, R-REST-1).
package struct RestorationGrounds: Hashable, Sendable {
    /// The number and date of the organisation's request or, for a prohibited act, of the city office's decision.
    package let document: String?
    /// What the organisation did about the cause (Đ8.3.b).
    package let remediation: String?
    /// Whether the owner no longer knows the password.
    package let isPasswordForgotten: Bool

    /// Makes grounds; blank text counts as none.
    package init(document: String?, remediation: String?, isPasswordForgotten: Bool = false) {
        self.document = document
        self.remediation = remediation
        self.isPasswordForgotten = isPasswordForgotten
    }
}

/// Why a mailbox is not restored; every missing thing is named at once.
package enum RestorationRefusal: Error, Hashable, Sendable {
    /// No cause stands.
    case notLocked
    /// What the standing causes ask for and the grounds lack.
    case missing(Set<RestorationRequirement>)
}

/// One thing that a restoration must rest on.
package enum RestorationRequirement: String, CaseIterable, Sendable {
    case document, remediation, decision

    /// The clause that asks for it.
    package var clause: String {
        switch self {
        case .document: "Điều 8.3.a"
        case .remediation: "Điều 8.3.b"
        case .decision: "Điều 8.2.c"
        }
    }

    /// What an operator is told.
    package func message(_ language: Language) -> String {
        switch (self, language) {
        case (.document, .vietnamese): "Cần số và ngày văn bản yêu cầu khôi phục của tổ chức."
        case (.document, .english): "The number and date of the organisation's request are needed."
        case (.remediation, .vietnamese): "Cần nội dung xử lý, khắc phục nguyên nhân bị tạm khóa."
        case (.remediation, .english): "A note of what was done about the cause is needed."
        case (.decision, .vietnamese): "Cần số và ngày văn bản của Văn phòng UBND thành phố Hà Nội cho phép khôi phục."
        case (.decision, .english): "The number and date of the city office's decision are needed."
        }
    }
}

/// What a granted restoration does; all of it in one transaction.
package struct RestorationPlan: Hashable, Sendable {
    /// The causes that it clears, in the order of the locks.
    package let clearedCauses: [LockCause]
    /// Whether a new temporary password is issued (R-REST-4).
    package let issuesTemporaryPassword: Bool
    /// Whether authenticators, recovery codes, devices and app passwords end (R-REST-5).
    package let revokesAuthenticators: Bool
    /// Whether the owner must change the password at the next sign-in: after every cause (Đ8.3.c).
    package let mustChange: Bool
    /// Whether all failure counts start anew (R-REST-4).
    package let resetsCounters: Bool
}

/// The rule of Điều 8.3 for lifting the locks of a mailbox.
package enum Restoration {
    /// Judges a request; all standing causes are cleared together (R-LOCK-11).
    /// - Throws: `RestorationRefusal` naming everything that is missing.
    package static func plan(
        locks: [Lock], grounds: RestorationGrounds
    ) throws(RestorationRefusal) -> RestorationPlan {
        guard !locks.isEmpty else { throw .notLocked }
        let causes = locks.map(\.cause)
        var missing: Set<RestorationRequirement> = []
        if isBlank(grounds.document) {
            missing.insert(causes.contains(where: \.requiresDecision) ? .decision : .document)
        }
        if isBlank(grounds.remediation), causes.contains(where: \.requiresRemediation) { missing.insert(.remediation) }
        guard missing.isEmpty else { throw .missing(missing) }
        return RestorationPlan(
            clearedCauses: causes,
            issuesTemporaryPassword: grounds.isPasswordForgotten || causes.contains(where: \.endsPassword),
            revokesAuthenticators: causes.contains(where: \.revokesAuthenticators),
            mustChange: true, resetsCounters: true)
    }

    private static func isBlank(_ text: String?) -> Bool {
        guard let text else { return true }
        return text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
    }
}
