import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("A message whose instance ends while a gateway is asked is neither lost nor doubled (R-SMSOTP-1)", .serialized)
struct MessageCrashTests {
    /// A service whose gateway takes a message and never answers, with one such message under way.
    private func hanging(_ server: ScriptedServer) async throws -> (site: MessageSite, asking: Task<Int, Never>) {
        let site = try MessageSite(redis: try RedisServer()) { folder in
            [MessageSite.kannel(server.url, folder).merging(["timeout_ms": 10_000]) { $1 }]
        }
        let temporary = try await site.provision("an_sotttt@hanoi.gov.vn", phone: "+84912345678")
        let begun = await site.scenario.begin("an_sotttt@hanoi.gov.vn", temporary)
        let id = try #require(begun["id"])
        let asking = Task { await site.scenario.sso().send("POST", "/v1/sign-ins/\(id)/sms", [:]).status }
        _ = server.wait { $0.count == 1 }
        return (site, asking)
    }

    @Test("kill -9 between the row and the answer: the next start knows that the end is unknown, and sends nothing")
    func killed() async throws {
        let server = ScriptedServer(.hang)
        defer { server.stop() }
        let (site, asking) = try await hanging(server)
        site.scenario.instances[0].kill9()
        #expect(await asking.value == 0)
        #expect(try site.rows("state, gateway") == [["sending", "kannel"]])
        try site.scenario.setClock(Scenario.start + .seconds(200))
        let next = try site.scenario.site.start("a")
        #expect(try site.state(awaiting: "unknown") == "unknown")
        #expect(await next.metric("otpd_sms_settled_total", containing: #"as="unknown""#) == 1)
        #expect(server.requests.count == 1)
    }

    @Test("SIGTERM while a gateway is silent ends the service within its ten seconds")
    func terminated() async throws {
        let server = ScriptedServer(.hang)
        defer { server.stop() }
        let (site, asking) = try await hanging(server)
        let start = ContinuousClock.now
        #expect(site.scenario.instances[0].terminate() == 0)
        #expect(start.duration(to: .now) < .seconds(11))
        _ = await asking.value
        #expect(["sending", "unknown"].contains(try site.rows("state").first?.first))
        #expect(server.requests.count == 1)
    }
}
