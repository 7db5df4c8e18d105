import AuthDomain
import Foundation
import TestKit
import Testing

/// The command line as a whole; the table of commands is asked of the program itself, so that a new command is in here.
@Suite("Every command: help, JSON, exit codes, progress", .serialized)
struct CommandTests {
    private struct Page {
        let name: String
        let output: String
        let options: [(name: String, value: String?, isRequired: Bool)]
    }

    private static func table() throws -> [Page] {
        let told = try Command.run(OTPDSite.binary, ["help", "--json"])
        let object = try JSONSerialization.jsonObject(with: Data(told.output.utf8)) as? [String: Any]
        return (object?["commands"] as? [[String: Any]] ?? []).map { command in
            let options = (command["options"] as? [[String: Any]] ?? []).map { option in
                (
                    name: option["name"] as? String ?? "", value: option["value"] as? String,
                    isRequired: option["required"] as? Bool ?? false
                )
            }
            return Page(
                name: command["name"] as? String ?? "", output: command["json"] as? String ?? "", options: options)
        }
    }

    private static func words(_ name: String) -> [String] { name.split(separator: " ").map(String.init) }

    /// How each command is run where it has something to print; a command without an entry fails.
    ///
    /// Nil for one that has its own suite because it needs a running service or a place of its own.
    private static let invocations: [String: [String]?] = [
        "serve": nil, "check-config": [], "qr": nil, "client add": ["--name", "sso", "--scope", "sign-in"],
        "client list": [], "client revoke": ["--name", "sso"], "account import": ["users"],
        "account hold": ["--document", "1", "khong.co@hanoi.gov.vn"], "account holds": [],
        "forms import": ["--form", "03", "mau03.csv"],
        "forms messages": [], "report organisation": [], "report review": [], "report inactive45": [],
        "report compliance": [], "audit verify": [], "audit export": [], "audit purge": [],
        "holidays import": ["--file", "days.csv"], "holidays list": [],
        "maintenance announce": [
            "--from", "in a week", "--to", "in a week and a day", "--message-vi", "Bảo trì",
        ],
        "maintenance list": [], "maintenance cancel": ["--id", "mnt_x"], "outbox list": [], "outbox retry": [],
        "outbox drop": ["--target", "store"], "keys new": [], "keys list": [], "keys rotate": [], "backup": nil,
        "restore": nil, "help": [], "version": [],
    ]

    @Test("Every command has a page with usage, options, exit codes and an example, and takes --json")
    func pages() throws {
        let table = try Self.table()
        #expect(table.count >= 28 && Set(table.map(\.name)).count == table.count)
        #expect(Set(table.map(\.name)) == Set(Self.invocations.keys), "a new command needs an entry here")
        let overview = try Command.run(OTPDSite.binary, ["--help"]).output
        for page in table {
            let words = Self.words(page.name)
            let help = try Command.run(OTPDSite.binary, words + ["--help"])
            #expect(help.status == 0 && help.error.isEmpty)
            let text = help.output
            #expect(text.hasPrefix("otpd \(page.name) – ") && text.contains("\nUsage: otpd \(page.name)"))
            #expect(text.contains("\nExit codes: 0 ") && text.contains("\nExample:\n  "), "\(page.name)")
            #expect(try #require(text.components(separatedBy: "\nExample:\n").last).contains("otpd \(page.name)"))
            for option in page.options {
                #expect(text.contains("  --\(option.name)\(option.value.map { " \($0)" } ?? "") "), "\(page.name)")
                #expect(!option.isRequired || text.contains("--\(option.name) \(option.value ?? "")"))
            }
            #expect(page.options.contains { $0.name == "json" && $0.value == nil }, "\(page.name)")
            #expect(["object", "lines"].contains(page.output))
            #expect(overview.contains("  \(page.name) "), "\(page.name)")
            #expect(!text.split(separator: "\n").contains { $0.count > 110 }, "\(page.name)")
            #expect(try Command.run(OTPDSite.binary, ["help"] + words).output == text)
        }
    }

    @Test("An unknown option or command names the nearest; with --json the error is an object on standard error")
    func nearest() throws {
        for page in try Self.table() where page.name != "qr" {
            let wrong = try Command.run(OTPDSite.binary, Self.words(page.name) + ["--jsom"])
            #expect(wrong.status == 64 && wrong.output.isEmpty, "\(page.name)")
            #expect(wrong.error.contains("unknown option --jsom"), "\(page.name): \(wrong.error)")
        }
        func complaint(_ words: [String]) throws -> String {
            let result = try Command.run(OTPDSite.binary, words)
            #expect(result.status == 64 && result.output.isEmpty)
            return result.error
        }
        #expect(try complaint(["client", "list", "--confg", "x"]).contains("did you mean --config?"))
        #expect(try complaint(["clint", "list"]).contains("did you mean \"client\"?"))
        #expect(try complaint(["client", "lst"]).contains("did you mean \"client list\"?"))
        #expect(try complaint(["dance"]).contains("unknown command \"dance\"\n"))
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(complaint(["client", "list", "--json"]).utf8))
                as? [String: String])
        #expect(object == ["error": "--config is missing"])
        let settings = try Command.run(OTPDSite.binary, ["check-config", "--json", "--config", "/nonexistent.json"])
        #expect(settings.status == 78 && settings.output.isEmpty)
        for line in settings.error.split(separator: "\n") {
            #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: String])
        }
    }

    @Test("--json prints JSON on standard output and nothing else, for every command")
    func json() throws {
        let site = try OTPDSite(redis: nil)
        let users = try site.folder.write("an_sotttt@hanoi.gov.vn:{PLAIN}x:::::\n", to: "users")
        let form = try site.folder.write(
            "TT;Họ và tên;Cơ quan, đơn vị nơi công tác;Số điện thoại đăng ký OTP;Địa chỉ Email\n"
                + "1;Nguyễn Văn An;Sở TTTT;0912345678;an_sotttt@hanoi.gov.vn\n", to: "mau03.csv")
        let days = try site.folder.write("2027-02-06,holiday,Tết\n", to: "days.csv")
        for page in try Self.table() {
            guard let arguments = try #require(Self.invocations[page.name]) else { continue }
            let week = WallInstant(seconds: Int64(Date().timeIntervalSince1970) + 7 * 86_400)
            let given = [
                "users": users, "mau03.csv": form, "days.csv": days, "in a week": RFC3339.format(week),
                "in a week and a day": RFC3339.format(week + .seconds(86_400)),
            ]
            let files = arguments.map { given[$0] ?? $0 }
            let hasSettings = page.options.contains { $0.name == "config" }
            let line = Self.words(page.name) + files + ["--json"]
            let result = hasSettings ? try site.run(line) : try Command.run(OTPDSite.binary, line)
            #expect([0, 1].contains(result.status), "\(page.name): \(result.error)")
            if result.status == 1, result.output.isEmpty {
                let parsed = try? JSONSerialization.jsonObject(with: Data(result.error.utf8))
                #expect(parsed is [String: Any], "\(page.name): \(result.error)")
            } else if page.output == "object" {
                let parsed = try? JSONSerialization.jsonObject(with: Data(result.output.utf8))
                #expect(parsed is [String: Any], "\(page.name): \(result.output)")
            } else {
                for text in result.output.split(separator: "\n") {
                    let parsed = try? JSONSerialization.jsonObject(with: Data(text.utf8))
                    #expect(parsed is [String: Any], "\(page.name): \(text)")
                }
            }
        }
    }

    @Test("The QR code as modules, and the addresses of a service once it is ready")
    func special() throws {
        let drawn = try Command.run("sh", ["-c", "printf otpauth://totp/x | \"$0\" qr --json", OTPDSite.binary])
        let code = try JSONSerialization.jsonObject(with: Data(drawn.output.utf8)) as? [String: Any]
        let rows = try #require(code?["rows"] as? [String])
        #expect(rows.count == code?["width"] as? Int && rows.allSatisfy { $0.count == rows.count })
        #expect(rows[0].hasPrefix("11111110"), "the finder in the corner")
        let site = try OTPDSite(redis: nil)
        let script = """
            "$0" serve --json --config "$1" > "$2" 2> /dev/null & pid=$!
            for i in $(seq 400); do [ -s "$2" ] && break; sleep 0.05; done
            kill -TERM $pid; wait $pid
            """
        let out = site.folder.path("ready")
        let ended = try Command.run("sh", ["-c", script, OTPDSite.binary, site.config, out])
        #expect(ended.status == 0)
        let told = try String(contentsOfFile: out, encoding: .utf8)
        let ready = try JSONSerialization.jsonObject(with: Data(told.utf8)) as? [String: Any]
        #expect((ready?["service"] as? String)?.hasPrefix("http://127.0.0.1:") == true)
        #expect((ready?["admin"] as? String)?.hasPrefix("http://127.0.0.1:") == true)
    }

    @Test(
        "Long commands tell their progress: a line every few seconds in a pipe, a bar on a terminal, JSON with --json")
    func progress() throws {
        let site = try OTPDSite(redis: nil)
        let head = "TT;Họ và tên;Cơ quan, đơn vị nơi công tác;Số điện thoại đăng ký OTP;Địa chỉ Email\n"
        let rows = (1...60_000).map { "\($0);Nguyễn Văn An;Sở TTTT;0912345678;p\($0)_sotttt@hanoi.gov.vn\n" }.joined()
        let form = try site.folder.write(head + rows, to: "mau03.csv")
        let users = try site.folder.write(
            (1...60_000).map { "p\($0)_sotttt@hanoi.gov.vn:{SSHA}ZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmY=:::::\n" }
                .joined(),
            to: "users")
        for command in [["forms", "import", "--form", "03", form], ["account", "import", users]] {
            let words = command + ["--config", site.config]
            let bar = try terminal(words)
            #expect(bar.contains("░") && bar.contains(" a second, ") && bar.contains(" left"), "\(command[0])")
            #expect(bar.contains("of 60000"), "\(command[0])")
        }
        let slow = ["forms", "import", "--config", site.config, "--form", "03", form, "--apply", "--json"]
        let (key, certificate) = (site.folder.path("k"), site.folder.path("c"))
        _ = try Command.run(
            "openssl",
            ["req", "-x509", "-nodes", "-subj", "/CN=x", "-keyout", key, "-out", certificate, "-newkey", "rsa:2048"])
        let applied = try Command.run(
            OTPDSite.binary, slow + ["--certificate", certificate, "--out", site.folder.path("mk")])
        #expect(applied.status == 0)
        let told = applied.error.split(separator: "\n").compactMap {
            try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
        #expect(told.contains { $0["progress"] as? String == "rows carried out" && $0["of"] as? Int == 60_000 })
        let report = try terminal(["report", "organisation", "--config", site.config])
        #expect(report.contains(" accounts, ") && report.contains(" a second"))
    }

    /// What a command writes to a terminal on standard error.
    private func terminal(_ words: [String]) throws -> String {
        let quoted = ([OTPDSite.binary] + words).map { "'\($0)'" }.joined(separator: " ")
        let result = try Command.run("script", ["-qec", "\(quoted) > /dev/null", "/dev/null"])
        return result.output
    }
}
