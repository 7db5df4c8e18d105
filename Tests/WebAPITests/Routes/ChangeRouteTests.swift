import AuthDomain
import AuthService
import Synchronization
import Testing

@testable import WebAPI

@Suite("Which accounts changed (R-HOOK-2, R-REST-6)")
struct ChangeRouteTests {
    private let test = TestService()

    @Test("pages follow each other by their cursor, and the last one says where to begin next time")
    func pages() async {
        let ids = (0..<3).map { test.provision("a\($0)_sotttt@hanoi.gov.vn") }
        let key = test.key(.read)
        let first = await test.operate("GET", "/v1/accounts?changed_since=2020-01-01T00:00:00Z&limit=2", key: key)
        #expect(first.status == 200)
        #expect(first.objects("accounts").count == 2)
        #expect(first.objects("accounts").allSatisfy { $0["sequence"] as? Int == 1 && $0["changed_at"] != nil })
        let next = first.string("next") ?? ""
        #expect(first.string("resume") == next)
        let second = await test.operate("GET", "/v1/accounts?cursor=\(next)&limit=2", key: key)
        #expect(second.objects("accounts").count == 1 && second.string("next") == nil)
        let shown = (first.objects("accounts") + second.objects("accounts")).compactMap {
            ($0["account"] as? [String: Any])?["id"] as? String
        }
        #expect(Set(shown) == Set(ids.map(\.text)))
        let resume = second.string("resume") ?? ""
        let nothing = await test.operate("GET", "/v1/accounts?cursor=\(resume)", key: key)
        #expect(nothing.objects("accounts").isEmpty && nothing.string("resume") == resume)
        #expect(await test.operate("GET", "/v1/accounts", key: key).objects("accounts").count == 3)
    }

    @Test("rubbish is refused, another scope is forbidden, a database that is down is 503")
    func refusals() async {
        let key = test.key(.read)
        for query in ["cursor=x", "cursor=-1.a", "changed_since=gestern", "limit=0", "limit=501", "since=2020"] {
            #expect(await test.operate("GET", "/v1/accounts?\(query)", key: key).status == 400, "\(query)")
        }
        #expect(await test.operate("GET", "/v1/accounts", key: test.key(.signIn, name: "other")).status == 403)
        test.store.fail(true)
        #expect(await test.operate("GET", "/v1/accounts", key: key).status == 503)
    }

    @Test("an account shows a restoration that a receiver has yet to confirm")
    func restorePending() async {
        let id = test.provision()
        let key = test.key(.read)
        let path = "/v1/accounts/an_sotttt%40hanoi.gov.vn"
        #expect(await test.operate("GET", path, key: key).json["restore_pending"] == nil)
        test.store.state.withLock { _ = $0.pendingRestorations.insert(id) }
        #expect(await test.operate("GET", path, key: key).json["restore_pending"] as? Bool == true)
    }
}
