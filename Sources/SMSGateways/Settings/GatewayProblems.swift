/// One thing wrong with the settings of a gateway; it shows no secret.
package struct GatewayProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The key: `sms.gateways[0].url`.
    package let key: String
    /// What is wrong.
    package let message: String

    /// Key and message.
    package var description: String { "\(key): \(message)" }
}

/// Everything wrong with the settings of the gateways, found in one pass.
package struct GatewayProblems: Error, Hashable, Sendable, CustomStringConvertible {
    /// The problems in the order of the settings; never empty.
    package let problems: [GatewayProblem]

    /// One line for each problem.
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// What has been found while settings are read; lives for one call of the reader.
final class GatewayFindings {
    /// The folder that relative paths start from.
    let folder: String
    private(set) var problems: [GatewayProblem] = []
    private(set) var warnings: [GatewayProblem] = []

    init(folder: String) {
        self.folder = folder
    }

    func refuse(_ key: String, _ message: String) {
        guard problems.count < 100 else { return }
        problems.append(GatewayProblem(key: key, message: message))
    }

    func warn(_ key: String, _ message: String) {
        warnings.append(GatewayProblem(key: key, message: message))
    }
}
