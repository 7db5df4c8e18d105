import AuthDomain
import AuthService
import Testing

@Suite("Contract: app passwords and mail logins")
struct MailContract {
    private func record(
        _ id: String, of account: AccountID, lookup: [UInt8] = [1, 2, 3], expiresAt: WallInstant? = nil
    ) -> AppPasswordRecord {
        AppPasswordRecord(
            id: AppPasswordID(id), account: account, label: "Outlook ở cơ quan", lookup: lookup, digest: [9, 8, 7],
            terms: AppPasswordTerms(
                services: [.imap, .smtp], networks: [AddressBlock("10.0.0.0/8")!, AddressBlock("2001:db8::/32")!],
                expiresAt: expiresAt),  // literal blocks parse
            document: "Số 1", createdAt: noon, lastUse: nil)
    }

    private func permission(_ account: AccountID, version: Int64? = 1, maximum: Int = 3) -> AppPasswordGuard {
        AppPasswordGuard(account: account, passwordVersion: version, maximum: maximum)
    }

    @Test("T-4: one is found by its look-up, with the account of that moment", arguments: StoreKind.allCases)
    func found(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let an = try await provision("an", in: store)
            let made = record("apw_1", of: an, expiresAt: noon + .seconds(60))
            #expect(
                try await store.appPasswords.issue(
                    made, guard: permission(an), event: event(.appPasswordIssued, an)) == .stored)
            let found = try #require(
                try await store.logins.mailLogin(at: mailbox("an"), lookups: [[7], [1, 2, 3]]))
            #expect(found.account.id == an && found.account.address == mailbox("an"))
            #expect(found.account.standing == .mustChange && found.account.passwordVersion == 1)
            let read = try #require(found.candidates.first)
            #expect(found.candidates.count == 1)
            #expect(read.id == made.id && read.account == an && read.terms == made.terms)
            #expect(read.digest == made.digest && read.document == "Số 1" && read.lastUse == nil)
            let none = try #require(try await store.logins.mailLogin(at: mailbox("an"), lookups: [[7]]))
            #expect(none.candidates.isEmpty && none.account.id == an)
            #expect(try await store.logins.mailLogin(at: mailbox("an"), lookups: [])?.candidates.isEmpty == true)
            #expect(try await store.logins.mailLogin(at: mailbox("nobody"), lookups: [[1, 2, 3]]) == nil)
            #expect(try await store.codes(of: an).contains(.appPasswordIssued))
        }
    }

    @Test("T-4: one of another account is not found, nor one that was revoked", arguments: StoreKind.allCases)
    func ofAnother(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let an = try await provision("an", in: store)
            let binh = try await provision("binh", in: store)
            _ = try await store.appPasswords.issue(
                record("apw_1", of: an), guard: permission(an), event: event(.appPasswordIssued, an))
            #expect(
                try await store.logins.mailLogin(at: mailbox("binh"), lookups: [[1, 2, 3]])?.candidates.isEmpty == true)
            await #expect(throws: OperatorRefusal.notFound) {
                try await store.appPasswords.revokeAppPassword(
                    AppPasswordID("apw_1"), of: binh, now: noon, event: event(.appPasswordRevoked, binh))
            }
            try await store.appPasswords.revokeAppPassword(
                AppPasswordID("apw_1"), of: an, now: noon, event: event(.appPasswordRevoked, an))
            #expect(
                try await store.logins.mailLogin(at: mailbox("an"), lookups: [[1, 2, 3]])?.candidates.isEmpty == true)
            #expect(try await store.appPasswords.appPasswords(of: an).isEmpty)
            await #expect(throws: OperatorRefusal.notFound) {
                try await store.appPasswords.revokeAppPassword(
                    AppPasswordID("apw_1"), of: an, now: noon, event: event(.appPasswordRevoked, an))
            }
        }
    }

    @Test("T-4: making one is guarded by lock, password version and number", arguments: StoreKind.allCases)
    func guarded(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let an = try await provision("an", in: store)
            func issue(_ id: String, _ permission: AppPasswordGuard) async throws -> AppPasswordVerdict {
                try await store.appPasswords.issue(
                    record(id, of: an), guard: permission, event: event(.appPasswordIssued, an))
            }
            #expect(try await issue("apw_0", permission(an, version: 2)) == .outdated)
            #expect(try await issue("apw_0", permission(AccountID("nobody"))) == .outdated)
            for index in 1...3 { #expect(try await issue("apw_\(index)", permission(an)) == .stored) }
            #expect(try await issue("apw_4", permission(an)) == .tooMany)
            #expect(try await issue("apw_4", permission(an, version: nil, maximum: 4)) == .stored)
            try await store.operators.lock(an, lock("lk-1", .prohibitedAct), event: event(.accountLocked, an))
            #expect(try await issue("apw_5", permission(an, maximum: 9)) == .locked)
            #expect(try await store.codes(of: an).count { $0 == .appPasswordIssued } == 4)
        }
    }

    @Test(
        "R-LOCK-10, R-REST-5: a lock for a leaked secret ends all app passwords with it, another lock does not",
        arguments: StoreKind.allCases, LockCause.allCases)
    func endedByLock(kind: StoreKind, cause: LockCause) async throws {
        try await kind.withStore { store in
            let an = try await provision("an", in: store)
            _ = try await store.appPasswords.issue(
                record("apw_1", of: an), guard: permission(an), event: event(.appPasswordIssued, an))
            try await store.operators.lock(an, lock("lk-1", cause), event: event(.accountLocked, an))
            let left = try await store.appPasswords.appPasswords(of: an).count
            let ends = [.compromised, .credentialLeak, .badOTP5].contains(cause)
            #expect(left == (ends ? 0 : 1))
            #expect(try await store.codes(of: an).contains(.appPasswordRevoked) == ends)
            let found = try #require(try await store.logins.mailLogin(at: mailbox("an"), lookups: [[1, 2, 3]]))
            #expect(found.account.lock == cause && found.account.standing == .locked)
            #expect(found.candidates.count == left)
        }
    }

    @Test("R-LOCK-10: the fifth wrong code ends them in its own transaction", arguments: StoreKind.allCases)
    func endedByCodes(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let an = try await provision("an", in: store)
            _ = try await store.appPasswords.issue(
                record("apw_1", of: an), guard: permission(an), event: event(.appPasswordIssued, an))
            for _ in 0..<4 { _ = try await store.judge.judge(failure(an, kind: .oneTimeCode)) }
            #expect(try await store.appPasswords.appPasswords(of: an).count == 1)
            _ = try await store.judge.judge(failure(an, kind: .oneTimeCode))
            #expect(try await store.appPasswords.appPasswords(of: an).isEmpty)
        }
    }

    @Test("R-LIFE-9: nothing of them is left of a destroyed account", arguments: StoreKind.allCases)
    func destroyed(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let an = try await provision("an", in: store)
            _ = try await store.appPasswords.issue(
                record("apw_1", of: an), guard: permission(an), event: event(.appPasswordIssued, an))
            try await store.operators.destroy(an, now: noon, event: event(.accountDestroyed, an))
            #expect(try await store.appPasswords.appPasswords(of: an).isEmpty)
            #expect(try await store.logins.mailLogin(at: mailbox("an"), lookups: [[1, 2, 3]]) == nil)
            #expect(try await store.logins.mailAccount(id: an) == nil)
        }
    }

    @Test("T-4: the latest use stays, in whatever order two instances tell theirs", arguments: StoreKind.allCases)
    func uses(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let an = try await provision("an", in: store)
            _ = try await store.appPasswords.issue(
                record("apw_1", of: an), guard: permission(an), event: event(.appPasswordIssued, an))
            let late = AppPasswordUse(time: noon + .seconds(9), address: "10.1.2.3", service: .smtp)
            let early = AppPasswordUse(time: noon, address: nil, service: .imap)
            let id = AppPasswordID("apw_1")
            try await store.appPasswords.noteUses([id: late, AppPasswordID("apw_gone"): early])
            try await store.appPasswords.noteUses([id: early])
            #expect(try await store.appPasswords.appPasswords(of: an).first?.lastUse == late)
        }
    }

    @Test("R-LOCK-9: a wrong value counts once for a password, and again for the next", arguments: StoreKind.allCases)
    func distinct(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let an = try await provision("an", in: store)
            func judge(_ digest: [UInt8], version: Int64 = 1) async throws -> FailureJudgement {
                try await store.judge.judge(
                    AccountFailure(
                        account: an, kind: .password, lane: .shared, limit: 5, now: noon,
                        event: event(.signInPasswordFailed, an), lock: lock("lk-1"),
                        limitEvent: event(.accountLocked, an),
                        distinct: WrongValue(digest: digest, passwordVersion: version)))
            }
            #expect(try await judge([1]) == .counted(BudgetState(epoch: 0, failures: 1)))
            for _ in 0..<10 { #expect(try await judge([1]) == .repeated) }
            #expect(try await store.logins.isJudgedWrong([[5], [1]], of: an))
            #expect(try await store.logins.isJudgedWrong([[5]], of: an) == false)
            #expect(try await judge([2], version: 7) == .repeated)
            for digest in 3...5 { _ = try await judge([UInt8(digest)]) }
            #expect(try await judge([6]) == .reachedLimit(BudgetState(epoch: 0, failures: 5)))
            #expect(try await store.account(an).locks.count == 1)
        }
    }

    @Test(
        "R-LOCK-9: a value noted without counting is known, and fifty at once count once", arguments: StoreKind.allCases
    )
    func noted(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let an = try await provision("an", in: store)
            let previous = WrongValue(digest: [7], passwordVersion: 1)
            try await store.appPasswords.noteWrongValue(previous, of: an, now: noon)
            #expect(try await store.logins.isJudgedWrong([[7]], of: an))
            #expect(try await store.account(an).budgets[.password] == .fresh)
            let judgements = try await withThrowingTaskGroup(of: FailureJudgement.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        try await store.judge.judge(
                            AccountFailure(
                                account: an, kind: .password, lane: .shared, limit: 5, now: noon,
                                event: event(.signInPasswordFailed, an), lock: lock("lk-1"),
                                limitEvent: event(.accountLocked, an),
                                distinct: WrongValue(digest: [8], passwordVersion: 1)))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(judgements.count { $0 == .repeated } == 49)
        }
    }
}
