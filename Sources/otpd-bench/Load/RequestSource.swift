import Cryptography
import AuthDomain

/// Makes one request after the other.
protocol RequestSource {
    /// The status that each of them should get.
    var expected: Int { get }
    /// What is spoken.
    var wire: LoadWire { get }
    /// The next request.
    mutating func make() -> [UInt8]
}

extension RequestSource {
    var expected: Int { 200 }
    var wire: LoadWire { .http }

    /// A POST of a JSON body.
    static func post(_ path: String, key: String, _ body: String) -> [UInt8] {
        let head = """
            POST \(path) HTTP/1.1\r
            Host: 127.0.0.1\r
            Authorization: Bearer \(key)\r
            Content-Type: application/json\r
            Content-Length: \(body.utf8.count)\r
            \r

            """
        return Array((head + body).utf8)
    }
}

/// The route that waits for nothing: how long its answer takes is how long an event waits behind work on a loop.
struct LivenessRequests: RequestSource {
    mutating func make() -> [UInt8] {
        Array("GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".utf8)
    }
}

/// Requests for a code by SMS, each for another mailbox.
struct MessageRequests: RequestSource {
    let key: String
    private var number: Int
    var expected: Int { 202 }

    init(key: String, first: Int) {
        self.key = key
        number = first
    }

    mutating func make() -> [UInt8] {
        defer { number += 1 }
        let body = #"{"account":"\#(BenchSecrets.address(number))","client":{"ip":"10.1.2.3"}}"#
        return Self.post("/v1/otp/sms", key: key, body)
    }
}

/// Provisioning of mailboxes with a phone each, and a password record that costs nothing to take over.
struct AccountRequests: RequestSource {
    let key: String
    private var number: Int
    private let record: String
    var expected: Int { 201 }

    init(key: String, first: Int) async throws {
        self.key = key
        number = first
        let hasher = try Argon2PasswordHasher(cost: .standard, threads: 1, queueLimit: 1, random: SystemRandom())
        record = try await hasher.hash(SecretBytes(Array(BenchSecrets.password.utf8)))
        hasher.shutdown()
    }

    mutating func make() -> [UInt8] {
        defer { number += 1 }
        let body = """
            {"address":"\(BenchSecrets.address(number))","kind":"personal","phone":"\(BenchSecrets.phone(number))",\
            "password_hash":"\(record)"}
            """
        return Self.post("/v1/accounts", key: key, body)
    }
}
