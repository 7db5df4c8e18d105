import AuthDomain
import Testing

@Suite("Locks and restoration (Điều 8)")
struct LockTests {
    struct Row: Sendable {
        let cause: LockCause
        let clause: String
        let byMonitoring: Bool
        let remediation: Bool
        let decision: Bool
        let revokes: Bool
        let newPassword: Bool

        init(_ cause: LockCause, _ clause: String, _ flags: String) {
            self.cause = cause
            self.clause = clause
            byMonitoring = flags.contains("m")
            remediation = flags.contains("r")
            decision = flags.contains("d")
            revokes = flags.contains("a")
            newPassword = flags.contains("p")
        }
    }

    /// m monitoring may set it, r remediation, d decision, a authenticators end, p new password.
    static let table = [
        Row(.inactive3Months, "Điều 8.2.a", ""),
        Row(.compromised, "Điều 8.2.b", "mrap"),
        Row(.credentialLeak, "Điều 8.2.b", "mrap"),
        Row(.badPassword5, "Điều 8.2.b", "r"),
        Row(.spamMalware, "Điều 8.2.b", "mr"),
        Row(.prohibitedAct, "Điều 8.2.c", "d"),
        Row(.defaultNotChanged, "Điều 8.2.d", "p"),
        Row(.badOTP5, "Điều 8.2.b", "rap"),
        Row(.temporaryPasswordExpired, "Điều 8.3.c", "p"),
    ]

    @Test("R-LOCK-3: the table covers every cause")
    func complete() {
        #expect(Set(Self.table.map(\.cause)) == Set(LockCause.allCases))
    }

    @Test("R-LOCK-3, R-LOCK-16, R-REST-3, R-REST-4, R-REST-5: each cause by its clause", arguments: table)
    func regulation(row: Row) {
        #expect(row.cause.clause == row.clause)
        #expect(row.cause.mayBeSet(by: .operator))
        #expect(row.cause.mayBeSet(by: .monitoring) == row.byMonitoring)
        #expect(row.cause.requiresRemediation == row.remediation)
        #expect(row.cause.requiresDecision == row.decision)
        #expect(row.cause.revokesAuthenticators == row.revokes)
        #expect(row.cause.endsPassword == row.newPassword)
        #expect(!row.cause.wording(.vietnamese).isEmpty)
        #expect(row.cause.wording(.vietnamese) != row.cause.wording(.english))
    }

    @Test("The service itself sets only what it can judge")
    func automatic() {
        let automatic = Set(LockCause.allCases.filter { $0.mayBeSet(by: .automatic) })
        #expect(
            automatic == [.inactive3Months, .badPassword5, .defaultNotChanged, .badOTP5, .temporaryPasswordExpired])
    }

    @Test("Điều 8.3: full grounds restore from every cause, and the password must be changed", arguments: table)
    func restored(row: Row) throws {
        let grounds = RestorationGrounds(document: "Số 12/CV ngày 23/11/2026", remediation: "Đã quét mã độc")
        let plan = try Restoration.plan(locks: [lock(row.cause)], grounds: grounds)
        #expect(plan.clearedCauses == [row.cause])
        #expect(plan.mustChange && plan.resetsCounters)
        #expect(plan.issuesTemporaryPassword == row.newPassword)
        #expect(plan.revokesAuthenticators == row.revokes)
    }

    @Test("R-REST-1, R-REST-3: without grounds the refusal names all that is missing", arguments: table)
    func refused(row: Row) {
        var missing: Set<RestorationRequirement> = [row.decision ? .decision : .document]
        if row.remediation { missing.insert(.remediation) }
        #expect(throws: RestorationRefusal.missing(missing)) {
            try Restoration.plan(
                locks: [lock(row.cause)], grounds: RestorationGrounds(document: " \u{A0}", remediation: nil))
        }
    }

    @Test("R-LOCK-11: several causes are cleared together, on the strictest terms")
    func severalCauses() throws {
        let locks = [lock(.inactive3Months), lock(.prohibitedAct), lock(.compromised)]
        #expect(throws: RestorationRefusal.missing([.decision, .remediation])) {
            try Restoration.plan(locks: locks, grounds: RestorationGrounds(document: nil, remediation: ""))
        }
        let plan = try Restoration.plan(
            locks: locks, grounds: RestorationGrounds(document: "QĐ 1", remediation: "Đã xử lý"))
        #expect(plan.clearedCauses == [.inactive3Months, .prohibitedAct, .compromised])
        #expect(plan.issuesTemporaryPassword && plan.revokesAuthenticators)
    }

    @Test("R-REST-4: a forgotten password is replaced, a mailbox that is not locked is not restored")
    func forgottenAndUnlocked() throws {
        let grounds = RestorationGrounds(document: "CV 1", remediation: "Đã xử lý", isPasswordForgotten: true)
        #expect(try Restoration.plan(locks: [lock(.badPassword5)], grounds: grounds).issuesTemporaryPassword)
        #expect(throws: RestorationRefusal.notLocked) { try Restoration.plan(locks: [], grounds: grounds) }
    }

    @Test("Every requirement names its clause and speaks both languages", arguments: RestorationRequirement.allCases)
    func requirementTexts(requirement: RestorationRequirement) {
        #expect(requirement.clause.hasPrefix("Điều 8."))
        #expect(requirement.message(.vietnamese) != requirement.message(.english))
    }

    @Test(
        "R-LOCK-17: a denial says whom to ask, and why only where the cause may be told", arguments: Language.allCases)
    func denial(language: Language) {
        let text = DenialText.locked(language)
        #expect(text.contains("kythuat@hanoi.gov.vn"))
        for cause in LockCause.allCases {
            #expect(!text.contains(cause.wording(language)))
            #expect(DenialText.locked(by: cause, language).contains(cause.wording(language)))
            #expect(DenialText.locked(by: cause, language).contains(cause.clause))
        }
        #expect(DenialText.locked(.vietnamese).contains("người chuyên trách của đơn vị"))
        #expect(DenialText.invalidCredentials(language) != DenialText.invalidCode(language))
    }

    private func lock(_ cause: LockCause) -> Lock {
        Lock(
            id: "1", cause: cause, source: .operator, lockedAt: WallInstant(seconds: 0), actor: "test", note: nil,
            document: nil)
    }
}
