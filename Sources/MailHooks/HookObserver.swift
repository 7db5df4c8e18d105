/// The hooks, for metrics and log lines.
package enum MailHook: String, CaseIterable, Sendable {
    case passdb, policy, nginx, introspect
}

/// How a hook's call ended, for metrics.
package enum HookResult: String, CaseIterable, Sendable {
    case ok
    case refused
    case denied
    case unavailable
    case malformed
}

/// Hears of every answer of a hook; must not wait.
package typealias HookObserver = @Sendable (_ hook: MailHook, _ result: HookResult, _ duration: Duration) -> Void

/// Times one hook and tells its result.
struct WatchedHook: Sendable {
    let hook: MailHook
    let observer: HookObserver

    /// Runs a call, whose answer comes with its result.
    func watch(_ body: () async -> (HookAnswer, HookResult)) async -> HookAnswer {
        let start = ContinuousClock.now
        let (answer, result) = await body()
        observer(hook, result, start.duration(to: .now))
        return answer
    }
}
