import AuthDomain

/// A text in both languages of the service.
struct LocalText: Hashable, Sendable {
    let vietnamese: String
    let english: String

    init(_ vietnamese: String, _ english: String) {
        self.vietnamese = vietnamese
        self.english = english
    }

    /// A text that knows its languages itself.
    init(_ text: (Language) -> String) {
        self.init(text(.vietnamese), text(.english))
    }

    func callAsFunction(_ language: Language) -> String {
        switch language {
        case .vietnamese: vietnamese
        case .english: english
        }
    }
}
