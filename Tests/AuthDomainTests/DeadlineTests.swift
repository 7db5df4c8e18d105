import AuthDomain
import Testing

private func hanoi(_ text: String) throws -> WallInstant {
    try #require(RFC3339.parse(text + "+07:00"))
}

private let second = Duration.seconds(1)

@Suite("Deadlines: what is due for whom, and when")
struct DeadlineTests {
    private let rules = DeadlineRules()

    /// A mailbox with a default password whose owner was told on Friday 25/12/2026.
    private func fresh() throws -> DeadlineFacts {
        var facts = DeadlineFacts(createdAt: try hanoi("2026-12-24T10:00:00"))
        facts.mustChange = true
        facts.isIssued = true
        facts.notifiedAt = try hanoi("2026-12-25T09:00:00")
        facts.feed = FeedHealth(
            heardAt: try hanoi("2027-12-31T00:00:00"), unbrokenSince: try hanoi("2020-01-01T00:00:00"))
        return facts
    }

    /// A mailbox in use, last seen on 30/11/2026.
    private func used() throws -> DeadlineFacts {
        var facts = try fresh()
        (facts.mustChange, facts.isIssued) = (false, false)
        facts.createdAt = try hanoi("2024-01-01T00:00:00")
        facts.notifiedAt = facts.createdAt
        facts.passwordChangedAt = try hanoi("2026-11-30T10:00:00")
        facts.lastSigns[.login] = try hanoi("2026-11-30T10:00:00")
        return facts
    }

    // MARK: Đ8.2.d

    @Test("R-FIRST-3: the notice of Friday 25/12/2026 locks at 31/12 00:00, not a millisecond earlier")
    func defaultPassword() throws {
        let end = try hanoi("2026-12-31T00:00:00")
        #expect(rules.judge(try fresh(), at: end - .milliseconds(1)).locks.isEmpty)
        #expect(rules.judge(try fresh(), at: end).locks == [.defaultNotChanged])
    }

    @Test("R-FIRST-4, 8, 9: without a notice, for later issues and for imported passwords the clock does not run")
    func defaultPasswordExceptions() throws {
        let late = try hanoi("2027-01-31T00:00:00")
        var unannounced = try fresh()
        unannounced.notifiedAt = nil
        #expect(rules.judge(unannounced, at: late).locks.isEmpty)
        #expect(rules.judge(unannounced, at: late).lookAgainAt == DeadlineDecision.never)
        var imported = try fresh()
        imported.isIssued = false
        #expect(rules.judge(imported, at: late).locks.isEmpty)
        var temporary = try fresh()
        temporary.temporaryUntil = late + second
        #expect(rules.judge(temporary, at: late).locks.isEmpty)
        #expect(rules.judge(temporary, at: late + second).locks == [.temporaryPasswordExpired])
        var group = try fresh()
        group.kind = .group
        #expect(rules.deadlines(of: group, at: late).isEmpty)
        var standing = try fresh()
        standing.standing = [.defaultNotChanged]
        #expect(rules.judge(standing, at: late).locks.isEmpty)
    }

    @Test("R-LOCK-11: another lock does not stop the clock of the default password")
    func defaultPasswordWhileLocked() throws {
        var facts = try fresh()
        facts.standing = [.badPassword5]
        #expect(rules.judge(facts, at: try hanoi("2026-12-31T00:00:00")).locks == [.defaultNotChanged])
    }

    @Test("R-FIRST-10: warned two days and one day ahead at 08:00, and looked at exactly then")
    func defaultPasswordWarnings() throws {
        let facts = try fresh()
        var now = try hanoi("2026-12-25T09:00:00")
        var seen: [String] = []
        for _ in 0..<3 {
            let decision = rules.judge(facts, at: now)
            seen += decision.warnings.map { "\(RFC3339.format(now)) T-\($0.daysAhead)" }
            now = decision.lookAgainAt
        }
        #expect(seen == ["2026-12-29T01:00:00Z T-2", "2026-12-30T01:00:00Z T-1"])
        #expect(now == (try hanoi("2026-12-31T00:00:00")))
    }

    // MARK: Đ8.2.a

    @Test("R-LOCK-12: each of login, send and receive is the last sign of life", arguments: ActivityKind.allCases)
    func signs(sign: ActivityKind) throws {
        var facts = try used()
        facts.lastSigns = [.login: try hanoi("2026-06-01T10:00:00")]
        facts.lastSigns[sign] = try hanoi("2026-11-30T10:00:00")
        let end = try hanoi("2027-03-02T00:00:00")
        #expect(rules.judge(facts, at: end - .milliseconds(1)).locks.isEmpty)
        #expect(rules.judge(facts, at: end).locks == [.inactive3Months])
        // A sign that is not counted saves nobody (T-10).
        var strict = rules
        strict.signsOfLife = [.login]
        let isLogin = sign == .login
        #expect(strict.judge(facts, at: end - .milliseconds(1)).locks == (isLogin ? [] : [.inactive3Months]))
    }

    @Test("R-LOCK-15: from the notice for a mailbox never used, from the restoration, from the end of an exemption")
    func starts() throws {
        let end = try hanoi("2027-03-02T00:00:00")
        let start = try hanoi("2026-11-30T10:00:00")
        for field in [\DeadlineFacts.notifiedAt, \.restoredAt, \.exemptUntil] {
            var facts = try used()
            facts.lastSigns = [:]
            facts.notifiedAt = try hanoi("2024-01-01T00:00:00")
            facts[keyPath: field] = start
            #expect(rules.judge(facts, at: end - .milliseconds(1)).locks.isEmpty)
            #expect(rules.judge(facts, at: end).locks == [.inactive3Months])
        }
        var imported = try used()
        (imported.lastSigns, imported.notifiedAt, imported.createdAt) = ([:], nil, start)
        #expect(rules.judge(imported, at: end).locks == [.inactive3Months])
    }

    @Test("R-LOCK-14: nothing is locked while an exemption runs, and the period begins anew when it ends")
    func exemption() throws {
        var facts = try used()
        facts.exemptUntil = try hanoi("2027-06-30T00:00:00")
        let end = try hanoi("2027-10-01T00:00:00")
        #expect(rules.judge(facts, at: try hanoi("2027-06-29T00:00:00")).locks.isEmpty)
        #expect(rules.judge(facts, at: end - .milliseconds(1)).locks.isEmpty)
        #expect(rules.judge(facts, at: end).locks == [.inactive3Months])
    }

    @Test("R-LOCK-12: missing reports hold the lock; reports that began later begin the period")
    func feed() throws {
        let end = try hanoi("2027-03-02T00:00:00")
        var facts = try used()
        facts.feed = nil
        #expect(rules.judge(facts, at: end).locks.isEmpty && rules.judge(facts, at: end).isInactivityHeld)
        facts.feed = FeedHealth(heardAt: end - .seconds(86_401), unbrokenSince: try hanoi("2020-01-01T00:00:00"))
        #expect(rules.judge(facts, at: end).locks.isEmpty && rules.judge(facts, at: end).isInactivityHeld)
        facts.feed = FeedHealth(heardAt: end - .seconds(86_400), unbrokenSince: try hanoi("2020-01-01T00:00:00"))
        #expect(rules.judge(facts, at: end).locks == [.inactive3Months])
        facts.feed = FeedHealth(heardAt: end, unbrokenSince: try hanoi("2027-02-01T00:00:00"))
        #expect(rules.judge(facts, at: end).locks.isEmpty && !rules.judge(facts, at: end).isInactivityHeld)
        var loginAlone = rules
        loginAlone.signsOfLife = [.login]
        facts.feed = nil
        #expect(loginAlone.judge(facts, at: end).locks == [.inactive3Months])
    }

    @Test("R-LIFE-10, R-LOCK-15: recalled, transferred, locked and unannounced mailboxes are not called inactive")
    func notInactive() throws {
        let late = try hanoi("2028-01-01T00:00:00")
        for change: @Sendable (inout DeadlineFacts) -> Void in [
            { $0.lifecycle = .recalled }, { $0.lifecycle = .transferred }, { $0.lifecycle = .destroyed },
            { $0.lifecycle = .transferEnded }, { $0.standing = [.badPassword5] }, { $0.kind = .service },
        ] {
            var facts = try used()
            change(&facts)
            facts.feed = FeedHealth(heardAt: late, unbrokenSince: facts.createdAt)
            #expect(rules.judge(facts, at: late).locks.isEmpty)
        }
        var unannounced = try fresh()
        unannounced.notifiedAt = nil
        unannounced.feed = FeedHealth(heardAt: late, unbrokenSince: unannounced.createdAt)
        #expect(rules.judge(unannounced, at: late).locks.isEmpty)
    }

    @Test("A default password that is never changed locks for one cause: whoever is locked has a reason to be silent")
    func oneCause() throws {
        var facts = try fresh()
        let late = try hanoi("2028-01-01T00:00:00")
        facts.feed = FeedHealth(heardAt: late, unbrokenSince: facts.createdAt)
        #expect(rules.judge(facts, at: late).locks == [.defaultNotChanged])
    }

    @Test("R-LOCK-15: warned 14 and 3 days ahead; a late look gives the last warning alone")
    func inactivityWarnings() throws {
        let facts = try used()
        func warned(_ text: String) throws -> [Int] {
            rules.judge(facts, at: try hanoi(text)).warnings.filter { $0.deadline.kind == .inactivity }.map(\.daysAhead)
        }
        #expect(try warned("2027-02-16T07:59:59") == [])
        #expect(try warned("2027-02-16T08:00:00") == [14])
        #expect(try warned("2027-02-27T07:59:59") == [14])
        #expect(try warned("2027-02-27T08:00:00") == [3])
        #expect(try warned("2027-03-02T00:00:00") == [])
    }

    // MARK: Đ7.4 and Đ12.1

    @Test("R-LIFE-4, 5: a stage of life ends at its instant, locked or not (R-LIFE-11), and ends everything else")
    func lifecycle() throws {
        let end = try hanoi("2027-01-04T00:00:00")
        for (stage, next) in [(Lifecycle.transferred, Lifecycle.transferEnded), (.recalled, .destroyed)] {
            for standing: Set<LockCause> in [[], [.badPassword5]] {
                var facts = try fresh()
                facts.lifecycle = stage
                facts.lifecycleEndsAt = end
                facts.standing = standing
                #expect(rules.judge(facts, at: end - .milliseconds(1)).nextLifecycle == nil)
                let decision = rules.judge(facts, at: end)
                #expect(decision.nextLifecycle == next && decision.locks.isEmpty && decision.warnings.isEmpty)
            }
        }
        #expect(DeadlineRules.keeping(of: .transferred, isHead: true) == .days(15))
        #expect(DeadlineRules.keeping(of: .recalled, isHead: false) == .days(30))
        #expect(DeadlineRules.keeping(of: .recalled, isHead: true) == .days(60))
    }

    @Test("T-2, R-LIFE-10: an old password is reminded of once it is old, never for a recalled mailbox")
    func passwordAge() throws {
        var facts = try used()
        facts.lastSigns[.login] = try hanoi("2027-05-01T00:00:00")
        let old = facts.passwordChangedAt + .seconds(180 * 86_400)
        #expect(rules.judge(facts, at: old - second).warnings.isEmpty)
        #expect(rules.judge(facts, at: old).warnings.map(\.deadline.kind) == [.passwordAge])
        facts.lifecycle = .recalled
        #expect(rules.judge(facts, at: old).warnings.isEmpty)
    }

    @Test("Nothing falls due between an instant and the next look")
    func lookAgain() throws {
        for facts in [try fresh(), try used()] {
            var now = try hanoi("2026-12-25T09:00:00")
            for _ in 0..<40 {
                let decision = rules.judge(facts, at: now)
                #expect(decision.lookAgainAt > now)
                guard decision.lookAgainAt < DeadlineDecision.never else { break }
                for fraction in [0.1, 0.5, 0.999] {
                    let between = now + (decision.lookAgainAt - now) * fraction
                    let early = rules.judge(facts, at: between)
                    #expect(early.locks == decision.locks && early.warnings == decision.warnings)
                }
                now = decision.lookAgainAt
            }
        }
    }
}
