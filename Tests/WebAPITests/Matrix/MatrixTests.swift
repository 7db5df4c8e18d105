import AuthDomain
import AuthService
import Foundation
import Testing

@testable import WebAPI

@Suite("A11: every state of a mailbox by every route")
struct MatrixTests {
    /// The routes of openapi.yaml, by method and path.
    private static let routes: [String] = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = (try? String(contentsOf: root.appending(path: "openapi.yaml"), encoding: .utf8)) ?? ""
        var (routes, path, isInPaths) = ([String](), "", false)
        for line in text.split(separator: "\n") {
            if line == "paths:" { isInPaths = true }
            if line == "components:" { isInPaths = false }
            guard isInPaths else { continue }
            if line.hasPrefix("  /") {
                path = String(line.dropFirst(2).dropLast())
            } else if line.hasPrefix("    "), !line.hasPrefix("     "), line.hasSuffix(":") {
                routes.append("\(line.dropFirst(4).dropLast().uppercased()) \(path)")
            }
        }
        return routes
    }()

    @Test("Every route of openapi.yaml has an entry in Matrix.swift, and every entry a route")
    func complete() {
        #expect(Self.routes.count > 30)
        for route in Self.routes {
            #expect(
                Matrix.entries[route] != nil,
                "\(route) is new: say in Matrix.swift what it answers about a mailbox in each state of A11")
        }
        #expect(Set(Matrix.entries.keys).subtracting(Self.routes) == [])
    }

    @Test("Every cell holds", arguments: AccountStanding.allCases)
    func cells(standing: AccountStanding) async {
        for (name, entry) in Matrix.entries {
            let reply = await entry.call(await MatrixRig(standing))
            #expect(reply.status == entry.statuses(standing), "\(name) for \(standing.rawValue): \(reply.text)")
            guard let (mayEnter, isOpen) = entry.opens else { continue }
            #expect(isOpen(reply) == mayEnter(standing), "\(name) for \(standing.rawValue): \(reply.headers)")
        }
    }

    @Test("The account page shows the row of A11", arguments: AccountStanding.allCases)
    func page(standing: AccountStanding) async throws {
        guard standing != .destroyed else { return }
        let page = await MatrixRig(standing).operate("GET", "/v1/accounts/" + MatrixRig.address)
        #expect(page.string("state") == standing.rawValue)
        let shown = try #require(page.json["capabilities"] as? [String: Any])
        let row = Capabilities(kind: .personal, standing: standing)
        #expect(shown["login"] as? Bool == row.mayLogIn && shown["send"] as? Bool == row.maySend)
        // Delivery from outside is never refused, whatever stands (R-LOCK-1).
        #expect(shown["receive"] as? Bool == true)
        let canSignIn = [.mustChange, .active, .transferred, .recalled].contains(standing)
        #expect(row.mayLogIn == canSignIn)
        #expect(row.maySend == [.active, .transferred].contains(standing))
    }
}
