import AuthDomain
import AuthService
import Testing

@Suite("Judging rows of forms")
struct JudgeFormTests {
    @Test("Twenty kinds of wrong rows are each told by row, column and reason; the right ones pass")
    func wrongRows() async throws {
        let world = try await World()
        _ = try await world.provision("taken_sotttt@hanoi.gov.vn")
        let cells: [(FormField, String?, String)] = [
            (.person, nil, "missing"), (.person, String(repeating: "a", count: 201), "unreadable_text"),
            (.person, "An\u{7}", "unreadable_text"), (.organisation, nil, "missing"), (.phone, nil, "missing"),
            (.phone, "0912345678 / 0912345679", "phone_several"), (.phone, "09123", "phone_malformed"),
            (.phone, "-", "phone_missing"), (.phone, "chưa có", "phone_malformed"),
            (.phone, "0122 345 6789", "phone_old_prefix"),
            (.phone, "0612345678", "phone_unassigned"), (.phone, "+44 7911 123456", "phone_foreign"),
            (.address, "nguyễnvănan@hanoi.gov.vn", "address_not_ascii"),
            (.address, "a b@hanoi.gov.vn", "address_malformed"),
            (.address, "an@gmail.com", "address_foreign_domain"),
            (.address, String(repeating: "a", count: 70) + "@hanoi.gov.vn", "address_too_long"),
            (.address, "taken_sotttt@hanoi.gov.vn", "address_taken"), (.address, nil, "address_missing"),
            (.address, "right1_sotttt@hanoi.gov.vn", "address_repeated"),
        ]
        var entries = [newPerson(1, "right1_sotttt@hanoi.gov.vn")]
        for (index, (field, value, _)) in cells.enumerated() {
            let base = newPerson(index + 2, "row\(index + 2)_sotttt@hanoi.gov.vn")
            var changed = base.cells
            changed[field] = value
            entries.append(entry(index + 2, .issue, changed))
        }
        let recalls: [(String?, String)] = [
            (nil, "missing"), ("nobody_sotttt@hanoi.gov.vn", "address_unknown"),
        ]
        for (index, (address, _)) in recalls.enumerated() {
            var cells: [FormField: String] = [.person: "Ai đó"]
            cells[.address] = address
            entries.append(entry(100 + index, .recall, cells))
        }
        entries.append(newPerson(200, "right2_sotttt@hanoi.gov.vn"))
        let rows = try await world.judge(.person, entries)
        for ((field, _, code), row) in zip(cells, rows.dropFirst()) {
            guard case .wrong(let problems) = row.verdict else {
                Issue.record("row \(row.position.row) should be wrong: \(code)")
                continue
            }
            #expect(problems.map(\.code.rawValue) == [code])
            #expect(problems.map(\.field) == [field])
            #expect(problems.allSatisfy { !$0.message.isEmpty })
        }
        for ((_, code), row) in zip(recalls, rows.dropFirst(1 + cells.count)) {
            guard case .wrong(let problems) = row.verdict else {
                Issue.record("row \(row.position.row) should be wrong: \(code)")
                continue
            }
            #expect(problems.map(\.code.rawValue) == [code])
        }
        let delivery = MemoryDelivery()
        #expect(try await world.carryOut(.person, rows, to: delivery).carriedOut == 2)
        #expect(try world.sql("SELECT count(*) FROM accounts") == "3\n")
    }

    @Test("Changes: wrong kind of mailbox, unknown change, locked, recalled, named twice")
    func wrongChanges() async throws {
        let world = try await World()
        _ = try await world.provision("person_sotttt@hanoi.gov.vn")
        _ = try await world.provision("sotttt@hanoi.gov.vn", kind: .organisation)
        try await world.lock("sotttt@hanoi.gov.vn", .spamMalware)
        func change(_ row: Int, _ address: String, _ change: String, _ value: String) -> FormEntry {
            entry(row, .change, [.address: address, .change: change, .value: value])
        }
        let rows = try await world.judge(
            .organisationChange,
            [
                change(1, "person_sotttt@hanoi.gov.vn", "Số điện thoại", "0912345678"),
                change(2, "sotttt@hanoi.gov.vn", "Người đại diện", "Trần Bình 0912345678"),
                change(3, "sotttt@hanoi.gov.vn", "Số điện thoại", "0912345678"),
                change(4, "khac@hanoi.gov.vn", "Màu", "đỏ"),
            ])
        let codes = rows.map { row -> [String] in
            if case .wrong(let problems) = row.verdict { problems.map(\.code.rawValue) } else { [] }
        }
        #expect(codes == [["other_kind"], ["locked"], ["account_repeated"], ["address_unknown", "change_unknown"]])
    }

    @Test("Addresses are proposed, wait for the operator's word, and number namesakes (Đ5.2)")
    func proposals() async throws {
        let world = try await World()
        _ = try await world.provision("nguyenvanan_sotttt@hanoi.gov.vn")
        let entries = [newPerson(1, nil), newPerson(2, nil), newPerson(3, nil, name: "Lê Thị Bé")]
        var options = FormOptions()
        options.abbreviation = "sotttt"
        let waiting = try await world.judge(.person, entries, options: options)
        let proposed = [
            "nguyenvanan2_sotttt@hanoi.gov.vn", "nguyenvanan3_sotttt@hanoi.gov.vn", "lethibe_sotttt@hanoi.gov.vn",
        ]
        for (row, address) in zip(waiting, proposed) {
            guard case .wrong(let problems) = row.verdict else {
                Issue.record("row \(row.position.row) should wait")
                continue
            }
            #expect(problems == [.addressToConfirm(proposal: address)])
        }
        options.acceptsProposals = true
        let confirmed = try await world.judge(.person, entries, options: options)
        let result = try await world.carryOut(.person, confirmed, to: MemoryDelivery(), options: options)
        #expect(result.carriedOut == 3)
        let again = try await world.judge(.person, entries, options: options)
        let addresses = again.map { row -> String in
            if case .done(let address, _) = row.verdict { address.text } else { "" }
        }
        #expect(addresses == proposed)
    }

    @Test("A landline is a warning: the owner needs an authenticator app (R-PHONE-7)")
    func landline() async throws {
        let world = try await World()
        let rows = try await world.judge(
            .person, [newPerson(1, "an_sotttt@hanoi.gov.vn", phone: "024.3825.3536")])
        guard case .planned = rows[0].verdict else {
            Issue.record("a landline is no error")
            return
        }
        #expect(rows[0].warnings == [.landline])
    }

    @Test(
        "Mẫu 01: the representative's telephone is the mailbox's; the type is told, never guessed (R-PHONE-2, R-ADDR-1)"
    )
    func organisation() async throws {
        let world = try await World()
        func row(_ number: Int, _ kind: String?, _ address: String) -> FormEntry {
            var cells: [FormField: String] = [
                .organisation: "Sở TTTT", .person: "Trần Bình", .document: "QĐ 1", .phone: "0912345678",
                .address: address,
            ]
            cells[.mailboxKind] = kind
            return entry(number, .issue, cells)
        }
        let rows = try await world.judge(
            .organisation,
            [
                row(1, nil, "vanthu_khac@hanoi.gov.vn"), row(2, "Văn thư", "vanthu_sotttt@hanoi.gov.vn"),
                row(3, "Kỹ thuật", "kythuat_sotttt@hanoi.gov.vn"), row(4, "Nhóm", "nhom@hanoi.gov.vn"),
            ])
        _ = try await world.carryOut(.organisation, rows, to: MemoryDelivery())
        #expect(try await world.account("vanthu_khac").kind == .organisation)
        #expect(try await world.account("vanthu_sotttt").kind == .clerical)
        #expect(try await world.account("kythuat_sotttt").kind == .technical)
        guard case .wrong(let problems) = rows[3].verdict else {
            Issue.record("a group is none of the four types")
            return
        }
        #expect(problems.map(\.code.rawValue) == ["mailbox_kind_unknown"])
    }
}
