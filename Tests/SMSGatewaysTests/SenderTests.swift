import AuthDomain
import JSONText
import SMSGateways
import Testing

@Suite("The registered name of a sender (R-SMS-4)")
struct SenderTests {
    private func gateways(_ until: String) throws -> GatewayConfigurations {
        let json = #"[{"type": "file", "path": "x", "sender_until": "\#(until)"}]"#
        return try GatewayConfigurations(
            try JSONReader.read(Array(json.utf8), form: .handWritten), folder: "/tmp")
    }

    private func warning(on day: String, until: String) throws -> String? {
        let today = try #require(CivilDate(parsing: day))
        return try gateways(until).warnings(on: today).first { $0.key.hasSuffix("sender_until") }?.message
    }

    @Test("It draws a warning from sixty days before its end")
    func reminder() throws {
        #expect(try warning(on: "2029-04-01", until: "2029-05-31") == nil)
        #expect(try warning(on: "2029-04-02", until: "2029-05-31")?.contains("until 2029-05-31: renew it") == true)
        #expect(try warning(on: "2029-05-31", until: "2029-05-31")?.contains("is registered") == true)
        #expect(try warning(on: "2029-06-01", until: "2029-05-31")?.contains("was registered") == true)
    }

    @Test("What is no day is refused", arguments: ["31/05/2029", "2029-02-30", "soon", ""])
    func refused(_ text: String) {
        #expect(throws: GatewayProblems.self) { try gateways(text) }
    }
}
