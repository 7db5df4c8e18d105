import AuthDomain
import Cryptography

/// Makes one request `POST /v1/otp/verify` after the other, each for another account, with the code of the moment.
struct OTPRequests {
    private let header: String
    private let accounts: Int
    private let mac = OpenSSLOneTimeCodeMAC()
    private var next: Int

    /// - Parameters:
    ///   - first: The number of the first account.
    ///   - accounts: How many there are; the walk ends with the last.
    init(key: String, first: Int, accounts: Int) {
        header = """
            POST /v1/otp/verify HTTP/1.1\r
            Host: 127.0.0.1\r
            Authorization: Bearer \(key)\r
            Content-Type: application/json\r

            """
        next = first
        self.accounts = accounts
    }

    /// The next request; nil when there are no accounts left.
    mutating func make() -> [UInt8]? {
        guard next < accounts else { return nil }
        let step = TimeStep(at: WallTime().now(), stepLength: .seconds(30))
        let code = BenchSecrets.code(at: step, mac: mac)
        let body = """
            {"account":"\(BenchSecrets.address(next))","code":"\(code)","client":{"ip":"10.1.2.3"}}
            """
        next += 1
        return Array((header + "Content-Length: \(body.utf8.count)\r\n\r\n" + body).utf8)
    }
}
