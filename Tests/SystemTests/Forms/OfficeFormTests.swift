import AuthDomain
import Foundation
import TestKit
import Testing

/// Forms of the annex, filled in and saved by LibreOffice, carried out by the command against a real database.
@Suite("Mẫu 01 to 04 written by LibreOffice, by the command (R-PHONE-4)", .serialized)
struct OfficeFormTests {
    private static let mailboxes = [
        "phongbc_sotttt": "organisation", "sotttt": "organisation", "phongtt_sotttt": "organisation",
        "levancuong_sotttt": "personal", "phamthidung_sotttt": "personal", "hoangvanem_sotttt": "personal",
    ]

    /// What the database has of a mailbox.
    private func account(_ site: MessageSite, _ name: String) throws -> [String] {
        let query = """
            SELECT c.kind, coalesce(c.display_name, '-'), coalesce(c.organisation, '-'), c.lifecycle,
                coalesce(c.phone_masked, '-'), coalesce(c.pending_phone_masked, '-'),
                coalesce(c.lifecycle_decided_on, '-'), c.must_change,
                (SELECT count(*) FROM locks l WHERE l.account_id = c.id AND l.cleared_at IS NULL)
            FROM accounts c JOIN addresses a ON a.account_id = c.id WHERE a.address = '\(name)@hanoi.gov.vn'
            """
        let database = site.scenario.site.folder.path("otpd.db")
        let found = try Command.run("sqlite3", ["-readonly", "-separator", "|", database, query])
        guard found.status == 0 else { throw OTPDError.command(found.error) }
        return found.output.dropLast().split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    }

    private func lines(_ result: CommandResult) -> [[String: Any]] {
        result.output.split(separator: "\n").compactMap {
            try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    /// Judges a form, then carries it out; both say the same about its rows.
    private func carryOut(
        _ site: MessageSite, _ form: String, _ path: String, rows: [Int], _ more: [String] = []
    ) throws -> [String: Any] {
        let command = ["forms", "import", "--form", form, path, "--json"] + more
        let before = try Command.run(
            "sqlite3", [site.scenario.site.folder.path("otpd.db"), "SELECT count(*) FROM audit"])
        let dry = try site.scenario.site.run(command)
        #expect(dry.status == 0, "\(dry.output)\(dry.error)")
        let told = lines(dry)
        #expect(told.dropLast().map { $0["row"] as? Int } == rows)
        #expect(told.dropLast().allSatisfy { ["right", "nothing_to_do"].contains($0["verdict"] as? String ?? "") })
        let after = try Command.run(
            "sqlite3", [site.scenario.site.folder.path("otpd.db"), "SELECT count(*) FROM audit"])
        #expect(before.output == after.output, "a dry run changes nothing")
        let applied = try site.scenario.site.run(command + ["--apply"])
        #expect(applied.status == 0, "\(applied.output)\(applied.error)")
        for text in [dry.output, dry.error, applied.output, applied.error] {
            #expect(!text.contains("00108801234") && !text.contains("0988777666") && !text.contains("Chuyên viên"))
        }
        return try #require(lines(applied).last)
    }

    @Test(
        "Titles, merged cells, decomposed accents, numbering and stray rows: states afterwards are what the forms say")
    func allForms() async throws {
        let site = try MessageSite(redis: nil) { [MessageSite.file($0)] }
        for (name, kind) in Self.mailboxes {
            let made = await site.scenario.desk().send(
                "POST", "/v1/accounts",
                [
                    "address": "\(name)@hanoi.gov.vn", "kind": kind, "phone": "0911111111",
                    "organisation": "Sở cũ", "display_name": "Tên cũ",
                ])
            #expect(made.status == 201, "\(made.text)")
        }
        let folder = try TemporaryDirectory()
        let paths = try FormWorkbook.make(
            [
                "mau01": Self.organisations, "mau02": Self.organisationChanges, "mau03": Self.persons,
                "mau04": Self.personChanges,
            ],
            in: folder)
        try await organisations(site, try #require(paths["mau01"]))
        try await organisationChanges(site, try #require(paths["mau02"]))
        try await persons(site, try #require(paths["mau03"]))
        try await personChanges(site, try #require(paths["mau04"]))
        #expect(try site.scenario.site.run(["audit", "verify"]).status == 0)
    }

    // MARK: Mẫu 01

    private static var organisations: FormWorkbook {
        var sheet = FormWorkbook()
        sheet.addTop(subject: "đề nghị cấp mới/thu hồi hộp thư điện tử cho tổ chức")
        sheet.add(
            .merged(
                "2. Danh sách đề nghị cấp mới hộp thư điện tử công vụ (Email) cho tổ chức, gồm:", columns: 8, rows: 1))
        // Headings as some programs save them: accents apart from their letters.
        sheet.add(
            texts: [
                "TT", "Tên cơ quan,\nđơn vị", "Số Văn bản quyết định thành lập/thành lập lại",
                "Họ và tên người đại diện quản lý Email", "Số CMND/CCCD", "Chức vụ", "Số điện thoại", "Ghi chú",
                "Địa chỉ Email", "Loại hộp thư",
            ].map(\.decomposedStringWithCanonicalMapping))
        sheet.add(texts: ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)", "(10)"])
        sheet.add(.text("I"), .merged("Khối chuyên môn", columns: 7, rows: 1))
        sheet.add(
            .number(1), .merged("Phòng Công nghệ thông tin", columns: 1, rows: 2),
            .text("QĐ 01/QĐ-UBND ngày 18/11/2026"), .text("Nguyễn Văn An"), .text("001088012345"),
            .text("Chuyên viên"), .text("0912.345.678"), .empty, .text("phongcntt_sotttt@hanoi.gov.vn"))
        sheet.add(
            .number(2), .covered, .text("QĐ 01/QĐ-UBND ngày 18/11/2026"), .text("Nguyễn Văn An"), .empty, .empty,
            .number(912_345_678), .empty, .text("vanthu_sotttt@hanoi.gov.vn"), .text("Văn thư"))
        sheet.add(texts: ["3", "…", "", "", "", "", "", ""])
        sheet.add()
        sheet.add(
            .merged(
                "3. Danh sách đề nghị thu hồi, hủy bỏ hộp thư điện tử công vụ (Email) cho tổ chức, gồm:", columns: 8,
                rows: 1))
        sheet.add(
            texts: [
                "TT", "Tên cơ quan, đơn vị", "Văn bản quyết định giải thể/thành lập lại",
                "Địa chỉ Email đề nghị thu hồi/hủy bỏ", "Họ và tên người đại diện quản lý Email", "Số điện thoại",
                "Ghi chú",
            ])
        sheet.add(
            texts: [
                "1", "Phòng Bưu chính", "QĐ 02/QĐ-UBND ngày 20/11/2026", "phongbc_sotttt@hanoi.gov.vn",
                "Trần Thị Bình", "0912345679", "",
            ])
        sheet.addBottom()
        return sheet
    }

    private func organisations(_ site: MessageSite, _ path: String) async throws {
        let folder = site.scenario.site.folder
        let (key, certificate) = (folder.path("k.pem"), folder.path("c.pem"))
        let made = try Command.run(
            "openssl",
            [
                "req", "-x509", "-nodes", "-subj", "/CN=x", "-days", "2", "-keyout", key, "-out", certificate,
                "-newkey", "rsa:2048",
            ])
        #expect(made.status == 0)
        let summary = try carryOut(
            site, "01", path, rows: [19, 20, 25], ["--certificate", certificate, "--out", folder.path("mk")])
        #expect(summary["carried_out"] as? Int == 3)
        let file = try #require((summary["sealed_files"] as? [String])?.first)
        let opened = try Command.run(
            "openssl", ["cms", "-decrypt", "-inform", "PEM", "-in", file, "-inkey", key, "-recip", certificate])
        let table = opened.output.split { $0.isNewline }.dropFirst().map { $0.split(separator: ",").map(String.init) }
        #expect(table.map { $0[2] } == ["phongcntt_sotttt@hanoi.gov.vn", "vanthu_sotttt@hanoi.gov.vn"])
        let unit = "Phòng Công nghệ thông tin"
        #expect(
            try account(site, "phongcntt_sotttt")
                == ["organisation", unit, unit, "active", "******678", "-", "-", "1", "0"])
        #expect(
            try account(site, "vanthu_sotttt") == ["clerical", unit, unit, "active", "******678", "-", "-", "1", "0"])
        let recalled = try account(site, "phongbc_sotttt")
        #expect(recalled[3] == "recalled" && recalled[6] == "2026-11-20" && recalled[8] == "0")
        let first = try #require(table.first)
        _ = try await site.scenario.firstSignIn(
            first[2], first[3].trimmingCharacters(in: ["\""]), first[4], choosing: "Bồ câu 7 con!")
    }

    // MARK: Mẫu 02

    private static var organisationChanges: FormWorkbook {
        var sheet = FormWorkbook()
        sheet.addTop(subject: "đề nghị thay đổi thông tin hộp thư điện tử công vụ cho tổ chức")
        sheet.add(
            .merged(
                "2. Danh sách đề nghị thay đổi thông tin hộp thư điện tử công vụ (Email) cho tổ chức, gồm:", columns: 6,
                rows: 1))
        sheet.add(
            texts: [
                "TT", "Tên cơ quan, đơn vị", "Địa chỉ Email sử dụng", "Thông tin thay đổi",
                "Thông tin đề nghị điều chỉnh", "Lý do",
            ])
        sheet.add(
            .number(1), .text("Sở TTTT"), .text("sotttt@hanoi.gov.vn"),
            .merged("Người đại diện sử dụng Email/Số điện thoại đăng ký OTP", columns: 1, rows: 2),
            .text("Trần Văn Bình\nSĐT: 0987.654.321"), .text("Điều động"))
        sheet.add(
            .number(2), .text("Phòng Thông tin"), .text(" PhongTT_sotttt@hanoi.gov.vn "), .covered,
            .number(987_654_322),
            .text("Đổi số"))
        sheet.add(texts: ["3", "...", "", "", "", ""])
        sheet.addBottom()
        return sheet
    }

    private func organisationChanges(_ site: MessageSite, _ path: String) async throws {
        let count = site.written.count
        let summary = try carryOut(site, "02", path, rows: [17, 18], ["--passwords", "sms"])
        #expect(summary["carried_out"] as? Int == 2 && summary["messages_ordered"] as? Int == 3)
        let handedOver = try account(site, "sotttt")
        #expect(handedOver[4] == "-" && handedOver[5] == "******321" && handedOver[7] == "1")
        #expect(try account(site, "phongtt_sotttt")[4...5] == ["******111", "******322"])
        let end = ContinuousClock.now + .seconds(20)
        while site.written.count < count + 3, ContinuousClock.now < end { usleep(50_000) }
        let arrived = Dictionary(grouping: site.written.dropFirst(count), by: \.to)
        #expect(arrived["+84987654321"]?.count == 2 && arrived["+84987654322"]?.count == 1)
        for (name, number) in [("sotttt", "+84987654321"), ("phongtt_sotttt", "+84987654322")] {
            let text = try #require(arrived[number]?.first { $0.text.hasPrefix("Ma xac nhan") }?.text)
            let confirmed = await site.scenario.desk().send(
                "POST", "/v1/accounts/\(name)@hanoi.gov.vn/phone/confirmation", ["code": MessageSite.code(in: text)])
            #expect(confirmed.status == 200, "\(confirmed.text)")
            #expect(try account(site, name)[4] == "******" + number.suffix(3))
        }
    }

    // MARK: Mẫu 03

    private static var persons: FormWorkbook {
        var sheet = FormWorkbook()
        sheet.addTop(
            subject: "đề nghị cấp mới/thu hồi hộp thư điện tử công vụ cho cá nhân".decomposedStringWithCanonicalMapping)
        sheet.add(
            .merged("2. Danh sách đề nghị cấp mới hộp thư điện tử công vụ cho cá nhân, gồm:", columns: 8, rows: 1))
        sheet.add(
            texts: [
                "TT", "Họ và tên", "Cơ quan, đơn vị nơi công tác", "Chức vụ (Nếu có)",
                "Số văn bản quyết định tuyển dụng/ tiếp nhận", "Số CMND/CCCD", "Số điện thoại đăng ký OTP", "Ghi chú",
                "Tên viết tắt",
            ])
        sheet.add(
            .number(1), .text("Nguyễn Văn Ân".decomposedStringWithCanonicalMapping),
            .merged("Sở Thông tin và Truyền thông", columns: 1, rows: 3), .text("Chuyên viên"),
            .text("QĐ 10/QĐ-STTTT ngày 01/11/2026"), .number(1_088_012_345), .text("+84 912 345 670"), .empty,
            .text("sotttt"))
        sheet.add(.empty, .empty, .covered, .text("(biệt phái)"))
        sheet.add(
            .number(2), .text("Đỗ Thị Ước"), .covered, .empty, .text("QĐ 11/QĐ-STTTT"), .text("001088012346"),
            .number(912_345_671), .text("mới"), .text("SoTTTT"))
        sheet.add()
        sheet.add(
            .merged("3. Danh sách đề nghị thu hồi hộp thư điện tử công vụ cho cá nhân, gồm:", columns: 8, rows: 1))
        sheet.add(
            texts: [
                "TT", "Họ và tên", "Cơ quan, đơn vị nơi công tác", "Địa chỉ Email sử dụng",
                "Số văn bản quyết định điều động/ngỉ hưu/ nghỉ việc", "Số CMND/CCCD", "Số điện thoại đăng ký OTP",
                "Ghi chú",
            ])
        sheet.add(
            texts: [
                "1", "Lê Văn Cường", "Sở TTTT", "levancuong_sotttt@hanoi.gov.vn", "QĐ 12/QĐ-STTTT, ngày 10-11-2026",
                "001088012347", "0912345670", "nghỉ hưu",
            ])
        sheet.addBottom()
        return sheet
    }

    private func persons(_ site: MessageSite, _ path: String) async throws {
        let count = site.written.count
        let summary = try carryOut(
            site, "03", path, rows: [17, 19, 23], ["--passwords", "sms", "--accept-proposals"])
        #expect(summary["carried_out"] as? Int == 3 && summary["messages_ordered"] as? Int == 2)
        let office = "Sở Thông tin và Truyền thông"
        #expect(
            try account(site, "nguyenvanan_sotttt")
                == ["personal", "Nguyễn Văn Ân", office, "active", "******670", "-", "-", "1", "0"])
        #expect(
            try account(site, "dothiuoc_sotttt")
                == ["personal", "Đỗ Thị Ước", office, "active", "******671", "-", "-", "1", "0"])
        let recalled = try account(site, "levancuong_sotttt")
        #expect(recalled[3] == "recalled" && recalled[6] == "2026-11-10" && recalled[8] == "0")
        let end = ContinuousClock.now + .seconds(20)
        while site.written.count < count + 2, ContinuousClock.now < end { usleep(50_000) }
        let text = try #require(site.written.last { $0.to == "+84912345670" }?.text)
        let temporary = text.split(separator: "\n").first?.split(separator: " ").last.map(String.init) ?? ""
        let (id, asked) = try await site.ask("nguyenvanan_sotttt@hanoi.gov.vn", temporary)
        #expect(asked.status == 202, "\(asked.text)")
        let code = MessageSite.code(in: site.written.last?.text ?? "")
        #expect(await site.scenario.prove(id, "sms", code)["status"] == "password_change_required")
    }

    // MARK: Mẫu 04

    private static var personChanges: FormWorkbook {
        var sheet = FormWorkbook()
        sheet.addTop(subject: "đề nghị thay đổi thông tin hộp thư điện tử công vụ cho cá nhân")
        sheet.add(
            .merged(
                "2. Danh sách đề nghị thay đổi thông tin hộp thư điện tử công vụ (Email) cho cá nhân, gồm:", columns: 7,
                rows: 1))
        sheet.add(
            texts: [
                "TT", "Họ và tên", "Cơ quan, đơn vị nơi công tác", "Địa chỉ Email sử dụng", "Thông tin thay đổi",
                "Thông tin đề nghị điều chỉnh", "Ghi chú",
            ])
        sheet.add(
            .number(1), .text("Phạm Thị Dung"), .text("Sở TTTT"), .text("phamthidung_sotttt@hanoi.gov.vn"),
            .text("Chức vụ/Số điện thoại đăng ký OTP ..."), .number(987_654_323), .empty)
        sheet.add(texts: ["", "Phòng hành chính", "", "", "", "", ""])
        sheet.add(
            texts: [
                "2", "Hoàng Văn Em", "Sở TTTT", "hoangvanem_sotttt@hanoi.gov.vn", "Họ và tên",
                "Hoàng Văn Êm".decomposedStringWithCanonicalMapping, "",
            ])
        sheet.add(
            texts: [
                "3", "Nguyễn Văn Ân", "Sở TTTT", "nguyenvanan_sotttt@hanoi.gov.vn",
                "Chức vụ/Số điện thoại đăng ký OTP ...",
                "Phó Giám đốc", "",
            ])
        sheet.add(
            texts: [
                "4", "Đỗ Thị Ước", "Sở TTTT", "dothiuoc_sotttt@hanoi.gov.vn", "Cơ quan, đơn vị nơi công tác", "Sở Y tế",
                "",
            ])
        sheet.addBottom()
        return sheet
    }

    private func personChanges(_ site: MessageSite, _ path: String) async throws {
        let summary = try carryOut(site, "04", path, rows: [17, 19, 20, 21])
        #expect(summary["carried_out"] as? Int == 3 && summary["nothing_to_do"] as? Int == 1)
        #expect(try account(site, "phamthidung_sotttt")[4...5] == ["******111", "******323"])
        #expect(try account(site, "hoangvanem_sotttt")[1] == "Hoàng Văn Êm")
        #expect(try account(site, "dothiuoc_sotttt")[2] == "Sở Y tế")
    }
}
