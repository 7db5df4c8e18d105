import Testing

@testable import SQLStore

@Suite("SQLite: who folds the log when")
struct CheckpointPlanTests {
    private static let bounds = CheckpointBounds(passInterval: 100, ceiling: 1000)

    @Test("a pass for each interval; the next one counts from the end of the last")
    func intervals() {
        let plan = Plan(Self.bounds)
        #expect(plan.committed(length: 99) == .nothing)
        #expect(plan.committed(length: 100) == .pass)
        #expect(plan.committed(length: 250) == .nothing, "one is under way")
        #expect(!plan.passed(Checkpoint(length: 100, folded: 100, wasBlocked: false)))
        #expect(plan.committed(length: 349) == .nothing)
        #expect(plan.committed(length: 350) == .pass)
    }

    @Test("a log that began anew counts from its beginning")
    func anew() {
        let plan = Plan(Self.bounds)
        #expect(plan.committed(length: 100) == .pass)
        #expect(!plan.passed(Checkpoint(length: 100, folded: 100, wasBlocked: false)))
        #expect(plan.committed(length: 4) == .nothing)
        #expect(plan.committed(length: 99) == .nothing)
        #expect(plan.committed(length: 100) == .pass)
    }

    @Test("beyond the ceiling passes follow until little is left, and the writer folds that")
    func ceiling() {
        let plan = Plan(Self.bounds)
        #expect(plan.committed(length: 1000) == .pass)
        #expect(plan.committed(length: 1060) == .nothing)
        #expect(plan.passed(Checkpoint(length: 1000, folded: 1000, wasBlocked: false)), "60 are left")
        #expect(plan.committed(length: 1070) == .nothing)
        #expect(!plan.passed(Checkpoint(length: 1060, folded: 1060, wasBlocked: false)), "10 are left")
        #expect(plan.committed(length: 1075) == .restart)
        plan.restarted(Checkpoint(length: 1075, folded: 1075, wasBlocked: false))
        #expect(plan.committed(length: 5) == .nothing)
        #expect(plan.committed(length: 100) == .pass)
    }

    @Test("what another process has committed counts, and a log that began anew during a pass is short")
    func others() {
        let plan = Plan(Self.bounds)
        #expect(plan.committed(length: 400) == .pass)
        #expect(!plan.passed(Checkpoint(length: 1200, folded: 1190, wasBlocked: false)))
        #expect(plan.committed(length: 1210) == .restart)
        plan.restarted(Checkpoint(length: 1210, folded: 1210, wasBlocked: false))
        #expect(plan.committed(length: 1400) == .pass)
        #expect(plan.committed(length: 8) == .nothing)
        #expect(!plan.passed(Checkpoint(length: 1400, folded: 1400, wasBlocked: false)))
        #expect(plan.committed(length: 9) == .nothing)
    }

    @Test("a writer that the passes do not catch up with takes what there is")
    func overtaken() {
        let plan = Plan(Self.bounds)
        #expect(plan.committed(length: 1000) == .pass)
        var passes = 1
        while passes < 20, plan.passed(Checkpoint(length: 0, folded: 0, wasBlocked: false)) { passes += 1 }
        #expect(passes == 4)
        #expect(plan.committed(length: 2000) == .restart)
    }

    @Test(
        "where readers stay, or it fails, the next attempt waits until the log is longer by half",
        arguments: [Checkpoint(length: 1000, folded: 300, wasBlocked: true), nil])
    func blocked(_ outcome: Checkpoint?) {
        let plan = Plan(Self.bounds)
        #expect(plan.committed(length: 1000) == .pass)
        #expect(!plan.passed(Checkpoint(length: 1000, folded: 300, wasBlocked: true)))
        #expect(plan.committed(length: 1000) == .restart)
        plan.restarted(outcome)
        #expect(plan.committed(length: 1001) == .nothing)
        for length in stride(from: 1100, to: 1500, by: 100) {
            #expect(plan.committed(length: length) == .pass)
            #expect(!plan.passed(Checkpoint(length: length, folded: 300, wasBlocked: false)))
            #expect(plan.committed(length: length) == .nothing)
        }
        #expect(plan.committed(length: 1500) == .pass)
        #expect(!plan.passed(Checkpoint(length: 1500, folded: 1500, wasBlocked: false)))
        #expect(plan.committed(length: 1500) == .restart)
    }

    @Test("a pass that failed is made again an interval later")
    func failure() {
        let plan = Plan(Self.bounds)
        #expect(plan.committed(length: 100) == .pass)
        #expect(!plan.passed(nil))
        #expect(plan.committed(length: 199) == .nothing)
        #expect(plan.committed(length: 200) == .pass)
    }
}

/// The plan behind a reference, so that an expectation may move it on.
private final class Plan {
    private var plan: CheckpointPlan

    init(_ bounds: CheckpointBounds) { plan = CheckpointPlan(bounds) }

    func committed(length: Int) -> CheckpointPlan.Step { plan.committed(length: length) }

    func passed(_ checkpoint: Checkpoint?) -> Bool { plan.passed(checkpoint) }

    func restarted(_ checkpoint: Checkpoint?) { plan.restarted(checkpoint) }
}
