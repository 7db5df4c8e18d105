/// What is to be known about one key, taken from the call that reads it.
package struct SettingReference: Hashable, Sendable {
    /// The dotted name: `lockout.limit`.
    package let name: String
    /// The environment variable that overrides it: `OTPD_LOCKOUT_LIMIT`.
    package let variable: String
    /// The JSON type in words: `whole number`, `list of files`.
    package let type: String
    /// The default as it would stand in the file; nil when the key is required.
    package let defaultText: String?
    /// The allowed values; nil where the type says it all.
    package let range: String?
    /// The unit of a number; nil where there is none.
    package let unit: String?
    /// Whether the value, or the file it names, is secret.
    package let isSecret: Bool
    /// What it is for, in one sentence.
    package let summary: String
}

/// The parts of a reference that a reader call passes on.
struct KeyDoc {
    var type: String
    var defaultText: String?
    var range: String?
    var unit: String?
    var isSecret = false
    var summary: String
}
