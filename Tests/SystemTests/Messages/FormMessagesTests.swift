import AuthDomain
import Foundation
import TestKit
import Testing

/// Forms whose passwords leave by SMS, with the running service and its file gateway.
@Suite("Passwords of imported forms by SMS (R-PW-8, R-PHONE-5, R-SMSOTP-1)", .serialized)
struct FormMessagesTests {
    private static let head = """
        2. Danh sách đề nghị cấp mới hộp thư điện tử công vụ cho cá nhân, gồm:;;;;;;;;
        TT;Họ và tên;Cơ quan, đơn vị nơi công tác;Số văn bản quyết định tuyển dụng/ tiếp nhận;\
        Số CMND/CCCD;Số điện thoại đăng ký OTP;Ghi chú;Địa chỉ Email

        """

    private static func phone(_ number: Int) -> String { "09\(12_000_000 + number)" }

    private static func rows(_ numbers: ClosedRange<Int>) -> String {
        numbers.map {
            "\($0);Nguyễn Văn An;Sở TTTT;QĐ \($0);001088012345;\(phone($0));;p\($0)_sotttt@hanoi.gov.vn\n"
        }.joined()
    }

    private func site() throws -> MessageSite {
        try MessageSite(redis: nil, sms: ["all_per_minute": 1_000_000, "prefix_per_hour": 1_000_000]) {
            [MessageSite.file($0)]
        }
    }

    private func password(_ text: String) -> String {
        text.split(separator: "\n").first?.split(separator: " ").last.map(String.init) ?? ""
    }

    /// Waits until so many messages were written.
    private func waitFor(_ count: Int, _ site: MessageSite, seconds: Double = 30) throws {
        let end = ContinuousClock.now + .seconds(seconds)
        while site.written.count < count, ContinuousClock.now < end { usleep(50_000) }
        try #require(site.written.count >= count)
    }

    @Test("Import, message, first sign-in, change; no password in clear in the database, the log or a report")
    func wholeWay() async throws {
        let site = try site()
        let scenario = site.scenario
        let landline = "4;Trần Bình;Sở TTTT;QĐ;001088012346;024 3825 3536;;binh_sotttt@hanoi.gov.vn\n"
        let form = try scenario.site.folder.write(Self.head + Self.rows(1...3) + landline, to: "mau03.csv")
        let command = ["forms", "import", "--form", "03", form, "--passwords", "sms"]
        let dry = try scenario.site.run(command)
        #expect(dry.status == 1 && dry.output.contains("cấp mới p1_sotttt@hanoi.gov.vn, mật khẩu gửi qua tin nhắn"))
        #expect(
            dry.output.contains("dòng 6: SAI – cột “Số điện thoại đăng ký OTP”: số cố định không nhận được mật khẩu"))
        let applied = try scenario.site.run(command + ["--apply", "--json"])
        #expect(applied.status == 1)
        let summary = try #require(
            try JSONSerialization.jsonObject(
                with: Data(applied.output.split(separator: "\n").last.map(String.init)?.utf8 ?? "".utf8))
                as? [String: Any])
        #expect(summary["carried_out"] as? Int == 3 && summary["messages_ordered"] as? Int == 3)
        try waitFor(3, site)
        let sent = site.written
        #expect(Set(sent.map(\.to)) == Set((1...3).map { "+84" + Self.phone($0).dropFirst() }))
        var listed = try scenario.site.run(["forms", "messages", "--json"])
        for _ in 0..<100 where !listed.output.contains("\"waiting\":0") {
            usleep(50_000)
            listed = try scenario.site.run(["forms", "messages", "--json"])
        }
        #expect(listed.status == 0 && listed.output.contains("\"to_look_after\":0"))

        #expect(await scenario.instances[0].metric("otpd_sms_orders_ended_total", containing: "as=\"sent\"") == 3)

        let first = try #require(sent.first { $0.text.contains("hop thu p1_sotttt: ") })
        let temporary = password(first.text)
        #expect(temporary.count == 29)
        let (id, asked) = try await site.ask("p1_sotttt@hanoi.gov.vn", temporary)
        #expect(asked.status == 202, "\(asked.text)")
        let proven = await scenario.prove(id, "sms", MessageSite.code(in: site.written.last?.text ?? ""))
        #expect(proven["status"] == "password_change_required", "\(proven.text)")
        let changed = await scenario.sso().send(
            "POST", "/v1/sign-ins/\(id)/password", ["new_password": "Bồ câu 7 con!"])
        #expect(changed.status == 200, "\(changed.text)")
        let account = await scenario.desk().send("GET", "/v1/accounts/p2_sotttt@hanoi.gov.vn")
        #expect(account["notified_at"] != nil, "\(account.text)")

        let record = await scenario.desk().send("GET", "/v1/audit?limit=500")
        let dump = try Command.run("sqlite3", [scenario.site.folder.path("otpd.db"), ".dump"])
        var places = [
            ("dry run", dry.output + dry.error), ("report", applied.output + applied.error),
            ("list", listed.output), ("log", scenario.site.logs()), ("record", record.text), ("dump", dump.output),
        ]
        for name in try FileManager.default.contentsOfDirectory(atPath: scenario.site.folder.url.path)
        where name.hasPrefix("otpd.db") {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: scenario.site.folder.path(name)))
            places.append((name, String(decoding: bytes, as: Unicode.ASCII.self)))
        }
        #expect(places.count >= 7 && dump.output.contains("sms_orders"))
        for message in sent {
            let secret = password(message.text)
            #expect(secret.count == 29)
            for (place, text) in places where text.contains(secret) {
                Issue.record("\(place) holds a password")
            }
        }
    }

    @Test(
        "The service is killed while it sends, again and again: every owner has the message, each repeat is on record")
    func killedWhileSending() async throws {
        let site = try site()
        let scenario = site.scenario
        let count = 1_500
        let form = try scenario.site.folder.write(Self.head + Self.rows(1...count), to: "mau03.csv")
        scenario.instances[0].kill9()
        let applied = try scenario.site.run(
            ["forms", "import", "--form", "03", form, "--passwords", "sms", "--apply"])
        #expect(applied.status == 0, "\(applied.error)")
        var now = Scenario.start
        for round in 1...4 {
            let instance = try scenario.site.start("r\(round)")
            let end = ContinuousClock.now + .seconds(20)
            while site.written.count < round * 250, ContinuousClock.now < end { usleep(5_000) }
            instance.kill9()
            // Leases end, and rows that nobody works on any more are settled.
            now = now + .seconds(700)
            try scenario.setClock(now)
        }
        func left() throws -> String {
            try Command.run(
                "sqlite3",
                [
                    "-cmd", ".timeout 5000", scenario.site.folder.path("otpd.db"),
                    "SELECT count(*) FROM sms_orders WHERE ended_at IS NULL",
                ]
            ).output
        }
        #expect(try left() != "0\n", "the kills fell into the sending")
        let last = try scenario.site.start("last")
        for _ in 0..<60 {
            if try left() == "0\n" { break }
            now = now + .seconds(200)
            try scenario.setClock(now)
            usleep(1_500_000)
        }
        #expect(try left() == "0\n")
        let written = site.written
        #expect(Set(written.map(\.to)).count == count)
        let repeats = try Command.run(
            "sqlite3",
            [
                scenario.site.folder.path("otpd.db"),
                """
                SELECT count(*) FROM audit WHERE code = 'sms_sent' AND detail LIKE '%may have arrived%';
                SELECT count(*) FROM sms_orders WHERE outcome <> 'sent' OR password_sealed IS NOT NULL;
                """,
            ]
        ).output.split(separator: "\n").map(String.init)
        #expect(repeats.last == "0")
        let recorded = try #require(repeats.first.flatMap { Int($0) })
        // A message is doubled only where the record says that it may be.
        #expect(written.count - count <= recorded, "\(written.count) messages, \(recorded) repeats on record")
        // The same owner never gets two passwords.
        #expect(Set(written.map(\.text)).count == count)
        #expect(last.terminate() == 0)
    }

    @Test(
        "The import is killed again and again and run once more: each account once, each password exactly one message")
    func killedWhileImporting() async throws {
        let site = try site()
        let scenario = site.scenario
        scenario.instances[0].kill9()
        let count = 9_000
        let folder = scenario.site.folder
        let form = try folder.write(Self.head + Self.rows(1...count), to: "mau03.csv")
        let arguments = [
            "forms", "import", "--config", scenario.site.config, "--form", "03", form, "--apply", "--passwords", "sms",
        ]
        func accounts() throws -> Int {
            let found = try Command.run(
                "sqlite3", ["-cmd", ".timeout 5000", folder.path("otpd.db"), "SELECT count(*) FROM accounts"])
            return Int(found.output.dropLast()) ?? 0
        }
        for _ in 0..<3 {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: OTPDSite.binary)
            process.arguments = arguments
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            let before = try accounts()
            try process.run()
            while process.isRunning, try accounts() == before { usleep(1_000) }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        #expect(try accounts() < count, "the kills fell into the import")
        let last = try Command.run(OTPDSite.binary, arguments)
        #expect(last.status == 0, "\(last.error)")
        let counted = try Command.run(
            "sqlite3",
            [
                folder.path("otpd.db"),
                """
                SELECT count(*), (SELECT count(*) FROM form_rows), (SELECT count(DISTINCT account_id) FROM sms_orders),
                    (SELECT count(*) FROM sms_orders WHERE password_sealed IS NOT NULL AND password_version = 1)
                FROM accounts
                """,
            ])
        #expect(counted.output == "\(count)|\(count)|\(count)|\(count)\n")
        let instance = try scenario.site.start("after")
        try waitFor(count, site, seconds: 120)
        usleep(500_000)
        let written = site.written
        #expect(written.count == count && Set(written.map(\.to)).count == count)
        #expect(Set(written.map { password($0.text) }).count == count)
        #expect(instance.terminate() == 0)
        #expect(try scenario.site.run(["audit", "verify"]).status == 0)
    }

    @Test("Mẫu 04 by the command: the running service sends the code that confirms the new number")
    func pendingNumber() async throws {
        let site = try site()
        let scenario = site.scenario
        _ = try await site.provision("an_sotttt@hanoi.gov.vn", phone: "0912345678")
        let form = try scenario.site.folder.write(
            """
            TT;Họ và tên;Cơ quan, đơn vị nơi công tác;Địa chỉ Email sử dụng;Thông tin thay đổi;Thông tin đề nghị điều chỉnh
            1;Nguyễn Văn An;Sở TTTT;an_sotttt@hanoi.gov.vn;Số điện thoại đăng ký OTP;0987654321
            """, to: "mau04.csv")
        let applied = try scenario.site.run(["forms", "import", "--form", "04", form, "--apply"])
        #expect(applied.status == 0, "\(applied.output)\(applied.error)")
        try waitFor(1, site)
        let message = try #require(site.written.last)
        #expect(message.to == "+84987654321" && message.text.contains("Ma xac nhan so dien thoai"))
        let confirmed = await scenario.desk().send(
            "POST", "/v1/accounts/an_sotttt@hanoi.gov.vn/phone/confirmation",
            ["code": MessageSite.code(in: message.text)])
        #expect(confirmed.status == 200, "\(confirmed.text)")
    }

    @Test("Without a gateway in the settings the command says so before it reads the form")
    func noGateway() throws {
        let site = try OTPDSite(redis: nil)
        let refused = try site.run(["forms", "import", "--form", "03", "nothing.csv", "--passwords", "sms"])
        #expect(refused.status == 64 && refused.error.contains("sms.gateways"))
        #expect(try site.run(["forms", "import", "--form", "03", "x", "--passwords", "post"]).status == 64)
    }
}
