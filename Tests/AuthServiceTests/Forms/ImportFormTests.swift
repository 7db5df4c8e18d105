import AuthDomain
import AuthService
import Testing

@Suite("Importing Mẫu 01 to 04")
struct ImportFormTests {
    @Test("A new person signs in with what the sealed file holds, and must change it (R-LIFE-2, R-FIRST-1)")
    func newPersonSignsIn() async throws {
        let world = try await World()
        let delivery = MemoryDelivery()
        var options = FormOptions()
        options.notifiedAt = World.start
        let rows = try await world.judge(.person, [newPerson(12, "an_sotttt@hanoi.gov.vn")], options: options)
        let result = try await world.carryOut(.person, rows, to: delivery, options: options)
        #expect(result.carriedOut == 1 && result.refused.isEmpty && result.deliveries == [1])
        let secrets = try #require(delivery.all.first)
        #expect(secrets.address.text == "an_sotttt@hanoi.gov.vn" && secrets.password?.count == 29)
        let password = try #require(secrets.password)
        let account = try await world.account("an_sotttt")
        #expect(account.kind == .personal && account.displayName == "Nguyễn Văn An")
        #expect(account.maskedPhone == "******678" && account.notifiedAt == World.start)
        #expect(account.password.mustChange && account.password.isIssued)
        #expect(account.password.record.hasPrefix("{SSHA512}"))
        let begun = try await world.begin("an_sotttt", password)
        let proven = try await world.prove(begun.id, .enrolmentCode, secrets.enrolmentCode)
        #expect(proven.status == .passwordChangeRequired)
        await #expect(throws: SignInFailure.self) { try await world.choose(begun.id, password) }
        _ = try await world.choose(begun.id, "Bồ câu 7 con!")
        #expect(try await world.account("an_sotttt").password.record.hasPrefix("$argon2id$"))
        #expect(!(try world.sql("SELECT * FROM audit")).contains(password))
    }

    @Test("Interrupted and run again: nothing is doubled and no password is lost", arguments: [0, 1, 2])
    func interrupted(batches: Int) async throws {
        let world = try await World()
        let delivery = MemoryDelivery()
        let entries = (1...(2 * ImportForm.batch + 10)).map { newPerson($0, "p\($0)_sotttt@hanoi.gov.vn") }
        let first = try await world.judge(.person, entries)
        await #expect(throws: FormImportFailure.self) {
            try await world.carryOut(
                .person, first, to: delivery, store: InterruptedStore(base: world.store, batches: batches))
        }
        let second = try await world.judge(.person, entries)
        let result = try await world.carryOut(.person, second, to: delivery)
        #expect(result.carriedOut == entries.count - batches * ImportForm.batch && result.refused.isEmpty)
        #expect(try world.sql("SELECT count(*), count(DISTINCT id) FROM accounts") == "4010|4010\n")
        #expect(try world.sql("SELECT count(*) FROM audit WHERE code = 'account_provisioned'") == "4010\n")
        // Every account's password is the one that its sealed file holds.
        #expect(delivery.all.count == entries.count && delivery.partNumbers == [1, 2, 3])
        for secrets in delivery.all.enumerated().filter({ $0.offset % 499 == 0 }).map(\.element) {
            let record = try await world.account(secrets.address.text).password.record
            let password = try PreparedPassword(preparing: secrets.password ?? "").utf8
            #expect(try await world.ports.hasher.verify(password, record: record))
        }
        let third = try await world.judge(.person, entries)
        #expect(third.allSatisfy { if case .done = $0.verdict { true } else { false } })
        #expect(try await world.carryOut(.person, third, to: delivery).carriedOut == 0)
    }

    @Test("An account whose secrets cannot be stored is not made")
    func undelivered() async throws {
        let world = try await World()
        let delivery = MemoryDelivery()
        delivery.fail(1)
        let rows = try await world.judge(.person, [newPerson(1, "a_sotttt@hanoi.gov.vn")])
        await #expect(throws: FormImportFailure.self) { try await world.carryOut(.person, rows, to: delivery) }
        #expect(try world.sql("SELECT count(*) FROM accounts") == "0\n")
        #expect(try await world.carryOut(.person, rows, to: delivery).carriedOut == 1)
    }

    @Test("An address taken since the rows were judged is refused; its secrets leave the sealed file again")
    func overtaken() async throws {
        let world = try await World()
        let delivery = MemoryDelivery()
        let rows = try await world.judge(
            .person, [newPerson(1, "a_sotttt@hanoi.gov.vn"), newPerson(2, "b_sotttt@hanoi.gov.vn")])
        _ = try await world.provision("a_sotttt@hanoi.gov.vn")
        let result = try await world.carryOut(.person, rows, to: delivery)
        #expect(result.carriedOut == 1 && result.refused.map(\.problem) == [.addressTaken])
        #expect(delivery.all.map(\.address.text) == ["b_sotttt@hanoi.gov.vn"])
    }

    @Test("A mailbox recalled or locked since the rows were judged is refused as changed; the other rows stand")
    func changedMeanwhile() async throws {
        let world = try await World()
        for name in ["a", "b", "c"] {
            _ = try await world.provision("\(name)_sotttt@hanoi.gov.vn", phone: nil, kind: .organisation)
        }
        let recalls = try await world.judge(
            .organisation,
            ["a", "b"].enumerated().map { entry($0 + 1, .recall, [.address: "\($1)_sotttt@hanoi.gov.vn"]) })
        let change = entry(
            3, .change,
            [.address: "c_sotttt@hanoi.gov.vn", .change: "Người đại diện", .value: "Trần Thị Bình, 0987654321"])
        let changes = try await world.judge(.organisationChange, [change])
        _ = try world.sql(
            """
            UPDATE accounts SET lifecycle = 'recalled'
            WHERE id IN (SELECT account_id FROM addresses WHERE address = 'a_sotttt@hanoi.gov.vn')
            """)
        try await world.lock("c_sotttt", .compromised)
        let delivery = MemoryDelivery()
        let result = try await world.carryOut(.organisation, recalls, to: delivery)
        #expect(result.carriedOut == 1 && result.refused.map(\.problem) == [.changedMeanwhile])
        #expect(result.refused.map(\.problem.code) == [.changedMeanwhile])
        let other = try await world.carryOut(.organisationChange, changes, to: delivery)
        #expect(other.carriedOut == 0 && other.refused.map(\.problem) == [.changedMeanwhile])
        #expect(delivery.all.isEmpty, "the password of a refused row leaves the sealed file again")
    }

    @Test("A new representative ends every credential of the old one (R-PHONE-6)")
    func representative() async throws {
        let world = try await World()
        let old = try await world.owner("sotttt@hanoi.gov.vn", kind: .organisation)
        let delivery = MemoryDelivery()
        let row = entry(
            5, .change,
            [.address: "sotttt@hanoi.gov.vn", .change: "Người đại diện", .value: "Trần Thị Bình, 0987654321"])
        let rows = try await world.judge(.organisationChange, [row])
        #expect(try await world.carryOut(.organisationChange, rows, to: delivery).carriedOut == 1)
        let account = try await world.account("sotttt")
        #expect(account.authenticators.isEmpty && account.recoveryCodesLeft == 0)
        #expect(account.password.mustChange && account.maskedPhone == nil && account.pendingPhone == "******321")
        await #expect(throws: SignInFailure.self) { try await world.begin("sotttt", old.password) }
        let secrets = try #require(delivery.all.first)
        let begun = try await world.begin("sotttt", secrets.password ?? "")
        #expect(
            try await world.prove(begun.id, .enrolmentCode, secrets.enrolmentCode).status == .passwordChangeRequired)
    }

    @Test("A telephone, a name and a recall (R-PHONE-5, R-LIFE-3, Đ7.4.d)")
    func changes() async throws {
        let world = try await World()
        _ = try await world.provision("a_sotttt@hanoi.gov.vn")
        _ = try await world.provision("b_sotttt@hanoi.gov.vn")
        let delivery = MemoryDelivery()
        let changes = try await world.judge(
            .personChange,
            [
                entry(1, .change, [.address: "a_sotttt@hanoi.gov.vn", .change: "Số điện thoại", .value: "0912345670"]),
                entry(2, .change, [.address: "b_sotttt@hanoi.gov.vn", .change: "Họ và tên", .value: "Lê Thị Cúc"]),
                entry(3, .change, [.address: "b_sotttt@hanoi.gov.vn", .change: "Chức vụ", .value: "Giám đốc"]),
            ])
        _ = try await world.carryOut(.personChange, changes, to: delivery)
        #expect(try await world.account("a_sotttt").pendingPhone == "******670")
        #expect(try await world.account("b_sotttt").displayName == "Lê Thị Cúc")
        let recalls = try await world.judge(
            .person, [entry(9, .recall, [.address: "a_sotttt@hanoi.gov.vn", .document: "QĐ 12 ngày 20/11/2026"])])
        #expect(try await world.carryOut(.person, recalls, to: delivery).carriedOut == 1)
        #expect(try await world.account("a_sotttt").lifecycle == .recalled)
        #expect(delivery.all.isEmpty)
        // 30 days from the decision: the end of Sunday 20/12 rolls over to the end of Monday (Đ148.5).
        #expect(
            try world.sql(
                "SELECT lifecycle_decided_on, lifecycle_ends_at, lifecycle_document FROM accounts WHERE lifecycle = 'recalled'"
            )
                == "2026-11-20|1797872400000|QĐ 12 ngày 20/11/2026\n")
    }
}
