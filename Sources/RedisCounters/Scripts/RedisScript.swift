/// The scripts that run inside Redis, each atomic; loaded on connect and called by digest.
///
/// All times come from `TIME` inside the script, never from a client, so that instances with different clocks agree;
/// scripts replicate by effect, which allows it.
enum RedisScript: Int, CaseIterable, Sendable {
    case reserve
    case settle
    case replaceSignIn
    case takeAttempt
    case giveBackAttempt
    case askAttempt

    /// Its name in metrics and log lines.
    var name: String {
        switch self {
        case .reserve: "reserve"
        case .settle: "settle"
        case .replaceSignIn: "replace_sign_in"
        case .takeAttempt: "take_attempt"
        case .giveBackAttempt: "give_back_attempt"
        case .askAttempt: "ask_attempt"
        }
    }

    /// Its Lua text.
    var body: String {
        switch self {
        case .reserve: Self.reserveBody
        case .settle: Self.settleBody
        case .replaceSignIn: Self.replaceSignInBody
        case .takeAttempt: Self.takeAttemptBody
        case .giveBackAttempt: Self.giveBackAttemptBody
        case .askAttempt: Self.askAttemptBody
        }
    }
}
