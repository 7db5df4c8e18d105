package import JSONText

/// What looks through `sms.gateways`: the settings know the key, another target the gateways.
///
/// So `check-config` names what is wrong with a gateway beside everything else, in one pass.
package struct GatewayInspection: Sendable {
    /// What was found, each with its key, such as `sms.gateways[0].url`.
    package struct Findings: Sendable {
        /// What makes the settings unusable.
        package let problems: [SettingsProblem]
        /// What is allowed but worth a line in the log.
        package let warnings: [SettingsProblem]

        /// Puts findings together, each a key and what is to be said of it.
        package init(problems: [(key: String, message: String)], warnings: [(key: String, message: String)]) {
            self.problems = problems.map { SettingsProblem(key: $0.key, message: $0.message) }
            self.warnings = warnings.map { SettingsProblem(key: $0.key, message: $0.message) }
        }
    }

    /// Takes the list, its key, and the folder that relative paths start from.
    let inspect: @Sendable (JSONValue, String, String) -> Findings

    /// Makes an inspection.
    package init(_ inspect: @escaping @Sendable (_ list: JSONValue, _ key: String, _ folder: String) -> Findings) {
        self.inspect = inspect
    }

    /// Finds nothing.
    package static let none = GatewayInspection { _, _, _ in Findings(problems: [], warnings: []) }
}
