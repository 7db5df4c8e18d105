import AuthDomain
import Testing

@testable import WebAPI

@Suite("Finding routes")
struct RouteTableTests {
    private static func route(_ method: RouteMethod, _ template: String) -> Route {
        Route(method, template, .open) { (_) throws(Problem) in .noContent }
    }

    private let table = RouteTable([
        route(.post, "/v1/sign-ins"), route(.get, "/v1/sign-ins/{id}"), route(.post, "/v1/sign-ins/{id}/totp"),
        route(.post, "/v1/sign-ins/{id}/totp/{enrolment}"), route(.patch, "/v1/sign-ins/{id}"), route(.get, "/livez"),
    ])

    private func found(_ method: String, _ path: String) -> String {
        switch table.match(method: method, path: path) {
        case .none: "none"
        case .wrongMethod(_, let allowed): "405 " + allowed.joined(separator: ",")
        case .route(let route, _, let parameters):
            ([route.template] + parameters.map { "\($0.name)=\($0.encoded)" }).joined(separator: " ")
        }
    }

    @Test(
        "Paths and methods match exactly",
        arguments: [
            ("POST", "/v1/sign-ins", "/v1/sign-ins"),
            ("GET", "/v1/sign-ins/abc", "/v1/sign-ins/{id} id=abc"),
            ("POST", "/v1/sign-ins/a/totp/b%2Fc", "/v1/sign-ins/{id}/totp/{enrolment} id=a enrolment=b%2Fc"),
            ("GET", "/v1/sign-ins", "405 POST"), ("DELETE", "/v1/sign-ins/x", "405 GET,PATCH"),
            ("get", "/livez", "405 GET"), ("Get", "/livez", "405 GET"), ("HEAD", "/livez", "405 GET"),
            ("OPTIONS", "/livez", "405 GET"), ("", "/livez", "405 GET"),
            ("GET", "/", "none"), ("GET", "", "none"), ("GET", "*", "none"), ("GET", "//livez", "none"),
            ("GET", "/livez/", "none"), ("GET", "/LIVEZ", "none"), ("GET", "/%6Civez", "none"),
            ("GET", "/v1/sign-ins/", "none"), ("POST", "/v1/sign-ins//totp", "none"),
            ("POST", "/v1/sign-ins/a/totp/b/c", "none"), ("GET", "/v1/../livez", "none"),
            ("POST", "/v1/sign-ins/a/sms", "none"), ("POST", "/v1/sign-ins/a/app-passwords", "none"),
        ])
    func matches(method: String, path: String, expected: String) {
        #expect(found(method, path) == expected)
    }

    @Test("A path beyond all limits has no route")
    func longPath() {
        #expect(found("GET", "/v1/sign-ins/" + String(repeating: "a", count: 5_000)) == "none")
    }

    @Test(
        "Escapes are decoded strictly",
        arguments: [
            ("abc", "abc"), ("an_sotttt%40hanoi.gov.vn", "an_sotttt@hanoi.gov.vn"), ("a+b", "a+b"), ("%C4%90", "Đ"),
            ("%c4%90", "Đ"), ("%", nil), ("%4", nil), ("%4G", nil), ("%G4", nil), ("a%", nil), ("%FF", nil),
            ("%C0%80", nil), ("%ED%A0%80", nil), ("%00", nil), ("%0A", nil), ("%7F", nil), ("%C2%85", nil), ("", ""),
        ] as [(String, String?)])
    func escapes(text: String, decoded: String?) {
        #expect(PercentCoding.decode(text.utf8, .target) == decoded)
    }

    @Test(
        "Queries hold known names once",
        arguments: [
            ("account=a%40b&limit=10", nil), ("", nil), ("&&", nil), ("account", nil), ("other=1", "other"),
            ("account=a&account=b", "account"), ("limit=0", "limit"), ("limit=501", "limit"), ("limit=-1", "limit"),
            ("limit=9999999999999999999", "limit"), ("limit=1x", "limit"), ("account=%zz", "query"),
            (String(repeating: "a", count: 5_000), "query"),
        ] as [(String, String?)])
    func queries(query: String, field: String?) {
        do {
            let items = try QueryItems(query, known: ["account", "limit"])
            _ = try items.number("limit", 1...500)
            #expect(field == nil)
        } catch {
            #expect(error.field == field)
        }
    }
}
