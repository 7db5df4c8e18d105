package import AuthService

/// The hooks that mail servers call, over one set of use cases.
package struct MailHooks: Sendable {
    /// The routes, for the service listener.
    package let routes: [HookRoute]

    /// Builds the hooks.
    ///
    /// - Parameters:
    ///   - mail: What the use cases of mail reach the world through.
    ///   - policy: What the operator settled.
    ///   - verifier: The process's one password verifier.
    ///   - activity: Takes in what mail systems report.
    ///   - nginx: Where nginx sends its clients.
    ///   - observer: Makes for each hook what hears of its answers.
    package init(
        mail: MailPorts, policy: ServicePolicy, verifier: PasswordVerifier, activity: RecordActivity,
        nginx: NginxBackends = NginxBackends(),
        observer: (MailHook) -> HookObserver = { _ in { _, _ in } }
    ) {
        let verify = VerifyMailLogin(mail: mail, policy: policy, verifier: verifier)
        func watched(_ hook: MailHook) -> WatchedHook { WatchedHook(observer: observer(hook)) }
        let passdb = DovecotPassdb(verify: verify, activity: activity, watched: watched(.passdb))
        let policyHook = AuthPolicy(
            judge: JudgeMailReports(mail: mail, policy: policy), watched: watched(.policy))
        let nginxHook = NginxAuth(
            verify: verify, activity: activity, backends: nginx, watched: watched(.nginx))
        let introspection = TokenIntrospection(
            introspect: AccessTokens(mail: mail, policy: policy), activity: activity, watched: watched(.introspect))
        routes =
            passdb.routes + [policyHook.route, nginxHook.route, introspection.route]
            + ActivityRoutes(record: activity).routes
    }

    /// The longest body of a route, in bytes; nil for the limit that all routes have.
    package static func bodyLimit(_ path: String) -> Int? { ActivityRoutes.bodyLimit(path) }
}
