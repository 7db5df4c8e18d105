/// One thing wrong with the settings, told in one line.
package struct SettingsProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The key (`lockout.limit`), or the file and place (`otpd.json:3:14`) where no key can be named.
    package let key: String
    /// What is wrong; it shows no secret.
    package let message: String

    /// Key and message, as `otpd check-config` lists them.
    package var description: String { "\(key): \(message)" }
}

/// Everything wrong with the settings, found in one pass (`otpd check-config`, exit 78).
package struct SettingsProblems: Error, Hashable, Sendable, CustomStringConvertible {
    /// The problems in the order of the settings reference; never empty.
    package let problems: [SettingsProblem]

    /// How many problems are listed before the rest are only counted.
    static let limit = 100

    init(_ problems: [SettingsProblem]) {
        guard problems.count > Self.limit else {
            self.problems = problems
            return
        }
        let rest = SettingsProblem(key: "settings", message: "\(problems.count - Self.limit) further problems")
        self.problems = problems.prefix(Self.limit) + [rest]
    }

    /// One line for each problem.
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Why a value was refused: the words that follow the key in a problem.
struct Refusal: Error {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
