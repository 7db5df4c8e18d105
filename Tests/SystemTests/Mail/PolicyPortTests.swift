import Foundation
import TestKit
import Testing

@Suite("The policy listener of a running otpd", .serialized)
struct PolicyPortTests {
    @Test("Answers as Postfix asks, and goes with the service")
    func asks() async throws {
        let port = try LoopbackPorts.free(1)[0]
        let scenario = try Scenario(redis: nil, overrides: ["mail": ["policy_listen": ["127.0.0.1:\(port)"]]])
        let owner = try await scenario.owner("an_sotttt@hanoi.gov.vn")
        let client = try MailClient(port: port)
        #expect(try Self.ask(client, owner.address) == "action=DUNNO")
        #expect(try Self.ask(client, "") == "action=DUNNO")
        #expect(try Self.ask(client, "nobody_sotttt").hasPrefix("action=REJECT 5.7.1 "))
        for number in 0..<5 { _ = await scenario.begin(owner.address, "Sai rồi \(number)!A") }
        #expect(try Self.ask(client, owner.address).hasPrefix("action=REJECT 5.7.1 "))
        #expect(await scenario.metric("otpd_policy_seconds_count", containing: "refused") == 2)
        scenario.instances[0].terminate()
        #expect(client.line() == nil)
        #expect(!LoopbackPorts.accepts(port))
    }

    @Test("1 MB lines, rubbish, half-open and 10,000 idle connections do no harm and get a clear refusal")
    func rubbish() async throws {
        let port = try LoopbackPorts.free(1)[0]
        let scenario = try Scenario(redis: nil, overrides: ["mail": ["policy_listen": ["127.0.0.1:\(port)"]]])
        let owner = try await scenario.owner("an_sotttt@hanoi.gov.vn")
        let long = try MailClient(port: port)
        long.sendText(String(repeating: "a", count: 1_000_000))
        #expect(long.line()?.hasPrefix("action=DEFER 4.3.5 ") == true)
        let binary = try MailClient(port: port)
        binary.sendText("sasl_username=an\0\n\n")
        #expect(binary.line()?.hasPrefix("action=DEFER 4.3.5 ") == true)

        var idle: [MailClient] = []
        for _ in 0..<10_000 { idle.append(try MailClient(port: port)) }
        let halfOpen = try MailClient(port: port)
        halfOpen.sendText("request=smtpd_access_policy\n")
        let client = try MailClient(port: port)
        let start = ContinuousClock.now
        #expect(try Self.ask(client, owner.address) == "action=DUNNO")
        #expect(start.duration(to: .now) < .seconds(1))
        #expect(await scenario.begin(owner.address, owner.password).status == 201)
        #expect(await scenario.metric("otpd_policy_connections") <= 2_100)
        let madeRoom = await scenario.metric("otpd_policy_over_limit_total")
        #expect(madeRoom > 7_000)
        #expect(await scenario.metric("otpd_judged_failures_total") == 0)
    }

    static func ask(_ client: MailClient, _ login: String) throws -> String {
        client.sendText("request=smtpd_access_policy\nprotocol_state=RCPT\nsasl_username=\(login)\n\n")
        return try client.lines { $0.isEmpty }.first ?? ""
    }
}
