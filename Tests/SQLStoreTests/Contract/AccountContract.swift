import AuthDomain
import AuthService
import Testing

@Suite("Contract: accounts")
struct AccountContract {
    @Test("an account reads back by main address, alias and id (R-ADDR-5, R-SCOPE-1)", arguments: StoreKind.allCases)
    func readsBack(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let code = EnrolmentCodeRecord(id: "ec-1", digest: [7, 7], expiresAt: noon + .seconds(60))
            let new = newAccount("an", aliases: [mailbox("an.nv"), mailbox("a.nguyen")], code: code)
            try await store.operators.provision(new, event: event(.accountProvisioned, AccountID("an")))

            let account = try #require(try await store.accounts.account(at: mailbox("an.nv")))
            #expect(account.id == AccountID("an"))
            #expect(account.address == mailbox("an"))
            #expect(account.aliases == [mailbox("a.nguyen"), mailbox("an.nv")])
            #expect(account.kind == .personal)
            #expect(account.displayName == "Nguyễn Văn an")
            #expect(account.organisation == "Sở Thông tin")
            #expect(account.lifecycle == .active)
            #expect(account.password.record == "$argon2id$first-an")
            #expect(account.password.version == 1)
            #expect(account.password.mustChange && account.password.isIssued)
            #expect(account.password.expiresAt == noon + .seconds(432_000))
            #expect(account.budgets == [.password: .fresh, .oneTimeCode: .fresh, .recoveryCode: .fresh])
            #expect(account.locks.isEmpty && account.authenticators.isEmpty && account.recoveryCodesLeft == 0)
            #expect(account.enrolmentCode?.id == "ec-1" && account.enrolmentCode?.digest == [7, 7])
            #expect(account.sealedPhone == [1, 2, 3] && account.maskedPhone == "09x xxx xx12")
            #expect(account.notifiedAt == noon && account.createdAt == noon && account.lastSignInAt == nil)
            #expect(try await store.accounts.account(at: mailbox("an"))?.id == account.id)
            #expect(try await store.account(account.id).address == account.address)
            #expect(try await store.accounts.account(at: mailbox("nobody")) == nil)
            #expect(try await store.accounts.account(id: AccountID("nobody")) == nil)
        }
    }

    @Test("a taken address or alias refuses the whole account", arguments: StoreKind.allCases)
    func addressTaken(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.operators.provision(
                newAccount("an", aliases: [mailbox("x")]), event: event(.accountProvisioned))
            await #expect(throws: OperatorRefusal.addressTaken(mailbox("x"))) {
                try await store.operators.provision(
                    newAccount("binh", aliases: [mailbox("b"), mailbox("x")]), event: event(.accountProvisioned))
            }
            #expect(try await store.accounts.account(at: mailbox("b")) == nil)
            #expect(try await store.accounts.account(id: AccountID("binh")) == nil)
            await #expect(throws: OperatorRefusal.conflict) {
                try await store.operators.provision(newAccount("an"), event: event(.accountProvisioned))
            }
        }
    }

    @Test("a change touches what it names, and a refused one nothing", arguments: StoreKind.allCases)
    func change(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let an = try await provision("an", in: store)
            _ = try await provision("binh", in: store)
            var change = AccountChange()
            change.kind = .clerical
            change.displayName = .some(nil)
            change.aliases = [mailbox("van.thu"), mailbox("van.thu"), mailbox("an")]
            change.phone = .some(
                SealedPhone(
                    sealed: [4], masked: "08x",
                    registered: RegisteredPhone(index: [9], takesSMS: true, confirmedAt: nil)))
            try await store.operators.change(an, change, event: event(.accountChanged, an))
            var account = try await store.account(an)
            #expect(account.kind == .clerical && account.displayName == nil && account.organisation != nil)
            #expect(account.aliases == [mailbox("van.thu")] && account.address == mailbox("an"))
            #expect(account.sealedPhone == [4] && account.maskedPhone == "08x")

            var bad = AccountChange()
            bad.kind = .technical
            bad.aliases = [mailbox("binh")]
            let wrong = bad
            await #expect(throws: OperatorRefusal.addressTaken(mailbox("binh"))) {
                try await store.operators.change(an, wrong, event: event(.accountChanged, an))
            }
            account = try await store.account(an)
            #expect(account.kind == .clerical && account.aliases == [mailbox("van.thu")])

            var clear = AccountChange()
            clear.phone = .some(nil)
            try await store.operators.change(an, clear, event: event(.accountChanged, an))
            #expect(try await store.account(an).sealedPhone == nil)
            await #expect(throws: OperatorRefusal.notFound) {
                try await store.operators.change(AccountID("x"), AccountChange(), event: event(.accountChanged))
            }
            #expect(try await store.codes(of: an) == [.accountProvisioned, .accountChanged, .accountChanged])
        }
    }

    @Test("destroying leaves the record and frees the address (R-LIFE-9)", arguments: StoreKind.allCases)
    func destroy(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let an = try await provision("an", in: store, enrolled: true)
            try await store.operators.destroy(an, now: noon, event: event(.accountDestroyed, an))
            #expect(try await store.accounts.account(at: mailbox("an")) == nil)
            let account = try await store.account(an)
            #expect(account.lifecycle == .destroyed && account.password.record.isEmpty)
            #expect(account.authenticators.isEmpty && account.sealedPhone == nil && account.displayName == nil)
            await #expect(throws: OperatorRefusal.conflict) {
                try await store.operators.destroy(an, now: noon, event: event(.accountDestroyed, an))
            }
            #expect(try await store.judge.judge(failure(an)) == .refused)
            let verdict = try await store.ledger.accept(
                .totp(AuthenticatorID("au-an"), step: TimeStep(200)), guard: stepGuard(an, version: nil), now: noon,
                resetting: false, event: event(.factorAccepted, an), completion: nil)
            #expect(verdict == .outdated)
            #expect(try await store.codes(of: an) == [.accountProvisioned, .accountDestroyed])

            let again = NewAccount(account: newAccount("an").account.withID("an-2"))
            try await store.operators.provision(again, event: event(.accountProvisioned))
            #expect(try await store.accounts.account(at: mailbox("an"))?.id == AccountID("an-2"))
        }
    }
}

extension Account {
    /// The same account under another identity.
    func withID(_ id: String) -> Account {
        Account(
            id: AccountID(id), address: address, aliases: aliases, kind: kind, displayName: displayName,
            organisation: organisation, lifecycle: lifecycle, password: password, budgets: budgets, locks: locks,
            authenticators: authenticators, recoveryCodesLeft: recoveryCodesLeft, enrolmentCode: enrolmentCode,
            sealedPhone: sealedPhone, maskedPhone: maskedPhone, notifiedAt: notifiedAt, createdAt: createdAt,
            lastSignInAt: lastSignInAt)
    }
}
