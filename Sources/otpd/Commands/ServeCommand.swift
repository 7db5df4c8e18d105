import JSONText
import Settings

/// `otpd serve`: runs until SIGTERM or SIGINT, then drains.
enum ServeCommand {
    static let commands = [
        Command(
            "serve", "run the service until SIGTERM",
            options: [.config, .json(.object, "the addresses, once the service is ready")],
            notes: """
                Logs are JSON lines on standard error. SIGTERM lets requests in flight finish, 8 s at most.
                """,
            example: "otpd serve --config /etc/otpd/otpd.json", body: run),
        Command(
            "check-config", "check the settings and list every problem",
            options: [.config, .json(.object, "whether the settings are good, and what is worth a look")],
            exits: "0 the settings are good, 78 they are not",
            example: "otpd check-config --config /etc/otpd/otpd.json", body: { try CheckConfigCommand.run($0) }),
        Command(
            "qr", "draw the key URI on standard input as a QR code",
            options: [.json(.object, "the modules, a text of 0 and 1 for each row")],
            notes: "Takes one line of at most 1024 bytes, so that a secret never stands on a command line.",
            exits: "0 done, 1 the text fits no code",
            example: "printf %s \"$URI\" | otpd qr", body: { try QRCommand.run($0) }),
    ]

    private static func run(_ arguments: Arguments) async throws {
        let settings = try CheckConfigCommand.load(arguments)
        TerminationSignal.install()
        let application = try await Application(settings)
        announce(application, asJSON: arguments.has("json"))
        application.announce()
        ServiceNotification.send("READY=1")
        TerminationSignal.wait()
        ServiceNotification.send("STOPPING=1")
        await application.stop()
    }

    private static func announce(_ application: Application, asJSON: Bool) {
        let (service, admin) = (Application.url(application.service), Application.url(application.admin))
        let policy = Int(application.policy.port)
        guard asJSON else {
            if policy > 0 { Terminal.line("policy on port \(policy)") }
            Terminal.line("listening on \(service)")
            return Terminal.line("admin on \(admin)")
        }
        let bytes = JSONWriter.object { json in
            json.field("service", service)
            json.field("admin", admin)
            if policy > 0 { json.field("policy_port", policy) }
        }
        Terminal.line(String(decoding: bytes, as: UTF8.self))
    }
}
