import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("No code, number or gateway password is left in clear anywhere (R-PDP-3, R-SMSOTP-1)", .serialized)
struct MessageDiscretionTests {
    @Test("Logs, metrics, answers, the database and Redis after a run that meets every kind of end")
    func grep() async throws {
        let redis = try RedisServer()
        let server = ScriptedServer(
            .reply(202, "0: Accepted"), .reply(403, "Authorization failed for sendsms"), .hang,
            .reply(500, "said {text} to +84912340003 with \(MessageSite.gatewayPassword)"), .reset,
            .reply(202, "0: Accepted"))
        defer { server.stop() }
        let site = try MessageSite(redis: redis, sms: ["digits": 8]) { folder in
            [MessageSite.kannel(server.url, folder), MessageSite.file(folder)]
        }
        let scenario = site.scenario
        var answers: [String] = []
        var phones: [String] = []
        for index in 0..<5 {
            let address = "nguoi_\(index)_sotttt@hanoi.gov.vn"
            let phone = "91234000\(index)"
            phones.append(phone)
            let temporary = try await site.provision(address, phone: "0\(phone)")
            let (id, sent) = try await site.ask(address, temporary)
            answers.append(sent.text)
            let wrong = await scenario.prove(id, "sms", "00000000")
            answers.append(wrong.text)
            answers.append(await scenario.sso().send("POST", "/v1/sign-ins/\(id)/sms", [:]).text)
            if let body = server.requests.last?.body, index % 2 == 0 {
                answers.append(await scenario.prove(id, "sms", MessageSite.code(in: body)).text)
            }
            answers.append(await scenario.desk().send("GET", "/v1/accounts/\(address)").text)
            answers.append(await scenario.desk().send("GET", "/v1/audit?limit=500&account=\(address)").text)
        }
        // A new number, its code, and the word to the old one.
        let changed = await scenario.desk().send(
            "PUT", "/v1/accounts/nguoi_0_sotttt@hanoi.gov.vn/phone", ["phone": "0987654321", "document": "7/QĐ"])
        #expect(changed.status == 202, "\(changed.text)")
        phones.append("987654321")
        answers.append(changed.text)
        let link = try #require(server.requests.first?.headers["x-kannel-dlr-url"])
        let path = try #require(URL(string: link.replacing("?type=%d", with: ""))?.path)
        answers.append(await scenario.instances[0].service(nil).send("GET", path + "?type=2").text)

        let codes = Set(server.requests.map(\.body) + site.written.map(\.text)).map(MessageSite.code)
            .filter { $0.count == 8 && $0.allSatisfy(\.isNumber) }
        #expect(codes.count >= 6)
        #expect(server.requests.allSatisfy { $0.headers["x-kannel-password"] == MessageSite.gatewayPassword })
        let secrets = codes + phones + [MessageSite.gatewayPassword, String(path.split(separator: "/").last ?? "")]

        let metrics = await HTTPTestClient(port: scenario.instances[0].adminPort).send("GET", "/metrics").body
        let dump = try Command.run("redis-cli", ["-s", redis.socketPath, "--rdb", site.folder.path("redis.rdb")])
        #expect(dump.status == 0, "\(dump.error)")
        scenario.instances[0].terminate()
        var places: [(String, [UInt8])] = [
            ("log", Array(scenario.site.logs().utf8)), ("metrics", metrics),
            ("Redis", try bytes(site.folder.path("redis.rdb"))),
        ]
        places += answers.enumerated().map { ("answer \($0)", Array($1.utf8)) }
        for file in try FileManager.default.contentsOfDirectory(atPath: scenario.site.folder.url.path) {
            places.append((file, try bytes(scenario.site.folder.path(file))))
        }
        #expect(places.contains { $0.0 == "otpd.db" && $0.1.count > 100_000 })
        #expect(String(decoding: places[0].1, as: UTF8.self).contains("\"outcome\""))
        for (place, content) in places {
            for (index, secret) in secrets.enumerated() where Self.holds(content, secret) {
                Issue.record("\(place) holds secret \(index) of \(secrets.count)")
            }
        }
    }

    private func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// Whether a text occurs and, being digits, is no part of a longer number.
    private static func holds(_ content: [UInt8], _ secret: String) -> Bool {
        let data = Data(content)
        let isNumber = secret.allSatisfy(\.isNumber)
        var start = data.startIndex
        while let found = data.range(of: Data(secret.utf8), in: start..<data.endIndex) {
            let isInside =
                isNumber && secret.count == 8
                && (found.lowerBound > 0 && isDigit(data[found.lowerBound - 1])
                    || found.upperBound < data.count && isDigit(data[found.upperBound]))
            if !isInside { return true }
            start = found.upperBound
        }
        return false
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
