/// The hooks, for metrics and log lines.
package enum MailHook: String, CaseIterable, Sendable {
    case passdb, policy, nginx, introspect
}

/// How a hook's call ended, for metrics.
///
/// The raw value is the place in `allCases`.
package enum HookResult: Int, CaseIterable, Sendable {
    case ok
    case refused
    case denied
    case unavailable
    case malformed

    /// The name in metrics.
    package var name: String { "\(self)" }
}

/// Hears of every answer of one hook; must not wait.
package typealias HookObserver = @Sendable (_ result: HookResult, _ duration: Duration) -> Void

/// Times one hook and tells its result.
struct WatchedHook: Sendable {
    let observer: HookObserver

    /// Runs a call, whose answer comes with its result.
    func watch(_ body: () async -> (HookAnswer, HookResult)) async -> HookAnswer {
        let start = ContinuousClock.now
        let (answer, result) = await body()
        observer(result, start.duration(to: .now))
        return answer
    }
}
