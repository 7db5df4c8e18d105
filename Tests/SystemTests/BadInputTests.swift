import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("Bad input gets a clear answer and loses nothing")
struct BadInputTests {
    @Test("Five mistakes in the settings are five lines and exit code 78")
    func fiveMistakes() throws {
        let folder = try TemporaryDirectory()
        let config = try folder.write(
            """
            { "listen": "nowhere", "admin_listen": "127.0.0.1:0", "database": "mysql:x", "keys": ["missing.key"],
              "lockout": {"limit": 50}, "colour": "red" }
            """, to: "otpd.json")
        let result = try Command.run(OTPDSite.binary, ["check-config", "--config", config])
        #expect(result.status == 78)
        let lines = result.error.split(separator: "\n")
        for word in ["listen", "database", "keys", "lockout.limit", "colour"] {
            #expect(lines.contains { $0.hasPrefix(word) }, "\(word) in \(result.error)")
        }
    }

    @Test("A database that is none, a port in use: a clear message and exit code 69")
    func cannotStart() throws {
        let rubbish = try OTPDSite(redis: nil)
        try rubbish.folder.write(String(repeating: "not a database ", count: 1000), to: "otpd.db")
        let broken = try rubbish.run(["serve"])
        #expect(broken.status == 69)
        #expect(broken.error.contains("database"))

        let site = try OTPDSite(redis: nil)
        let first = try site.start()
        let second = try OTPDSite(redis: nil, overrides: ["listen": "127.0.0.1:\(first.servicePort)"])
        let refused = try second.run(["serve"])
        #expect(refused.status == 69)
        #expect(refused.error.contains("in use"))
        let third = try OTPDSite(redis: nil, overrides: ["admin_listen": "127.0.0.1:\(first.servicePort)"])
        #expect(try third.run(["serve"]).status == 69)
    }

    @Test("Redis down at the start: the service runs, readyz names Redis, sign-ins get 503 within a second")
    func redisDown() async throws {
        let folder = try TemporaryDirectory()
        let site = try OTPDSite(redis: "unix:" + folder.path("no-redis.sock"))
        let key = try site.addClient("sso", scopes: ["sign-in"])
        let instance = try site.start()
        let ready = await instance.service(nil).send("GET", "/readyz")
        #expect(ready.status == 503)
        #expect(ready.text.contains("redis"))
        #expect(await instance.service(nil).send("GET", "/livez").status == 200)
        let began = ContinuousClock.now
        let answer = await instance.service(key).send(
            "POST", "/v1/sign-ins", Scenario.passwordBody("a_b@hanoi.gov.vn", "Sai rồi 1!A"))
        #expect(answer.status == 503)
        #expect(answer.headers["retry-after"] != nil)
        #expect(ContinuousClock.now - began < .milliseconds(1500))
        #expect(instance.terminate() == 0)
    }

    @Test("Redis down with lockout.redis_down = in_process: the twin serves a single instance (R-AVAIL-1)")
    func redisDownTwin() async throws {
        let redis = try RedisServer()
        let scenario = try Scenario(redis: redis, overrides: ["lockout": ["redis_down": "in_process"]])
        let owner = try await scenario.owner("twin_sotttt@hanoi.gov.vn")
        redis.kill()
        try scenario.setClock(Scenario.start + .seconds(60))
        let begun = await scenario.begin(owner.address, owner.password)
        let id = try #require(begun["id"])
        let proven = await scenario.prove(id, "totp", owner.code(at: Scenario.start + .seconds(60)))
        #expect(proven["status"] == "complete")
    }

    @Test("A disk that is full at a write: 503, nothing half-written, and service again once there is room")
    func diskFull() async throws {
        let scenario = try Scenario(redis: nil)
        _ = try await scenario.provision("before_full_sotttt@hanoi.gov.vn")
        scenario.instances[0].terminate()
        // A disk of 3 MiB; without the right to mount one there is nothing to fill.
        let mount = scenario.site.folder.path("small")
        try FileManager.default.createDirectory(atPath: mount, withIntermediateDirectories: false)
        let mounted = try Command.run("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", mount])
        try #require(mounted.status == 0, "mounting needs root: \(mounted.error)")
        defer { _ = try? Command.run("umount", ["-l", mount]) }
        let site = try OTPDSite(redis: nil, overrides: ["database": "sqlite:\(mount)/otpd.db"])
        let key = try site.addClient("desk", scopes: ["operate"])
        let instance = try site.start()
        let desk = instance.admin(key)
        #expect(await desk.send("POST", "/v1/accounts", ["address": "a_full", "kind": "personal"]).status == 201)
        let filler = Data(count: 8 << 20)
        try? filler.write(to: URL(fileURLWithPath: mount + "/filler"))
        var refused: HTTPTestAnswer?
        for number in 0..<400 {
            let answer = await desk.send(
                "POST", "/v1/accounts", ["address": "fill_\(number)_full", "kind": "group"])
            if answer.status != 201 {
                refused = answer
                break
            }
        }
        #expect(refused?.status == 503)
        try? FileManager.default.removeItem(atPath: mount + "/filler")
        #expect(await desk.send("POST", "/v1/accounts", ["address": "after_full", "kind": "personal"]).status == 201)
        instance.terminate()
        #expect(try site.run(["audit", "verify"]).status == 0)
    }

    @Test("Rubbish bodies are named, duplicates and unknown scopes refused (R-API-5)")
    func rubbish() async throws {
        let scenario = try Scenario(redis: nil)
        let sso = scenario.sso()
        let cases: [([String: Any], Int)] = [
            (["account": 7, "password": "x", "client": Scenario.person], 400),
            (["password": "x", "client": Scenario.person], 400),
            (["account": "a", "password": "x", "client": ["ip": "nowhere"]], 400),
            (["account": "a", "password": "x", "client": Scenario.person, "extra": 1], 400),
        ]
        for (body, status) in cases {
            let answer = await sso.send("POST", "/v1/sign-ins", body)
            #expect(answer.status == status)
            #expect(answer["code"] == "invalid-request")
        }
        let huge = await sso.send("POST", "/v1/sign-ins", ["account": String(repeating: "a", count: 1 << 20)])
        #expect(huge.status == 413)
        let head = "POST /v1/sign-ins HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
        let key = "Authorization: Bearer \(scenario.keys.sso)\r\n"
        let invalid: [UInt8] = Array("{\"account\":\"".utf8) + [0xFF, 0xFE] + Array("\"}".utf8)
        let raw = sso.exchange(Array((head + key + "Content-Length: \(invalid.count)\r\n\r\n").utf8) + invalid)
        #expect(raw.status == 400)
        _ = try await scenario.provision("twice_sotttt@hanoi.gov.vn")
        let twice = await scenario.desk().send(
            "POST", "/v1/accounts", ["address": "twice_sotttt@hanoi.gov.vn", "kind": "personal"])
        #expect(twice.status == 409)
        let scope = try scenario.site.run(["client", "add", "--name", "x", "--scope", "everything"])
        #expect(scope.status == 64)
        #expect(scope.error.contains("everything"))
        #expect(try scenario.site.run(["client", "add", "--name", "sso", "--scope", "otp"]).status == 1)
    }

    @Test("No secret stands in any log line, metric or column (principle 5, R-PW-8)")
    func secretsStayInside() async throws {
        let scenario = try Scenario(redis: nil, overrides: ["log": ["level": "debug"]])
        let first = try await scenario.provision("secret_sotttt@hanoi.gov.vn")
        let owner = try await scenario.firstSignIn(
            "secret_sotttt@hanoi.gov.vn", first.password, first.code, choosing: "Nắng vàng 3 sân!")
        _ = await scenario.begin(owner.address, "Sai hoàn toàn 9!A")
        let metrics = await scenario.instances[0].admin(nil).send("GET", "/metrics")
        scenario.instances[0].terminate()
        let database = try Data(contentsOf: URL(fileURLWithPath: scenario.site.folder.path("otpd.db")))
        let texts = [Data(scenario.site.logs().utf8), Data(metrics.body), database]
        let secrets =
            [
                first.password, first.code, owner.password, "Sai hoàn toàn 9!A", owner.code(at: Scenario.start),
                Base32.encode(owner.secret.withBytes(Array.init)), scenario.keys.sso, scenario.keys.desk,
            ] + owner.recoveryCodes
        for secret in secrets where secret.count > 6 {
            for text in texts { #expect(text.range(of: Data(secret.utf8)) == nil) }
        }
    }

    @Test("SIGTERM drains: a request in flight is answered, the exit code is 0")
    func drain() async throws {
        let scenario = try Scenario(redis: nil)
        async let answer = scenario.begin("nobody_drain@hanoi.gov.vn", "Sai rồi 1!A")
        try await Task.sleep(for: .milliseconds(8))
        #expect(scenario.instances[0].terminate() == 0)
        #expect([401, 0].contains(await answer.status))
    }
}
