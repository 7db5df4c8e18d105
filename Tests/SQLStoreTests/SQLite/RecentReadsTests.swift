import AuthDomain
import Testing

@testable import SQLStore

@Suite("SQLite: what is remembered of reads, and for how long")
struct RecentReadsTests {
    private let now = ContinuousClock.now
    private let an = AccountID("an")
    private let binh = AccountID("binh")

    @Test("nothing counts as unchanged before the database was looked at, nor later than the patience")
    func patience() {
        let watch = ChangeWatch()
        let mark = watch.mark()
        #expect(!watch.isUnchanged(an, since: mark, now: now))
        watch.saw(version: 1, at: now)
        let fresh = watch.mark()
        #expect(watch.isUnchanged(an, since: fresh, now: now + ChangeWatch.patience))
        #expect(!watch.isUnchanged(an, since: fresh, now: now + ChangeWatch.patience + .nanoseconds(1)))
        // The first look may hide a change that came before it.
        #expect(!watch.isUnchanged(an, since: mark, now: now))
    }

    @Test("a change of one account leaves what is known of the others; any other change leaves nothing")
    func scopes() {
        let watch = ChangeWatch()
        watch.saw(version: 1, at: now)
        let mark = watch.mark()
        watch.changed([.account(an), .nothing])
        #expect(!watch.isUnchanged(an, since: mark, now: now))
        #expect(watch.isUnchanged(binh, since: mark, now: now))
        #expect(watch.isUnchanged(an, since: watch.mark(), now: now))
        watch.changed([.anything])
        #expect(!watch.isUnchanged(binh, since: mark, now: now))
        #expect(watch.isUnchanged(binh, since: watch.mark(), now: now))
    }

    @Test("a commit of another process shows as another version")
    func otherProcess() {
        let watch = ChangeWatch()
        watch.saw(version: 1, at: now)
        let mark = watch.mark()
        watch.saw(version: 1, at: now)
        #expect(watch.isUnchanged(an, since: mark, now: now))
        watch.saw(version: 2, at: now)
        #expect(!watch.isUnchanged(an, since: mark, now: now))
    }

    @Test("more changed accounts than are told apart count as a change of everything")
    func manyAccounts() {
        let watch = ChangeWatch()
        watch.saw(version: 1, at: now)
        let mark = watch.mark()
        for number in 0..<8192 { watch.changed([.account(AccountID("a\(number)"))]) }
        #expect(watch.isUnchanged(an, since: mark, now: now))
        watch.changed([.account(binh)])
        #expect(!watch.isUnchanged(an, since: mark, now: now))
    }

    @Test("one caller at a time looks, halfway through the patience")
    func looking() {
        let watch = ChangeWatch()
        #expect(watch.claimLook(now: now))
        #expect(!watch.claimLook(now: now))
        watch.endLook()
        #expect(watch.claimLook(now: now))
        watch.saw(version: 1, at: now)
        #expect(!watch.claimLook(now: now + ChangeWatch.patience / 4))
        #expect(watch.claimLook(now: now + ChangeWatch.patience / 2))
    }

    @Test("what is asked for again stays, what is not is gone after two fillings")
    func generations() {
        let reads = RecentReads<Int, String>(limit: 4)
        reads.keep("kept", for: 0, mark: 7)
        reads.keep("lost", for: 1, mark: 7)
        for number in 10..<13 {
            reads.keep("x", for: number, mark: 7)
            #expect(reads.find(0)?.value == "kept")
        }
        for number in 20..<26 {
            reads.keep("x", for: number, mark: 7)
            #expect(reads.find(0)?.mark == 7)
        }
        #expect(reads.find(1) == nil)
    }
}
