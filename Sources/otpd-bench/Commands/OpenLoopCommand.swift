/// Sends requests at a fixed rate, whether or not the ones before were answered.
///
/// The time of a request counts from when it was due, so that a slow answer that holds up the next one is not
/// hidden. Prints `count`, `errors` and percentiles in microseconds.
///
/// `--kind` is `otp` (codes of authenticators), `sms` (requests for a message), `accounts` (provisioning of mailboxes
/// with a phone), `sign-in` and `wrong-sign-in` (passwords), `passdb` (mail logins by the app passwords of `--list`),
/// `policy` (Postfix' question, on the policy port) or `livez`; `--count` ends it after so many requests.
enum OpenLoopCommand {
    static func run(_ options: Options) async throws {
        let port = try options.number("port")
        var load = OpenLoop(
            requests: try await source(options),
            interval: 1_000_000_000 / Int64(max(1, try options.number("rate", default: 500))),
            duration: Int64(try options.number("seconds", default: 4)) * 1_000_000_000,
            limit: try options.number("count", default: .max))
        try load.run(port: UInt16(port), connections: try options.number("connections", default: 32))
        load.report()
    }

    private static func source(_ options: Options) async throws -> any RequestSource {
        let kind = try options.text("kind", default: "otp")
        if kind == "livez" { return LivenessRequests() }
        if kind == "policy" {
            return PolicyRequests(first: try options.number("first"), accounts: try options.number("accounts"))
        }
        let key = try options.text("key")
        if kind == "passdb" { return try PassdbRequests(key: key, list: try options.text("list")) }
        let first = try options.number("first")
        switch kind {
        case "otp": return OTPRequests(key: key, first: first, accounts: try options.number("accounts"))
        case "sms": return MessageRequests(key: key, first: first)
        case "sign-in", "wrong-sign-in": return SignInRequests(key: key, first: first, isRight: kind == "sign-in")
        case "accounts": return try await AccountRequests(key: key, first: first)
        default:
            throw BenchFailure("--kind must be otp, sms, accounts, sign-in, wrong-sign-in, passdb, policy or livez")
        }
    }
}
