import AuthDomain
import AuthService
import TestKit
import Testing

@Suite("Locks and restorations (Đ8)")
struct RestorationTests {
    /// What each cause asks for and clears, written out here once more.
    private static let table: [(LockCause, demands: String, temporary: Bool, revokes: Bool)] = [
        (.inactive3Months, "", false, false), (.compromised, "remediation", true, true),
        (.credentialLeak, "remediation", true, true), (.badPassword5, "remediation", false, false),
        (.spamMalware, "remediation", false, false), (.prohibitedAct, "", false, false),
        (.defaultNotChanged, "", true, false), (.badOTP5, "remediation", true, true),
        (.temporaryPasswordExpired, "", true, false),
    ]

    @Test("R-REST-3, 4, 5: what every cause demands and clears", arguments: table)
    func everyCause(_ row: (LockCause, demands: String, temporary: Bool, revokes: Bool)) async throws {
        #expect(Self.table.count == LockCause.allCases.count)
        let world = try await World()
        let owner = try await world.owner("pham_nam@hanoi.gov.vn")
        _ = await outcome { try await world.begin(owner.address, "Sai 1!Abc") }
        try await world.lock(owner.address, row.0)
        #expect(await outcome { try await world.begin(owner.address, owner.password) } == "locked -")
        #expect(await outcome { try await world.verify(owner.address, .totp, world.code(owner.secret)) } == "locked -")
        #expect(await outcome { try await world.resetPassword(owner.address) } == "stands locked")
        #expect(await outcome { try await world.restore(owner.address, document: " ") } == "request document")
        let bare = await outcome {
            try await world.restore(owner.address, remediation: row.demands.isEmpty ? " " : nil)
        }
        if row.demands.isEmpty {
            #expect(bare == "done")
        } else {
            #expect(bare == "missing " + row.demands)
            _ = try await world.restore(owner.address)
        }
        let account = try await world.account(owner.address)
        #expect(account.locks.isEmpty && account.password.mustChange)
        #expect(account.budgets.values.allSatisfy { $0.failures == 0 })
        #expect(account.password.isIssued == row.temporary)
        #expect(account.authenticators.isEmpty == row.revokes && (account.recoveryCodesLeft == 0) == row.revokes)
        #expect((account.enrolmentCode != nil) == row.revokes)
        let old = await outcome { try await world.begin(owner.address, owner.password) }
        #expect(old == (row.temporary ? "credentials" : "factor_required"))
        #expect(await outcome { try await world.restore(owner.address) } == "not locked")
        let rowInLog = try #require(try await world.audit(.accountRestored).last)
        #expect(rowInLog.document == "Số 2/CV" && rowInLog.provenance.actor == "Trần Thị B")
        #expect(rowInLog.detail?.contains(row.0.rawValue) == true)
    }

    @Test("R-REST-4: the owner of a restored mailbox must change the password, then is in")
    func ownerComesBack() async throws {
        let world = try await World()
        let owner = try await world.owner("pham_nam@hanoi.gov.vn")
        try await world.lock(owner.address, .compromised)
        let restored = try await world.restore(owner.address)
        let id = try await world.begin(owner.address, restored.temporaryPassword ?? "").id
        #expect(await outcome { try await world.prove(id, .totp, world.code(owner.secret)) } == "code")
        #expect(await outcome { try await world.prove(id, .recovery, owner.recoveryCodes[0]) } == "code")
        let proven = try await world.prove(id, .enrolmentCode, restored.enrolmentCode ?? "")
        #expect(proven.status == .passwordChangeRequired)
        #expect(await outcome { try await world.choose(id, owner.password) } == "rejected reused")
        #expect(await outcome { try await world.choose(id, restored.temporaryPassword ?? "") } == "rejected isDefault")
        #expect(try await world.choose(id, "Mưa rào 4 giờ!").status == .enrolmentRequired)
        #expect(try await world.confirm(id, try await world.offer(id)).recoveryCodes?.count == 10)
    }

    @Test("R-LOCK-11: several causes stand at once; each demands its own, one restoration clears all")
    func severalCauses() async throws {
        let world = try await World()
        let owner = try await world.owner("pham_nam@hanoi.gov.vn")
        try await world.lock(owner.address, .prohibitedAct)
        try await world.lock(owner.address, .credentialLeak)
        #expect(await outcome { try await world.lock(owner.address, .prohibitedAct) } == "locked prohibited_act")
        #expect(await outcome { try await world.restore(owner.address, remediation: nil) } == "missing remediation")
        let restored = try await world.restore(owner.address)
        #expect(Set(restored.cleared) == [.prohibitedAct, .credentialLeak])
        #expect(restored.temporaryPassword != nil && restored.enrolmentCode != nil)
        #expect(try await world.account(owner.address).locks.isEmpty)
    }

    @Test("R-LOCK-11: a lock set beside one that is being restored stays")
    func lockedMeanwhile() async throws {
        let world = try await World()
        let owner = try await world.owner("pham_nam@hanoi.gov.vn")
        try await world.lock(owner.address, .compromised)
        let gate = Gate()
        world.faults.resetCalls()
        let restoration = RestoreAccount(ports: world.ports, policy: world.policy)
        _ = gate
        async let first = outcome {
            try await restoration(
                owner.address, document: "Số 2/CV", requestedBy: "Sở", remediation: "đã xử lý",
                provenance: world.desk)
        }
        async let second = outcome { try await world.lock(owner.address, .spamMalware) }
        let results = await (first, second)
        let standing = try await world.account(owner.address).locks.map(\.cause)
        #expect(results.1 == "done" && standing.contains(.spamMalware))
        #expect(results.0 == "changed" || results.0 == "done")
    }

    @Test("R-REST-4: a temporary password is told even when the enrolment code that goes with it cannot be stored")
    func codeFails() async throws {
        let world = try await World()
        let owner = try await world.owner("pham_nam@hanoi.gov.vn")
        try await world.lock(owner.address, .badOTP5)
        world.faults.failingCodes(true)
        let restored = try await world.restore(owner.address)
        #expect(restored.temporaryPassword != nil && restored.enrolmentCode == nil)
        world.faults.failingCodes(false)
        let code = try await world.issueCode(owner.address)
        let id = try await world.begin(owner.address, restored.temporaryPassword ?? "").id
        #expect(await outcome { try await world.prove(id, .enrolmentCode, code) } == "password_change_required")
    }

    @Test("R-REST-1: texts of a restoration and a change are bounded and printable", arguments: ["", " ", "a\u{0}"])
    func texts(_ text: String) async throws {
        let world = try await World()
        let owner = try await world.owner("pham_nam@hanoi.gov.vn")
        try await world.lock(owner.address, .inactive3Months)
        let long = String(repeating: "ă", count: 1001)
        for remediation in [long, "a\u{0}"] {
            #expect(
                await outcome { try await world.restore(owner.address, remediation: remediation) }
                    == "request remediation")
        }
        #expect(await outcome { try await world.restore(owner.address, document: text) } == "request document")
        var change = AccountChangeRequest()
        change.displayName = .some("Phạm Năm")
        change.document = text
        #expect(
            await outcome {
                try await KeepAccounts(ports: world.ports, policy: world.policy)
                    .change(owner.address, change, provenance: world.desk)
            } == "request document")
    }

    /// Steps of a sign-in at which a lock may fall.
    enum Moment: String, CaseIterable, Sendable { case factor, password, enrolment, confirmation, complete }

    @Test(
        "R-LOCK-10: a lock in the middle of a sign-in ends it at every step, with its cause", arguments: Moment.allCases
    )
    func lockMidway(_ moment: Moment) async throws {
        let world = try await World()
        let made = try await world.provision("pham_nam@hanoi.gov.vn")
        let id = try await world.begin("pham_nam", made.temporaryPassword ?? "").id
        var offer: EnrolmentOffer?
        if moment != .factor { _ = try await world.prove(id, .enrolmentCode, made.enrolmentCode ?? "") }
        if moment != .factor, moment != .password { _ = try await world.choose(id, "Bồ câu 7 con!") }
        if moment == .confirmation || moment == .complete { offer = try await world.offer(id) }
        if moment == .complete, let offer { _ = try await world.confirm(id, offer) }
        try await world.lock("pham_nam", .spamMalware)
        let result = await outcome { () async throws -> SignInStatus in
            switch moment {
            case .factor: try await world.prove(id, .enrolmentCode, made.enrolmentCode ?? "").status
            case .password: try await world.choose(id, "Bồ câu 7 con!").status
            case .enrolment: try await world.offer(id).id.text.isEmpty ? .complete : .factorRequired
            case .confirmation: try await world.confirm(id, try #require(offer)).status
            case .complete: try await world.read(id).status
            }
        }
        #expect(result == "locked spam_malware")
        #expect(await outcome { try await world.read(id) } == "locked spam_malware")
        // Restored within its ten minutes, the sign-in that the lock ended stays ended.
        _ = try await world.restore("pham_nam")
        #expect(await outcome { try await world.read(id) } == "overtaken")
    }

    @Test("principle 2: a lock between the look and the write is found by the write", arguments: Moment.allCases)
    func lockAtCommit(_ moment: Moment) async throws {
        let world = try await World()
        let made = try await world.provision("pham_nam@hanoi.gov.vn")
        let id = try await world.begin("pham_nam", made.temporaryPassword ?? "").id
        func step(_ wanted: Moment, _ body: () async throws -> SignInView) async throws -> Bool {
            if moment == wanted { world.faults.beforeNextWrite { try? await world.lock("pham_nam", .compromised) } }
            let result = await outcome(body)
            if moment == wanted { #expect(result == "locked -") }
            return moment != wanted
        }
        guard try await step(.factor, { try await world.prove(id, .enrolmentCode, made.enrolmentCode ?? "") }) else {
            return
        }
        guard try await step(.password, { try await world.choose(id, "Bồ câu 7 con!") }) else { return }
        let offer = try await world.offer(id)
        guard try await step(.confirmation, { try await world.confirm(id, offer) }) else { return }
        #expect(try await world.account("pham_nam").authenticators.count == 1)
    }

    @Test("R-LIFE-9: a destroyed account is unknown from then on; its address serves a new principal")
    func destroyed() async throws {
        let world = try await World()
        let owner = try await world.owner("pham_nam@hanoi.gov.vn")
        let first = try await world.account(owner.address).id
        let open = try await world.signIn(owner).id
        try await KeepAccounts(ports: world.ports, policy: world.policy).destroy(owner.address, provenance: world.desk)
        #expect(await outcome { try await world.read(open) } == "not found")
        #expect(await outcome { try await world.begin(owner.address, owner.password) } == "credentials")
        #expect(await outcome { try await world.verify(owner.address, .totp, world.code(owner.secret)) } == "code")
        #expect(await outcome { try await world.account(owner.address) } == "not found")
        let made = try await world.provision(owner.address)
        #expect(made.account.id != first && made.account.authenticators.isEmpty)
        #expect(await outcome { try await world.begin(owner.address, owner.password) } == "credentials")
        let id = try await world.begin(owner.address, made.temporaryPassword ?? "").id
        #expect(await outcome { try await world.prove(id, .recovery, owner.recoveryCodes[0]) } == "code")
        #expect(
            await outcome { try await world.prove(id, .enrolmentCode, made.enrolmentCode ?? "") }
                == "password_change_required")
    }
}
