import AuthDomain
import Foundation
import Testing

@Suite("openapi.yaml and the events say the same (R-HOOK-3)")
struct WebhookDocumentTests {
    @Test("every kind of event is described under webhooks with an example, and nothing else is")
    func events() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let document = try String(contentsOf: root.appending(path: "openapi.yaml"), encoding: .utf8)
        let lines = document.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let start = try #require(lines.firstIndex(of: "webhooks:"))
        let end = try #require(lines.firstIndex(of: "paths:"))
        let section = lines[(start + 1)..<end]
        let named = section.filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }.map { $0.dropFirst(2).dropLast() }
        #expect(named.map(String.init) == AccountEventType.allCases.map(\.rawValue))
        for type in AccountEventType.allCases {
            #expect(section.contains("                    type: { const: \(type.rawValue) }"))
            #expect(section.contains("                  type: \(type.rawValue)"))
        }
    }
}
