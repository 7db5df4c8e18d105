import AuthDomain
import Testing

@Suite("What becomes of an ordered message (R-SMSOTP-1)")
struct SMSOrderStepTests {
    private static let table: [(SMSSendState, SMSOrderStep)] = [
        (.created, .wait), (.sending, .wait), (.unknown, .sendAgain), (.queued, .end(.sent)),
        (.accepted, .end(.sent)), (.refused, .send), (.expired, .sendAgain), (.failed, .end(.undelivered)),
        (.delivered, .end(.sent)),
    ]

    @Test("Every state of the message before; what may have arrived is repeated twice and then given up")
    func steps() {
        #expect(Self.table.map(\.0) == SMSSendState.allCases)
        #expect(SMSOrderStep.next(after: nil, repeats: 0) == .send)
        for (state, step) in Self.table {
            #expect(SMSOrderStep.next(after: state, repeats: 0) == step)
            let last = SMSOrderStep.next(after: state, repeats: SMSOrderStep.mostRepeats)
            #expect(last == (step == .sendAgain ? .end(.unknown) : step))
        }
    }

    @Test("Whatever may have left an owner without a password is for an operator to look after")
    func ends() {
        let quiet = SMSOrderEnd.allCases.filter { !$0.needsOperator }
        #expect(quiet == [.sent, .outdated])
    }

    @Test("Messages ordered ahead leave half of the rate and of the money; the alarm stays where it is")
    func half() {
        let budget = SMSBudget()
        let halved = budget.leavingHalf
        for (scope, limit) in budget.limits {
            let isShared = scope == .all || scope == .money
            #expect(halved.limits[scope]?.most == (isShared ? limit.most / 2 : limit.most))
            #expect(halved.limits[scope]?.window == limit.window)
        }
        let before = SMSBudgetCount(used: 7_999_900, freesIn: .zero)
        #expect(budget.raisesMoneyAlarm(cost: 500, before: before))
        #expect(halved.raisesMoneyAlarm(cost: 500, before: before))
        #expect(!halved.raisesMoneyAlarm(cost: 500, before: SMSBudgetCount(used: 3_999_900, freesIn: .zero)))
    }
}
