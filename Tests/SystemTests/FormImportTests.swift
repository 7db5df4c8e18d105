import AuthDomain
import Foundation
import TestKit
import Testing

/// `otpd forms import` as an operator runs it.
@Suite("The command for forms")
struct FormImportTests {
    private static let head = """
        2. Danh sách đề nghị cấp mới hộp thư điện tử công vụ cho cá nhân, gồm:;;;;;;;;
        TT;Họ và tên;Cơ quan, đơn vị nơi công tác;Chức vụ (Nếu có);Số văn bản quyết định tuyển dụng/ tiếp nhận;\
        Số CMND/CCCD;Số điện thoại đăng ký OTP;Ghi chú;Địa chỉ Email

        """

    private static func rows(_ numbers: ClosedRange<Int>) -> String {
        numbers.map { "\($0);Nguyễn Văn An;Sở TTTT;;QĐ \($0);001088012345;0912345678;;p\($0)_sotttt@hanoi.gov.vn\n" }
            .joined()
    }

    @Test("Dry run, apply, sealed file opened by openssl, first sign-in, again without effect (R-PW-8, R-LIFE-2)")
    func wholeWay() async throws {
        let scenario = try Scenario(redis: nil)
        let site = scenario.site
        let wrong = "9;Trần Bình;Sở TTTT;;QĐ;001088012346;0912345678 / 0912345679;;binh_sotttt@hanoi.gov.vn\n"
        let form = try site.folder.write(Self.head + Self.rows(1...3) + wrong, to: "mau03.csv")
        let dry = try site.run(["forms", "import", "--form", "03", form])
        #expect(dry.status == 1)
        #expect(dry.output.contains("dòng 6: SAI – cột “Số điện thoại đăng ký OTP”: có nhiều hơn một số điện thoại"))
        #expect(dry.output.contains("3 đúng, 1 sai") && dry.output.contains("chưa thực hiện gì"))
        #expect(!(dry.output + dry.error).contains("0912345678") && !(dry.output + dry.error).contains("001088"))
        let all = try site.run(["forms", "import", "--form", "03", form, "--apply", "--mode", "all"])
        #expect(all.status == 1 && all.output.contains("đã thực hiện 0 dòng"))
        let unsealed = try site.run(["forms", "import", "--form", "03", form, "--apply"])
        #expect(unsealed.status == 64)

        let (key, certificate) = try certificate(site.folder)
        let prefix = site.folder.path("mat-khau")
        let sealing = ["--certificate", certificate, "--out", prefix]
        let applied = try site.run(["forms", "import", "--form", "03", form, "--apply", "--json"] + sealing)
        #expect(applied.status == 1)
        let lines = applied.output.split(separator: "\n").compactMap {
            try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
        let summary = try #require(lines.last)
        #expect(summary["carried_out"] as? Int == 3 && summary["wrong"] as? Int == 1)
        let file = try #require((summary["sealed_files"] as? [String])?.first)
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let opened = try Command.run(
            "openssl", ["cms", "-decrypt", "-inform", "PEM", "-in", file, "-inkey", key, "-recip", certificate])
        let table = opened.output.split { $0.isNewline }.map { $0.split(separator: ",").map(String.init) }
        #expect(table.count == 4)
        let password = table[1][3].trimmingCharacters(in: ["\""])
        let sealed = try String(contentsOfFile: file, encoding: .utf8)
        for text in [applied.output, applied.error, sealed, site.logs()] { #expect(!text.contains(password)) }
        _ = try await scenario.firstSignIn(table[1][2], password, table[1][4], choosing: "Bồ câu 7 con!")

        let again = try site.run(["forms", "import", "--form", "03", form, "--apply"])
        #expect(again.status == 1 && again.output.contains("đã thực hiện 0 dòng"))
        #expect(again.output.contains("3 đã thực hiện trước đây"))
    }

    @Test("Killed in the middle and run again: every row once, every password in a sealed file")
    func killed() async throws {
        let site = try OTPDSite(redis: nil)
        let count = 12_000
        let form = try site.folder.write(Self.head + Self.rows(1...count), to: "mau03.csv")
        let (key, certificate) = try certificate(site.folder)
        let arguments = [
            "forms", "import", "--config", site.config, "--form", "03", form, "--apply", "--certificate", certificate,
            "--out", site.folder.path("mat-khau"),
        ]
        for _ in 0..<3 {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: OTPDSite.binary)
            process.arguments = arguments
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            // Killed when the first sealed file of this run appears, at whatever the import does then.
            let before = try sealedFiles(site).count
            while process.isRunning, try sealedFiles(site).count == before { usleep(2_000) }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        let last = try Command.run(OTPDSite.binary, arguments)
        #expect(last.status == 0, "\(last.error)")
        let counted = try Command.run(
            "sqlite3",
            [site.folder.path("otpd.db"), "SELECT count(*), (SELECT count(*) FROM form_rows) FROM accounts"])
        #expect(counted.output == "\(count)|\(count)\n")
        var addresses: Set<String> = []
        var samples: [(address: String, password: String)] = []
        for file in try sealedFiles(site) {
            let opened = try Command.run(
                "openssl", ["cms", "-decrypt", "-inform", "PEM", "-in", file, "-inkey", key, "-recip", certificate])
            for line in opened.output.split(whereSeparator: \.isNewline).dropFirst() {
                let cells = line.split(separator: ",").map(String.init)
                #expect(addresses.insert(cells[2]).inserted)
                samples.append((cells[2], cells[3].trimmingCharacters(in: ["\""])))
            }
        }
        #expect(addresses.count == count)
        // A file from before a kill and the accounts behind it belong together: its passwords open them.
        let sso = try site.addClient("sso", scopes: ["sign-in"])
        let instance = try site.start()
        for index in stride(from: 0, to: count, by: 500) {
            let begun = await instance.service(sso).send(
                "POST", "/v1/sign-ins", Scenario.passwordBody(samples[index].address, samples[index].password))
            #expect(begun.status == 201, "\(begun.text)")
        }
        #expect(instance.terminate() == 0)
        #expect(try site.run(["audit", "verify"]).status == 0)
    }

    @Test("What is no form ends with 65, a wrong command line with 64, and help with 0")
    func exitCodes() throws {
        let site = try OTPDSite(redis: nil)
        let rubbish = try site.folder.write("a;b\n1;2\n", to: "a.csv")
        #expect(try site.run(["forms", "import", "--form", "03", rubbish]).status == 65)
        #expect(try site.run(["forms", "import", "--form", "03", site.folder.path("missing")]).status == 65)
        #expect(try site.run(["forms", "import", "--form", "07", rubbish]).status == 64)
        #expect(try site.run(["forms", "import", "--form", "03"]).status == 64)
        let help = try Command.run(OTPDSite.binary, ["forms", "--help"])
        #expect(help.status == 0 && help.output.contains("--certificate"))
    }

    private func sealedFiles(_ site: OTPDSite) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: site.folder.url.path).filter { $0.hasSuffix(".p7m") }
            .sorted().map(site.folder.path)
    }

    private func certificate(_ folder: TemporaryDirectory) throws -> (key: String, certificate: String) {
        let (key, certificate) = (folder.path("kythuat.key"), folder.path("kythuat.pem"))
        let made = try Command.run(
            "openssl",
            [
                "req", "-x509", "-nodes", "-subj", "/CN=kythuat", "-days", "2", "-keyout", key, "-out", certificate,
                "-newkey", "rsa:2048",
            ])
        guard made.status == 0 else { throw OTPDError.command(made.error) }
        return (key, certificate)
    }
}
