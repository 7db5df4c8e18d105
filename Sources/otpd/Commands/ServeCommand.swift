import Settings

/// `otpd serve`: runs until SIGTERM or SIGINT, then drains.
enum ServeCommand {
    static func run(_ words: [String]) async throws {
        let arguments = try Arguments(words, allowed: ["config"])
        let settings = try CheckConfigCommand.load(arguments)
        TerminationSignal.install()
        let application = try await Application(settings)
        if application.policy.port > 0 { Terminal.line("policy on port \(application.policy.port)") }
        Terminal.line("listening on \(Application.url(application.service))")
        Terminal.line("admin on \(Application.url(application.admin))")
        application.announce()
        ServiceNotification.send("READY=1")
        TerminationSignal.wait()
        ServiceNotification.send("STOPPING=1")
        await application.stop()
    }
}
