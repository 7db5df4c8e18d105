import AuthDomain
import Cryptography

/// Makes one request `POST /v1/otp/verify` after the other, each for another account, with the code of the moment.
///
/// Walks as `Tests/Bench/load.lua` does: in no order of the file, and one step ahead when it comes round again.
struct OTPRequests: RequestSource {
    private static let stride = 7_368_787

    private let header: String
    private let accounts: Int
    private let mac = OpenSSLOneTimeCodeMAC()
    private var place: Int

    /// - Parameters:
    ///   - first: The first place of the walk.
    ///   - accounts: How many there are; the last tenth has used all its steps.
    init(key: String, first: Int, accounts: Int) {
        header = """
            POST /v1/otp/verify HTTP/1.1\r
            Host: 127.0.0.1\r
            Authorization: Bearer \(key)\r
            Content-Type: application/json\r

            """
        place = first
        self.accounts = accounts - accounts / 10
    }

    /// The next request.
    mutating func make() -> [UInt8] {
        let present = TimeStep(at: WallTime().now(), stepLength: .seconds(30)).number
        let code = BenchSecrets.code(at: TimeStep(present + Int64(place / accounts)), mac: mac)
        let body = """
            {"account":"\(BenchSecrets.address(place * Self.stride % accounts))","code":"\(code)",\
            "client":{"ip":"10.1.2.3"}}
            """
        place += 1
        return Array((header + "Content-Length: \(body.utf8.count)\r\n\r\n" + body).utf8)
    }
}
