import Reactor
import Testing

@testable import HTTPServer

@Suite("The Authorization field (RFC 9110 section 11.6.2)")
struct CredentialsTests {
    private func credentials(_ fields: [String]) -> Credentials? {
        let group = EventLoopGroup(count: 1, name: "test-field")
        defer { group.shutdown() }
        let headers = HTTPHeaders(fields.map { ("authorization", $0) })
        return Credentials(HTTPRequest(method: "GET", path: "/", headers: headers, loop: group.loops[0]))
    }

    @Test(
        "One scheme and one token, in any case and with any spaces between",
        arguments: ["Bearer abc", "bearer abc", "BEARER   abc  "])
    func bearer(_ field: String) {
        let read = credentials([field])
        #expect(read?.scheme == .bearer && read.map { Array($0.token) } == Array("abc".utf8))
    }

    @Test("Basic is told apart")
    func basic() {
        #expect(credentials(["Basic YTpi"])?.scheme == .basic)
    }

    @Test(
        "Anything else is none",
        arguments: [
            [], [""], ["Bearer"], ["Bearer "], [" Bearer abc"], ["Bearer a b"], ["Digest abc"], ["Bearerabc"],
            ["Bearer a", "Bearer a"], ["Bearer " + String(repeating: "x", count: 600)], ["\u{1F511} abc"],
        ])
    func refused(_ fields: [String]) {
        #expect(credentials(fields) == nil)
    }
}
