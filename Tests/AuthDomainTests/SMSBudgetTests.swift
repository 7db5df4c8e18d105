import AuthDomain
import Testing

@Suite("Send budget (R-SMSOTP-1)")
struct SMSBudgetTests {
    private static func counts(
        _ used: [SMSBudgetScope: Int64], freesIn: [SMSBudgetScope: Int] = [:]
    ) -> (SMSBudgetScope) -> SMSBudgetCount {
        { SMSBudgetCount(used: used[$0] ?? 0, freesIn: .seconds(freesIn[$0] ?? 30)) }
    }

    @Test("Each scope lets its last message pass and refuses the next", arguments: SMSBudgetScope.allCases)
    func edges(scope: SMSBudgetScope) throws {
        let budget = SMSBudget()
        let limit = try #require(budget.limits[scope])
        let cost: Int64 = 500
        let last = limit.most - (scope == .money ? cost : 1)
        #expect(budget.verdict(cost: cost, count: Self.counts([scope: last])) == .allowed)
        #expect(
            budget.verdict(cost: cost, count: Self.counts([scope: last + 1]))
                == .refused(scope, retryAfter: .seconds(30)))
        #expect(
            SMSBudget(mode: .observe).verdict(cost: cost, count: Self.counts([scope: last + 1])) == .observed([scope]))
    }

    @Test("Of several full scopes the one that stays full longest is named")
    func longest() {
        let count = Self.counts([.phone: 99, .accountDay: 99], freesIn: [.phone: 10, .accountDay: 5000])
        #expect(SMSBudget().verdict(cost: 0, count: count) == .refused(.accountDay, retryAfter: .seconds(5000)))
        #expect(SMSBudget(mode: .observe).verdict(cost: 0, count: count) == .observed([.phone, .accountDay]))
    }

    @Test("Scopes without a limit are not even asked for")
    func unlimited() {
        let budget = SMSBudget(limits: [.all: SMSBudgetLimit(most: 1, window: .seconds(60))])
        var asked: [SMSBudgetScope] = []
        let verdict = budget.verdict(cost: .max) { scope in
            asked.append(scope)
            return SMSBudgetCount(used: 0, freesIn: .zero)
        }
        #expect(verdict == .allowed && asked == [.all])
    }

    @Test(
        "Waiting times stay between one second and the window",
        arguments: [(0, 1), (-5, 1), (1, 1), (59, 59), (3600, 60)])
    func waits(freesIn: Int, expected: Int) {
        let budget = SMSBudget(limits: [.all: SMSBudgetLimit(most: 1, window: .seconds(60))])
        let count = SMSBudgetCount(used: 5, freesIn: .seconds(freesIn))
        #expect(budget.verdict(cost: 0) { _ in count } == .refused(.all, retryAfter: .seconds(expected)))
    }

    @Test("Extremes neither trap nor open the door")
    func extremes() {
        let budget = SMSBudget(limits: [.money: SMSBudgetLimit(most: 1000, window: .seconds(60))])
        let empty = SMSBudgetCount(used: 0, freesIn: .zero)
        #expect(budget.verdict(cost: 1000) { _ in empty } == .allowed)
        #expect(budget.verdict(cost: 1001) { _ in empty } == .refused(.money, retryAfter: .seconds(60)))
        #expect(budget.verdict(cost: .max) { _ in empty } == .refused(.money, retryAfter: .seconds(60)))
        let full = SMSBudgetCount(used: .max, freesIn: .seconds(1))
        #expect(budget.verdict(cost: .max) { _ in full } == .refused(.money, retryAfter: .seconds(60)))
        #expect(budget.verdict(cost: -5) { _ in empty } == .allowed)
        let closed = SMSBudget(limits: [.all: SMSBudgetLimit(most: -1, window: .zero)])
        #expect(closed.verdict(cost: 0) { _ in empty } == .refused(.all, retryAfter: .seconds(1)))
        _ = SMSBudget(limits: [.money: SMSBudgetLimit(most: .max, window: .seconds(1))])
            .raisesMoneyAlarm(cost: .max, before: SMSBudgetCount(used: .max - 1, freesIn: .zero))
    }

    @Test("The alarm rings for the one message that crosses its share of the money")
    func alarm() {
        let budget = SMSBudget(limits: [.money: SMSBudgetLimit(most: 1000, window: .seconds(60))], alarmPercent: 80)
        let rang = stride(from: Int64(0), to: 1000, by: 100).filter {
            budget.raisesMoneyAlarm(cost: 100, before: SMSBudgetCount(used: $0, freesIn: .zero))
        }
        #expect(rang == [700])
        #expect(!SMSBudget(limits: [:]).raisesMoneyAlarm(cost: 1, before: SMSBudgetCount(used: 0, freesIn: .zero)))
    }

    @Test("A flushed count falls back on the send rows")
    func floor() {
        let rows = SMSBudgetCount(used: 5, freesIn: .seconds(900))
        let flushed = SMSBudgetCount(used: 0, freesIn: .seconds(3600))
        #expect(flushed.withFloor(rows) == rows)
        let ahead = SMSBudgetCount(used: 6, freesIn: .seconds(800))
        #expect(ahead.withFloor(rows) == ahead)
    }

    @Test("Every scope has a default limit")
    func defaults() {
        #expect(Set(SMSBudget.standardLimits.keys) == Set(SMSBudgetScope.allCases))
        #expect(SMSBudget.standardLimits.values.allSatisfy { $0.most > 0 && $0.window >= .seconds(60) })
    }
}
