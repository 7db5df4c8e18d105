import AuthDomain
import AuthService
import Foundation
import Testing

@testable import SQLStore

@Suite("SQLite: messages, their budgets and prefixes (R-SMSOTP-1)")
struct MessageLedgerTests {
    private static let day: Int64 = 86_400

    /// Provisions an account with a number.
    private func provision(_ id: String, number: UInt8, in store: SQLiteStore) async throws -> AccountID {
        let new = newAccount(id)
        let account = Account(
            id: new.account.id, address: new.account.address, aliases: [], kind: .personal, displayName: nil,
            organisation: nil, lifecycle: .active, password: new.account.password, budgets: [:], locks: [],
            authenticators: [], recoveryCodesLeft: 0, enrolmentCode: nil, sealedPhone: [1], maskedPhone: "******678",
            notifiedAt: nil, createdAt: noon, lastSignInAt: nil,
            phone: RegisteredPhone(index: [number], takesSMS: true, confirmedAt: nil))
        try await store.provision(NewAccount(account: account), event: event(.accountProvisioned, account.id))
        return account.id
    }

    private func admission(
        _ reference: String, _ account: AccountID, number: UInt8, transaction: String? = nil,
        budget: SMSBudget = SMSBudget(limits: [:]), conversion: PrefixConversionRule? = nil, now: WallInstant = noon
    ) throws -> SMSAdmission {
        SMSAdmission(
            reference: reference, issue: "i-" + reference, transaction: transaction ?? "t-" + reference,
            account: account, purpose: .check,
            phone: PhoneFingerprint(
                index: [number], candidates: [[number], [200, number]], masked: "******678",
                prefix: try #require(PhonePrefix("+8491"))),
            alone: SMSPrice(parts: 1, cost: 500), shared: SMSPrice(parts: 2, cost: 1000),
            clientNetwork: "203.0.113.7", budget: budget, conversion: conversion, rules: .standard, now: now,
            event: event(.messageSent, account, at: now))
    }

    @Test(
        "Over two stores on one file each limit lets exactly its number pass",
        arguments: [SMSBudgetScope.phone, .account, .client, .prefix, .all, .money])
    func twoStores(scope: SMSBudgetScope) async throws {
        try await withDatabase { path in
            let stores = [try openStore(path), try openStore(path)]
            defer { for store in stores { store.close() } }
            let an = try await provision("an", number: 7, in: stores[0])
            let most: Int64 = scope == .money ? 3500 : 7
            let budget = SMSBudget(limits: [scope: SMSBudgetLimit(most: most, window: .seconds(600))])
            let verdicts = try await withThrowingTaskGroup(of: SMSAdmissionVerdict.self) { group in
                for index in 0..<60 {
                    let request = try admission("m\(index)", an, number: 7, budget: budget)
                    group.addTask { try await stores[index % 2].admit(request) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let admitted = verdicts.count { if case .admitted = $0 { true } else { false } }
            #expect(admitted == 7)
            #expect(verdicts.count { if case .overBudget(scope, let wait) = $0 { wait > .zero } else { false } } == 53)
            try await expectCleanAudit(stores[0])
        }
    }

    @Test("Over two stores on one file one of 40 requests for one transaction passes")
    func gap() async throws {
        try await withDatabase { path in
            let stores = [try openStore(path), try openStore(path)]
            defer { for store in stores { store.close() } }
            let an = try await provision("an", number: 7, in: stores[0])
            let verdicts = try await withThrowingTaskGroup(of: SMSAdmissionVerdict.self) { group in
                for index in 0..<40 {
                    let request = try admission("m\(index)", an, number: 7, transaction: "t")
                    group.addTask { try await stores[index % 2].admit(request) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(verdicts.count { if case .admitted = $0 { true } else { false } } == 1)
            #expect(verdicts.count { $0 == .tooSoon(retryAfter: .seconds(60)) } == 39)
        }
    }

    @Test("A window frees what it counted, neither early nor much later, and is one for all mailboxes of a number")
    func window() async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            defer { store.close() }
            let an = try await provision("an", number: 7, in: store)
            let binh = try await provision("binh", number: 7, in: store)
            for scope in [SMSBudgetScope.phone, .prefix] {
                let budget = SMSBudget(limits: [scope: SMSBudgetLimit(most: 2, window: .seconds(600))])
                let start = noon + .seconds(scope == .phone ? 0 : 10_000)
                func verdict(_ name: String, _ who: AccountID, _ seconds: Int64) async throws -> SMSAdmissionVerdict {
                    try await store.admit(
                        try admission(
                            "\(scope)-\(name)", who, number: 7, budget: budget, now: start + .seconds(seconds)))
                }
                guard case .admitted(let first) = try await verdict("a", an, 0),
                    case .admitted = try await verdict("b", binh, 300)
                else {
                    Issue.record("not admitted")
                    return
                }
                #expect(first.servesSeveral)
                guard case .overBudget(scope, let wait) = try await verdict("c", an, 599) else {
                    Issue.record("over the limit")
                    return
                }
                #expect(wait <= .seconds(51))
                guard case .admitted = try await verdict("d", an, 599 + wait.components.seconds + 1) else {
                    Issue.record("not freed")
                    return
                }
            }
        }
    }

    @Test("The price and the text are those of the number as it is then: alone, or for several mailboxes")
    func servesSeveral() async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            defer { store.close() }
            let an = try await provision("an", number: 7, in: store)
            guard case .admitted(let alone) = try await store.admit(try admission("a", an, number: 7)) else {
                Issue.record("not admitted")
                return
            }
            // Registered under an older ring key, as the second candidate tells.
            let new = newAccount("binh").account
            try await store.provision(NewAccount(account: new), event: event(.accountProvisioned, new.id))
            var change = AccountChange()
            change.phone = .some(
                SealedPhone(
                    sealed: [1], masked: "******678",
                    registered: RegisteredPhone(index: [200, 7], takesSMS: true, confirmedAt: nil)))
            try await store.change(new.id, change, event: event(.accountChanged, new.id))
            guard case .admitted(let shared) = try await store.admit(try admission("b", an, number: 7)) else {
                Issue.record("not admitted")
                return
            }
            #expect(!alone.servesSeveral && shared.servesSeveral)
            #expect(try await store.admit(try admission("c", an, number: 9)) == .outdated)
        }
    }

    @Test("A day that is over teaches what is usual; a crowd as large as the usual one is then not paused")
    func learning() async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            defer { store.close() }
            let rule = PrefixConversionRule(runLimit: 15)
            var accounts: [AccountID] = []
            for index in 0..<60 { accounts.append(try await provision("a\(index)", number: UInt8(index), in: store)) }
            // Everyone proves a number once, then 40 codes at a time are in flight on each of six mornings.
            try withRawDatabase(path) { connection in
                for index in 0..<60 {
                    try connection.execute(
                        """
                        INSERT INTO sms_sends (reference, issue, transaction_id, account_id, purpose, phone_digest,
                            phone_masked, prefix, lane, parts, cost, state, created_at, updated_at, expires_at, verified_at)
                        VALUES (\("p\(index)"), \("p\(index)"), 't', 'x', 'otp', \([UInt8(index)]), '', '+8491',
                            'unproven', 1, 0, 'accepted', \(noon - .seconds(30 * Self.day)), 0, 0,
                            \(noon - .seconds(30 * Self.day)))
                        """)
                }
                for day in 1...6 {
                    let morning = noon - .seconds(Int64(day) * Self.day)
                    for index in 0..<40 {
                        try connection.execute(
                            """
                            INSERT INTO sms_sends (reference, issue, transaction_id, account_id, purpose, phone_digest,
                                phone_masked, prefix, lane, parts, cost, state, created_at, updated_at, expires_at,
                                verified_at)
                            VALUES (\("d\(day)-\(index)"), \("d\(day)-\(index)"), 't', 'x', 'otp',
                                \([UInt8(index)]), '', '+8491', 'proven', 1, 0, 'accepted',
                                \(morning + .milliseconds(Int64(index))), 0, 0, \(morning + .seconds(40)))
                            """)
                    }
                }
            }
            try await store.learn(now: noon)
            try await store.learn(now: noon)
            var admitted = 0
            for index in 0..<60 {
                let request = try admission(
                    "n\(index)", accounts[index], number: UInt8(index), conversion: rule, now: noon)
                if case .admitted = try await store.admit(request) { admitted += 1 }
            }
            #expect(admitted == 60)
            let other = try admission("n-x", accounts[0], number: 0, conversion: rule, now: noon + .seconds(300))
            guard case .paused(.run, _) = try await store.admit(other) else {
                Issue.record("60 settled messages without an echo are a collapse")
                return
            }
        }
    }

    @Test("The longest run of a day ends with each code that comes back")
    func runs() {
        var tally = RunTally()
        func at(_ seconds: Int64) -> WallInstant { noon + .seconds(seconds) }
        for second in 0..<5 { tally.add(sentAt: at(Int64(second)), returnedAt: nil) }
        tally.add(sentAt: at(5), returnedAt: at(8))
        tally.add(sentAt: at(7), returnedAt: nil)
        #expect(tally.longestRun == 7)
        tally.add(sentAt: at(9), returnedAt: nil)
        tally.add(sentAt: at(10), returnedAt: at(200))
        #expect(tally.longestRun == 7 && tally.sends == 9 && tally.verified == 2)
    }

    @Test("Rows of any state are purged at the end of their retention, others stay")
    func retention() async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            defer { store.close() }
            let an = try await provision("an", number: 7, in: store)
            _ = try await store.admit(try admission("old", an, number: 7))
            _ = try await store.admit(try admission("new", an, number: 7, now: noon + .seconds(Self.day)))
            let later = noon + .seconds(400 * Self.day + 1)
            _ = try await store.recover(stuckSince: later, now: later, limit: 100)
            #expect(try await store.begin("new", gateway: "g", now: later) == false)
            let left = try withRawDatabase(path) { connection in
                try connection.rows("SELECT reference FROM sms_sends") { $0.text() }
            }
            #expect(left == ["new"])
        }
    }
}
