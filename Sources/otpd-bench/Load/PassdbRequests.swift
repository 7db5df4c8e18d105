internal import Glibc

/// Asks the passdb hook for one login after the other, with the accounts and app passwords of a file.
struct PassdbRequests: RequestSource {
    private let requests: [[UInt8]]
    private var place = 0

    /// - Parameter list: A file of lines "name password".
    init(key: String, list: String) throws(BenchFailure) {
        guard let file = fopen(list, "r") else { throw BenchFailure("\(list) cannot be read") }
        defer { fclose(file) }
        var requests: [[UInt8]] = []
        while let line = Self.readLine(from: file) {
            let words = line.split(separator: " ")
            guard words.count == 2 else { continue }
            let number = requests.count
            requests.append(
                Array(
                    """
                    GET /v1/mail/dovecot/passdb HTTP/1.1\r
                    Host: 127.0.0.1\r
                    Authorization: Bearer \(key)\r
                    X-Otpd-Request: user=\(words[0])&password=\(words[1])&service=imap&mech=PLAIN\
                    &remote_ip=10.9.\(number / 250 % 250).\(number % 250)\r
                    \r

                    """.utf8))
        }
        guard !requests.isEmpty else { throw BenchFailure("\(list) is empty") }
        self.requests = requests
    }

    mutating func make() -> [UInt8] {
        defer { place += 1 }
        return requests[place % requests.count]
    }

    private static func readLine(from file: UnsafeMutablePointer<FILE>) -> String? {
        var buffer = [CChar](repeating: 0, count: 256)
        guard fgets(&buffer, Int32(buffer.count), file) != nil else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
