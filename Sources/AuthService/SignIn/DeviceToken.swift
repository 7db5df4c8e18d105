import AuthDomain

/// The proof that a device completed a sign-in of this account before, under the password still in force (T-3).
///
/// Form: `otpd_dev_<device id>_<hex of the keyed digest>`. Any change of password ends it.
struct DeviceTokens: Sendable {
    let digest: any KeyedDigest
    private static let prefix = "otpd_dev_"

    /// A token for a device of an account.
    func issue(device: String, account: Account) -> String {
        let mac = digest.digest(message(device: device, account: account), purpose: .deviceToken)
        return Self.prefix + device + "_" + mac.hexadecimal
    }

    /// The device that a token names, if it is this account's own; at most 200 characters are looked at.
    func device(in token: String?, account: Account) -> String? {
        guard let token, token.utf8.count <= 200, token.hasPrefix(Self.prefix) else { return nil }
        let parts = token.dropFirst(Self.prefix.count).split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, let mac = Self.bytes(hexadecimal: parts[1]) else { return nil }
        let device = String(parts[0])
        guard digest.verify(mac, message: message(device: device, account: account), purpose: .deviceToken) else {
            return nil
        }
        return device
    }

    private func message(device: String, account: Account) -> [UInt8] {
        Array("\(account.id.text)\u{0}\(account.password.version)\u{0}\(device)".utf8)
    }

    private static func bytes(hexadecimal text: Substring) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            let pair = String(decoding: digits[index..<index + 2], as: UTF8.self)
            guard pair.allSatisfy(\.isHexDigit), let byte = UInt8(pair, radix: 16) else { return nil }
            bytes.append(byte)
        }
        return bytes
    }
}
