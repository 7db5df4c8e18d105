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
        return Self.prefix + device + "_" + Hex.encode(mac)
    }

    /// The device that a token names, if it is this account's own; at most 200 characters are looked at.
    func device(in token: String?, account: Account) -> String? {
        guard let token, token.utf8.count <= 200, token.hasPrefix(Self.prefix) else { return nil }
        let parts = token.dropFirst(Self.prefix.count).split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, let mac = Hex.decode(parts[1]) else { return nil }
        let device = String(parts[0])
        guard digest.verify(mac, message: message(device: device, account: account), purpose: .deviceToken) else {
            return nil
        }
        return device
    }

    private func message(device: String, account: Account) -> [UInt8] {
        Array("\(account.id.text)\u{0}\(account.password.version)\u{0}\(device)".utf8)
    }
}
