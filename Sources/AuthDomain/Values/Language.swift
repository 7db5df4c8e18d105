/// A language of user-facing text; Vietnamese unless the caller asks otherwise.
package enum Language: String, CaseIterable, Sendable {
    case vietnamese = "vi"
    case english = "en"
}
