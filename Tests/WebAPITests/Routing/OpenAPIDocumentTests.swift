import AuthService
import Foundation
import Testing

@testable import WebAPI

@Suite("openapi.yaml and the routes say the same")
struct OpenAPIDocumentTests {
    /// What the document says of one operation.
    private struct Operation {
        let listener: String
        let lines: [String]

        /// The scopes of its `security`; nil when it takes the document's own, empty when it is open.
        var scopes: [String]? {
            if lines.contains("      security: []") { return [] }
            guard lines.contains("      security:") else { return nil }
            let mark = "        - clientKey: ["
            return lines.filter { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count).dropLast()) }
        }

        var statuses: [String] {
            lines.filter { $0.hasPrefix("        \"") }.map { String($0.dropFirst(9).prefix(3)) }
        }
    }

    private let operations: [String: Operation]
    private let document: String

    /// Reads the document by its own layout: paths at two spaces, methods at four, their members at six.
    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        document = try String(contentsOf: root.appending(path: "openapi.yaml"), encoding: .utf8)
        let lines = document.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let start = try #require(lines.firstIndex(of: "paths:"))
        let end = try #require(lines.firstIndex(of: "components:"))
        var operations: [String: Operation] = [:]
        var (path, listener, name) = ("", "", "")
        var body: [String] = []
        func close() {
            if !name.isEmpty { operations["\(name) \(path)"] = Operation(listener: listener, lines: body) }
            name = ""
            body = []
        }
        for line in lines[(start + 1)..<end] {
            if line.hasPrefix("  /") {
                close()
                path = String(line.dropFirst(2).dropLast())
            } else if line.hasPrefix("    x-otpd-listener: ") {
                listener = String(line.dropFirst(21))
            } else if line.hasPrefix("    "), !line.hasPrefix("     ") {
                close()
                name = line.dropFirst(4).dropLast().uppercased()
            } else {
                body.append(line)
            }
        }
        close()
        self.operations = operations
    }

    @Test("Every route is described under its listener, and nothing else is")
    func routes() {
        let test = TestService()
        func names(_ listener: APIListener) -> Set<String> {
            Set(listener.routes.map { "\($0.method) \($0.template)" })
        }
        func described(_ listener: String) -> Set<String> {
            Set(operations.filter { $0.value.listener == listener || $0.value.listener == "both" }.keys)
        }
        #expect(names(test.service) == described("service"))
        #expect(names(test.admin) == described("admin"))
        #expect(Set(operations.values.map(\.listener)) == ["service", "admin", "both"])
    }

    @Test("Every route is described with the scopes it takes")
    func scopes() {
        let test = TestService()
        for route in test.service.routeTable.routes + test.admin.routeTable.routes {
            let described = operations["\(route.method.rawValue) \(route.template)"]?.scopes
            switch route.access {
            case .open: #expect(described == [], "\(route.template)")
            case .anyClient: #expect(described == nil, "\(route.template)")
            case .keyed(let scope, _): #expect(described == [scope.rawValue], "\(route.template)")
            case .scopes(let scopes): #expect(described == scopes.map(\.rawValue), "\(route.template)")
            }
        }
    }

    @Test("Every query parameter is described, and every parameter of a path")
    func parameters() throws {
        let test = TestService()
        for route in test.service.routeTable.routes + test.admin.routeTable.routes {
            let operation = try #require(operations["\(route.method.rawValue) \(route.template)"])
            let named = operation.lines.filter { $0.hasPrefix("        - name: ") }.map { String($0.dropFirst(16)) }
            #expect(named == route.query, "\(route.template)")
        }
        for name in [
            "SignInId", "EnrolmentId", "AuthenticatorId", "Address", "AppPasswordId", "Gateway",
            "MessageReference", "ReportToken",
        ] {
            #expect(document.contains("#/components/parameters/\(name)\""))
        }
    }

    @Test("Every problem code has an example, and every operation says what it answers")
    func problems() {
        for code in ProblemCode.allCases {
            #expect(document.contains("type: \(code.type)\n"), "\(code)")
            #expect(document.contains("                code: \(code.rawValue)\n"), "\(code)")
        }
        for (name, operation) in operations {
            #expect(operation.statuses.contains { $0.hasPrefix("2") }, "\(name)")
            if operation.scopes != [] {
                #expect(Set(operation.statuses).isSuperset(of: ["400", "401", "503"]), "\(name)")
            }
            if ["POST", "PUT", "PATCH"].contains(where: name.hasPrefix) {
                #expect(Set(operation.statuses).isSuperset(of: ["413", "415"]), "\(name)")
                #expect(operation.lines.contains("      requestBody:"), "\(name)")
            }
        }
    }
}
