package import AuthDomain
package import AuthService
package import HTTPClient
package import JSONText
package import Reactor

/// One gateway as the settings describe it, checked; builds the gateway.
package struct GatewayConfiguration: Sendable {
    enum Kind: Sendable {
        case kannel(KannelSettings)
        case http(TemplatedSettings)
        case file(path: String)
    }

    /// Its name: 1 to 32 lower-case letters, digits, `-` and `_`, unlike that of any other.
    package let name: String
    /// The most messages in a stretch of time; nil for no limit.
    package let rate: RateLimit?
    /// When it is left alone.
    package let breaker: CircuitBreaker
    /// What one part of a message costs, in đồng, for the daily ceiling.
    package let costPerPart: Int
    /// How its delivery reports are read; nil when it sends none.
    package let reports: DeliveryReportRule?
    /// The last day for which its sender's name is registered (Decree 91/2020/NĐ-CP, article 23); nil when nobody said.
    package let senderUntil: CivilDate?
    let kind: Kind

    /// Whether it writes codes to a file instead of sending them.
    package var isTrial: Bool { if case .file = kind { true } else { false } }

    /// Builds the gateway.
    ///
    /// - Parameters:
    ///   - http: The pool for outgoing calls.
    ///   - files: The pool for writing files.
    ///   - links: Where delivery reports go; nil when none are wanted.
    package func gateway(http: OutgoingHTTP, files: BlockingPool, links: DeliveryReportLinks?) -> any SMSGateway {
        let links = reports == nil ? nil : links
        return switch kind {
        case .kannel(let settings): KannelGateway(name: name, settings: settings, http: http, links: links)
        case .http(let settings): TemplatedHTTPGateway(name: name, settings: settings, http: http, links: links)
        case .file(let path): FileGateway(name: name, path: path, files: files)
        }
    }

    /// Builds the gateway behind its circuit breaker and rate limit.
    package func guarded(
        http: OutgoingHTTP, files: BlockingPool, links: DeliveryReportLinks?, clock: any MonotonicClock
    ) -> GuardedGateway {
        GuardedGateway(gateway(http: http, files: files, links: links), breaker: breaker, rate: rate, clock: clock)
    }
}

/// The gateways of the settings and what an operator should know about them.
package struct GatewayConfigurations: Sendable {
    /// The gateways in order.
    package let gateways: [GatewayConfiguration]
    /// How long before its end the registration of a sender's name draws a warning, in days.
    private static let renewal = 60

    private let warnings: [GatewayProblem]
    private let key: String

    /// Reads the list `sms.gateways`.
    ///
    /// An entry `{"from": "sms/kannel.json", …}` takes the keys of that file, its own keys first.
    /// - Parameters:
    ///   - list: The JSON array.
    ///   - key: How problems name the list.
    ///   - folder: The folder that relative paths start from.
    /// - Throws: `GatewayProblems` with everything that is wrong.
    package init(_ list: JSONValue, key: String = "sms.gateways", folder: String) throws(GatewayProblems) {
        let findings = GatewayFindings(folder: folder)
        var gateways: [GatewayConfiguration] = []
        if case .array(let entries) = list, entries.count <= 8 {
            for (index, entry) in entries.enumerated() {
                let key = "\(key)[\(index)]"
                guard let object = Self.entry(entry, key: key, findings: findings) else { continue }
                guard let gateway = object.gatewayConfiguration() else { continue }
                if gateways.contains(where: { $0.name == gateway.name }) {
                    findings.refuse("\(key).name", "is the name of a gateway before it")
                }
                gateways.append(gateway)
            }
        } else {
            findings.refuse(key, "must be a list of at most 8 gateways")
        }
        guard findings.problems.isEmpty else { throw GatewayProblems(problems: findings.problems) }
        self.gateways = gateways
        self.key = key
        warnings = findings.warnings
    }

    /// What is allowed but unwise, and what runs out soon, to be logged at start.
    package func warnings(on today: CivilDate) -> [GatewayProblem] {
        warnings
            + gateways.enumerated().compactMap { index, gateway in
                guard let last = gateway.senderUntil, last < today.adding(days: Self.renewal) else { return nil }
                return GatewayProblem(
                    key: "\(key)[\(index)].sender_until",
                    message: last < today
                        ? "the sender's name was registered until \(last): carriers may refuse messages, renew it"
                        : "the sender's name is registered until \(last): renew it")
            }
    }

    private static func entry(_ value: JSONValue, key: String, findings: GatewayFindings) -> SettingsObject? {
        guard case .object(var members) = value else {
            findings.refuse(key, "must be an object")
            return nil
        }
        if let index = members.firstIndex(where: { $0.name == "from" }) {
            guard case .string(let file) = members.remove(at: index).value,
                case .success(let bytes) = SecretFile.content(
                    SecretFile.resolve(file, folder: findings.folder), limit: 64 * 1024)
            else {
                findings.refuse("\(key).from", "must name a file of at most 64 kB that can be read")
                return nil
            }
            guard let base = baseMembers(bytes, key: "\(key).from", findings: findings) else { return nil }
            members += base.filter { member in !members.contains { $0.name == member.name } }
        }
        return SettingsObject(members, key: key, findings: findings)
    }

    private static func baseMembers(_ bytes: [UInt8], key: String, findings: GatewayFindings) -> [JSONMember]? {
        do throws(JSONRefusal) {
            let value = try JSONReader.read(bytes, form: .handWritten, limits: JSONReader.Limits(members: 200))
            if case .object(let members) = value { return members }
            findings.refuse(key, "names a file that holds no JSON object")
        } catch {
            findings.refuse(key, "names a file whose line \(error.line) is no JSON: \(error.message)")
        }
        return nil
    }
}

extension SettingsObject {
    /// Reads one gateway; nil when its type is unknown.
    fileprivate func gatewayConfiguration() -> GatewayConfiguration? {
        let type = required("type")
        let name = has("name") ? required("name") : type
        if !(1...32).contains(name.utf8.count) || !name.utf8.allSatisfy(Self.isNameByte) {
            refuse("name", "must be 1 to 32 lower-case letters, digits, - and _")
        }
        let kind: GatewayConfiguration.Kind
        var reports: DeliveryReportRule?
        switch type {
        case "kannel":
            kind = .kannel(kannelSettings())
            let addresses = addresses("report_addresses")
            if flag("reports", default: true) { reports = .kannel(addresses: addresses) }
        case "http":
            kind = .http(templatedSettings())
            reports = reportRule()
        case "file":
            kind = .file(path: SecretFile.resolve(required("path"), folder: findings.folder))
            findings.warn(key, "writes codes and numbers in clear to a file: for trials only, nobody gets a message")
        default:
            refuse("type", "must be \"kannel\", \"http\" or \"file\"")
            return nil
        }
        defer { finish() }
        return GatewayConfiguration(
            name: name, rate: rateLimit(), breaker: circuitBreaker(),
            costPerPart: integer("cost_per_part", default: 0, in: 0...100_000), reports: reports,
            senderUntil: senderUntil(), kind: kind)
    }

    private func rateLimit() -> RateLimit? {
        guard let object = object("rate_limit") else { return nil }
        defer { object.finish() }
        return RateLimit(
            count: object.integer("count", default: 60, in: 1...100_000),
            per: .seconds(object.integer("seconds", default: 60, in: 1...86_400)))
    }

    private func circuitBreaker() -> CircuitBreaker {
        guard let object = object("circuit") else { return CircuitBreaker() }
        defer { object.finish() }
        return CircuitBreaker(
            threshold: object.integer("failures", default: 5, in: 1...100),
            openFor: .seconds(object.integer("open_seconds", default: 30, in: 1...3600)))
    }

    private func reportRule() -> DeliveryReportRule? {
        guard let object = object("reports") else { return nil }
        defer { object.finish() }
        let states = object.objects("states").map { state in
            let rule = DeliveryReportRule.State(
                field: state.required("field"), values: state.scalars("equals"),
                report: state.choice("state", default: .failed))
            if !state.has("state") { state.refuse("state", "required, but not given") }
            if !state.has("equals") { state.refuse("equals", "required, but not given") }
            state.finish()
            return rule
        }
        if states.isEmpty { object.refuse("states", "must hold at least one state") }
        let rule = DeliveryReportRule(
            source: object.choice("source", default: .query), reference: object.text("reference"),
            providerID: object.text("provider_id"), states: states, addresses: object.addresses("addresses"),
            needsToken: object.flag("token", default: true))
        if !rule.needsToken, rule.addresses.isEmpty {
            object.refuse("addresses", "required where reports carry no token")
        }
        if !rule.needsToken, rule.reference == nil, rule.providerID == nil {
            object.refuse("reference", "or provider_id is required where reports carry no token")
        }
        return rule
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x7A, 0x2D, 0x5F: true
        default: false
        }
    }
}
