import AuthDomain
import AuthService
import Testing

@Suite("Contract: operators")
struct OperatorContract {
    private func restoration(
        _ id: String, of account: AccountID, clearing locks: [Lock], record: String? = nil, revokes: Bool = false
    ) -> RestorationWrite {
        RestorationWrite(
            account: account, id: id, clearing: locks,
            password: record.map { (record: $0, expiresAt: noon + .seconds(60)) }, revokesAuthenticators: revokes,
            document: "12/CV-STTTT", requestedBy: "Sở Thông tin", remediation: "đã rà soát")
    }

    @Test("locks of several causes stand together, each once (R-LOCK-11)", arguments: StoreKind.allCases)
    func locks(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let an = try await provision("an", in: store)
            try await store.operators.lock(an, lock("l1", .compromised), event: event(.accountLocked, an))
            try await store.operators.lock(an, lock("l2", .spamMalware), event: event(.accountLocked, an))
            await #expect(throws: OperatorRefusal.conflict) {
                try await store.operators.lock(an, lock("l3", .compromised), event: event(.accountLocked, an))
            }
            await #expect(throws: OperatorRefusal.notFound) {
                try await store.operators.lock(AccountID("x"), lock("l4"), event: event(.accountLocked))
            }
            #expect(Set(try await store.account(an).locks.map(\.id)) == ["l1", "l2"])
            #expect(try await store.codes(of: an).filter { $0 == .accountLocked }.count == 2)
        }
    }

    @Test(
        "a restoration clears what it looked at, resets every lane and forces a change (R-REST-4, R-REST-5)",
        arguments: StoreKind.allCases)
    func restore(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let an = try await provision("an", in: store, enrolled: true)
            _ = try await store.ledger.changePassword(
                to: "chosen", guard: stepGuard(an), keeping: 5, now: noon, event: event(.passwordChanged, an),
                completion: nil)
            for _ in 0..<2 { _ = try await store.judge.judge(failure(an, lane: .device("d"))) }
            for _ in 0..<5 { _ = try await store.judge.judge(failure(an)) }
            let standing = try await store.account(an).locks
            await #expect(throws: OperatorRefusal.conflict) {
                _ = try await store.operators.restore(
                    restoration("r0", of: an, clearing: [lock("other")]), now: noon, event: event(.accountRestored, an))
            }
            let states = try await store.operators.restore(
                restoration("r1", of: an, clearing: standing), now: noon, event: event(.accountRestored, an))
            #expect(states[.password] == BudgetState(epoch: 1, failures: 0))
            #expect(states.count == 3)
            var account = try await store.account(an)
            #expect(account.locks.isEmpty && account.password.mustChange && account.password.record == "chosen")
            #expect(account.authenticators.count == 1)
            let lane = BudgetKey(subject: "an", kind: .password, lane: .device("d"))
            #expect(try await store.accounts.budget(lane, now: noon) == BudgetState(epoch: 1, failures: 0))
            await #expect(throws: OperatorRefusal.conflict) {
                _ = try await store.operators.restore(
                    restoration("r2", of: an, clearing: standing), now: noon, event: event(.accountRestored, an))
            }

            try await store.operators.lock(an, lock("l2", .compromised), event: event(.accountLocked, an))
            _ = try await store.operators.restore(
                restoration("r3", of: an, clearing: [lock("l2", .compromised)], record: "temp", revokes: true),
                now: noon, event: event(.accountRestored, an))
            account = try await store.account(an)
            #expect(account.authenticators.isEmpty && account.password.record == "temp")
            #expect(account.password.isIssued && account.password.mustChange && account.password.version == 3)
            #expect(account.password.expiresAt == noon + .seconds(60))
            #expect(try await store.accounts.passwordHistory(of: an, limit: 9).first == "chosen")
        }
    }

    @Test("a password reset is refused while a lock stands", arguments: StoreKind.allCases)
    func resetPassword(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let an = try await provision("an", in: store)
            func reset() async throws {
                try await store.operators.resetPassword(
                    an, record: "temp", expiresAt: noon + .seconds(9), now: noon, event: event(.passwordReset, an))
            }
            try await reset()
            let account = try await store.account(an)
            #expect(account.password.record == "temp" && account.password.version == 2)
            try await store.operators.lock(an, lock("l"), event: event(.accountLocked, an))
            await #expect(throws: OperatorRefusal.conflict) { try await reset() }
        }
    }

    @Test("one unrevoked client has a name", arguments: StoreKind.allCases)
    func clients(kind: StoreKind) async throws {
        try await kind.withStore { store in
            func client(_ name: String, _ prefix: String) -> ClientRecord {
                ClientRecord(
                    name: name, prefix: prefix, digest: [5, 6], scopes: [.signIn, .read], createdAt: noon,
                    revokedAt: nil)
            }
            try await store.clients.add(client("sso", "p1"), event: event(.clientAdded))
            await #expect(throws: OperatorRefusal.conflict) {
                try await store.clients.add(client("sso", "p2"), event: event(.clientAdded))
            }
            await #expect(throws: OperatorRefusal.conflict) {
                try await store.clients.add(client("mail", "p1"), event: event(.clientAdded))
            }
            try await store.clients.revoke(name: "sso", now: noon, event: event(.clientRevoked))
            await #expect(throws: OperatorRefusal.notFound) {
                try await store.clients.revoke(name: "sso", now: noon, event: event(.clientRevoked))
            }
            try await store.clients.add(client("sso", "p3"), event: event(.clientAdded))
            let all = try await store.clients.clients()
            #expect(all.map(\.prefix) == ["p1", "p3"] && all.map(\.revokedAt) == [noon, nil])
            #expect(all[1].scopes == [.signIn, .read] && all[1].digest == [5, 6])
        }
    }

    @Test("of two rotations from the same key one wins (R-JWT)", arguments: StoreKind.allCases)
    func signingKeys(kind: StoreKind) async throws {
        try await kind.withStore { store in
            func add(_ id: String, after newest: String?) async throws -> Bool {
                // Ever earlier: the order is that of adding, not of clocks.
                let made = noon - .seconds(Int64(id.utf8.reduce(0) { $0 + Int($1) }))
                return try await store.signingKeys.addSigningKey(
                    SigningKeyRecord(id: id, sealedKey: [1], createdAt: made, signsFrom: noon), after: newest,
                    event: event(.signingKeyMade))
            }
            #expect(try await add("a", after: nil))
            #expect(try await add("b", after: nil) == false)
            #expect(try await add("b", after: "a"))
            #expect(try await add("c", after: "a") == false)
            #expect(try await add("c", after: "b"))
            #expect(try await store.signingKeys.signingKeys().map(\.id) == ["a", "b", "c"])
            try await store.signingKeys.removeSigningKeys(ids: ["a", "x"])
            #expect(try await store.signingKeys.signingKeys().map(\.id) == ["b", "c"])
        }
    }

    @Test(
        "the audit log pages in the order of time, without loss or repetition (R-LOG-2)",
        arguments: StoreKind.allCases)
    func audit(kind: StoreKind) async throws {
        try await kind.withStore { store in
            for index in 0..<25 {
                // Three to a millisecond, and not written in the order of time.
                let time = noon + .milliseconds(Int64((index * 7) % 25 / 3))
                let account = index.isMultiple(of: 2) ? AccountID("an") : nil
                try await store.audit.append(event(.accountChanged, account, at: time, detail: "n\(index)"))
            }
            func all(_ account: AccountID?, page: Int) async throws -> [AuditRow] {
                var query = AuditQuery(
                    account: account, since: noon + .milliseconds(1), until: noon + .milliseconds(7), cursor: nil,
                    limit: page)
                var rows: [AuditRow] = []
                repeat {
                    let (found, next) = try await store.audit.page(query)
                    #expect(found.count <= page)
                    rows += found
                    query.cursor = next
                } while query.cursor != nil
                return rows
            }
            for page in [1, 4, 500] {
                let rows = try await all(nil, page: page)
                #expect(rows.count == 18)
                #expect(Set(rows.map(\.event.detail)).count == 18)
                #expect(rows.map(\.event.time) == rows.map(\.event.time).sorted())
                #expect(try await all(AccountID("an"), page: page).allSatisfy { $0.event.account != nil })
            }
            let odd = AuditQuery(
                account: AccountID("an"), since: nil, until: nil, cursor: "no cursor", limit: 1)
            let first = try await store.audit.page(odd).rows.first
            #expect(first?.event.provenance.actor == "Trần Thị B" && first?.event.clause == "Điều 8.2.b")
        }
    }
}
