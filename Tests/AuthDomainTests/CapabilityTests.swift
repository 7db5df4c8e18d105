import AuthDomain
import Testing

@Suite("States and capabilities (A11)")
struct CapabilityTests {
    struct Row: Sendable {
        let standing: AccountStanding
        let login: Capabilities.Login
        let change: Bool
        let imapPop: Capabilities.Reading
        let submission: Capabilities.Submission
        let receive: Capabilities.Reception
    }

    static let table = [
        Row(
            standing: .mustChange, login: .changePasswordOnly, change: true, imapPop: .no, submission: .no,
            receive: .yes),
        Row(
            standing: .active, login: .full, change: true, imapPop: .appPasswordOnly, submission: .appPasswordOnly,
            receive: .yes),
        Row(standing: .locked, login: .no, change: false, imapPop: .no, submission: .no, receive: .yes),
        Row(
            standing: .transferred, login: .full, change: true, imapPop: .appPasswordOnly, submission: .storeDecides,
            receive: .yes),
        Row(standing: .recalled, login: .full, change: false, imapPop: .readOnly, submission: .no, receive: .yes),
        Row(standing: .destroyed, login: .no, change: false, imapPop: .no, submission: .no, receive: .storeDecides),
    ]

    @Test("Every row holds for every kind of mailbox that a person uses", arguments: table)
    func personRows(row: Row) {
        for kind in AccountKind.allCases where kind.canSignIn {
            let capabilities = Capabilities(kind: kind, standing: row.standing)
            #expect(capabilities.login == row.login)
            #expect(capabilities.changePassword == row.change)
            #expect(capabilities.imapPop == row.imapPop)
            #expect(capabilities.submission == row.submission)
            #expect(capabilities.receive == row.receive)
        }
    }

    @Test("R-ADDR-6, R-SCOPE-7: groups and applications never sign in; mail comes in all the same", arguments: table)
    func otherRows(row: Row) {
        for kind in [AccountKind.group, .system, .service] {
            let capabilities = Capabilities(kind: kind, standing: row.standing)
            #expect(!capabilities.mayLogIn)
            #expect(!capabilities.changePassword)
            #expect(capabilities.receive == row.receive)
        }
        #expect(Capabilities(kind: .group, standing: row.standing).submission == .no)
        #expect(Capabilities(kind: .group, standing: row.standing).imapPop == .no)
        #expect(Capabilities(kind: .service, standing: row.standing).submission == row.submission)
    }

    @Test("R-LOCK-1: no standing keeps mail from coming in, and none that is locked lets any out")
    func locked() {
        for kind in AccountKind.allCases {
            for lifecycle in Lifecycle.allCases {
                for mustChange in [false, true] {
                    let locked = Capabilities(
                        kind: kind, lifecycle: lifecycle, mustChange: mustChange, isLocked: true)
                    #expect(!locked.mayLogIn && !locked.maySend && !locked.changePassword && locked.mayReceive)
                    #expect(locked.imapPop == .no)
                }
            }
        }
    }

    @Test(
        "The gravest state decides the row",
        arguments: [
            (.active, false, false, .active), (.active, true, false, .mustChange), (.active, false, true, .locked),
            (.active, true, true, .locked), (.transferred, false, false, .transferred),
            (.transferred, true, false, .mustChange), (.transferred, false, true, .locked),
            (.recalled, false, false, .recalled), (.recalled, true, false, .mustChange),
            (.recalled, true, true, .locked), (.destroyed, false, false, .destroyed),
            (.destroyed, true, true, .destroyed),
        ] as [(Lifecycle, Bool, Bool, AccountStanding)])
    func standing(lifecycle: Lifecycle, mustChange: Bool, isLocked: Bool, expected: AccountStanding) {
        #expect(AccountStanding(lifecycle: lifecycle, mustChange: mustChange, isLocked: isLocked) == expected)
    }

    @Test("T-12: locked and recalled differ: the recalled one still signs in, neither sends")
    func lockedIsNotRecalled() {
        let recalled = Capabilities(kind: .personal, standing: .recalled)
        #expect(recalled.mayLogIn && !recalled.maySend)
    }
}
