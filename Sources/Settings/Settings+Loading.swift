internal import AuthDomain
internal import Glibc
internal import JSONText

extension Settings {
    /// The largest settings file, in bytes.
    package static let fileByteLimit = 1 << 20

    /// Reads the settings file, lays the environment over it and checks everything.
    ///
    /// - Parameters:
    ///   - path: The settings file; the relative paths in it start from its folder.
    ///   - environment: Variables `OTPD_<SECTION>_<KEY>` override keys; the rest are ignored.
    ///   - inspection: Looks through `sms.gateways`.
    /// - Throws: `SettingsProblems` with every problem found.
    package static func load(
        path: String, environment: [String: String], inspection: GatewayInspection = .none
    ) throws(SettingsProblems) -> Settings {
        let bytes: [UInt8]
        do throws(BoundedFile.Failure) {
            bytes = try BoundedFile.read(path, limit: fileByteLimit)
        } catch {
            throw SettingsProblems([SettingsProblem(key: path, message: error.description)])
        }
        return try parse(bytes: bytes, path: path, environment: environment, inspection: inspection)
    }

    /// Reads settings from bytes, as `load` does from a file.
    ///
    /// - Parameters:
    ///   - bytes: The text, in UTF-8.
    ///   - path: The path that problems name and that relative paths start from.
    ///   - environment: As for `load`.
    ///   - inspection: As for `load`.
    /// - Throws: `SettingsProblems` with every problem found.
    package static func parse(
        bytes: [UInt8], path: String = "otpd.json", environment: [String: String] = [:],
        inspection: GatewayInspection = .none
    ) throws(SettingsProblems) -> Settings {
        let source = SettingsSource(
            root: try root(bytes, path: path), folder: SettingsPath.folder(of: path), environment: environment,
            opensFiles: true, inspection: inspection)
        var settings = Settings(reading: source, hostName: hostName())
        settings.checkTogether(source)
        source.refuseUnknownKeys()
        source.checkVariables()
        guard source.problems.isEmpty else { throw SettingsProblems(source.problems) }
        settings.warnings = source.warnings
        return settings
    }

    /// Every key there is, in the order in which they are read.
    package static let reference: [SettingReference] = {
        let source = SettingsSource(root: [], folder: ".", environment: [:], opensFiles: false)
        _ = Settings(reading: source, hostName: "")
        return source.references
    }()

    /// The dotted names that a settings text gives, section names left out; for holding examples to the reference.
    /// - Throws: `SettingsProblems` when the text is not an object.
    package static func keyNames(in bytes: [UInt8]) throws(SettingsProblems) -> [String] {
        try root(bytes, path: "otpd.json").flatMap { member in
            guard case .object(let members) = member.value else { return [member.name] }
            return members.map { "\(member.name).\($0.name)" }
        }
    }

    private static func root(_ bytes: [UInt8], path: String) throws(SettingsProblems) -> [JSONMember] {
        guard bytes.count <= fileByteLimit else {
            throw SettingsProblems([SettingsProblem(key: path, message: "is larger than \(fileByteLimit) bytes")])
        }
        do throws(JSONRefusal) {
            let value = try JSONReader.read(bytes, form: .handWritten, limits: SectionReader.jsonLimits)
            if case .object(let members) = value { return members }
        } catch {
            var message = error.message
            if case .duplicate(let name) = error.reason { message = "\(SectionReader.quote(name)) is \(message)" }
            throw SettingsProblems([
                SettingsProblem(key: "\(path):\(error.line):\(error.column)", message: message)
            ])
        }
        throw SettingsProblems([SettingsProblem(key: path, message: "must hold one JSON object")])
    }

    private static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 65)
        guard gethostname(&name, name.count - 1) == 0 else { return "otpd" }
        let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.isEmpty ? "otpd" : text
    }
}

// MARK: - Rules between keys

extension Settings {
    /// Refuses values that are wrong only beside others, and warns of what weakens the service.
    private func checkTogether(_ source: SettingsSource) {
        if listen == adminListen, listen.port != 0 {
            source.refuse("admin_listen", "must differ from listen, is \(adminListen) too")
        }
        if testing.clockFile != nil {
            if listen.address.isLoopback, adminListen.address.isLoopback {
                source.warn("testing.clock_file is set: the time is read from a file")
            } else {
                source.refuse("testing.clock_file", "refused unless listen and admin_listen are loopback addresses")
            }
        }
        if redis?.user != nil, redis?.password == nil {
            source.refuse("redis", "names a user, but redis_password_file is not given")
        }
        if sms.isEnabled, sms.reportURL == nil {
            source.warn("sms.report_url is not given: no delivery report tells what became of a message")
        }
        if sms.reportURL?.hasPrefix("http://") == true, !listen.address.isLoopback {
            source.warn("sms.report_url is plain http: the token of a message crosses the network in clear")
        }
        if sms.isEnabled, sms.budget.mode == .observe {
            source.warn("sms.budget is observe: nothing bounds what messages may cost")
        }
        if assertion.keyPublishAhead >= .seconds(assertion.keyRotationDays * 86400) {
            source.refuse("assertion.key_publish_ahead_s", "must be shorter than assertion.key_rotation_days")
        }
        if lockout.redisDown == .inProcess, redis != nil {
            source.warn("lockout.redis_down is in_process: right only while this is the only instance")
        }
        if mail.mainPassword == .allow {
            source.warn(
                "mail.main_password is allow: mailbox passwords are evaluated on mail protocols, without a code")
        }
        // The least cost that OWASP gives for Argon2id: 19 MiB and 2 passes, or 46 MiB and one.
        if hash.memoryKiB * hash.passes < 2 * 19456 {
            source.warn("hash.memory_kib and hash.passes are below the least advised cost of 19456 and 2")
        }
    }
}
