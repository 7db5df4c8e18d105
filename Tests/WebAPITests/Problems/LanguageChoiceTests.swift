import AuthDomain
import Testing

@testable import WebAPI

@Suite("Accept-Language (RFC 9110 section 12.5.4)")
struct LanguageChoiceTests {
    @Test(
        "The better quality wins, Vietnamese unless English is asked for",
        arguments: [
            (nil, Language.vietnamese), ("", .vietnamese), ("vi", .vietnamese), ("en", .english),
            ("EN-us", .english), ("en-GB,en;q=0.9", .english), ("fr", .vietnamese), ("fr, en;q=0.1", .english),
            ("vi;q=0.8, en;q=0.9", .english), ("vi;q=0.9, en;q=0.8", .vietnamese), ("en, vi", .english),
            ("vi, en", .vietnamese), ("en;q=0.5,vi;q=0.5", .english), ("*", .vietnamese), ("en;q=0", .vietnamese),
            ("en;q=0, *", .vietnamese), ("vi;q=0, *", .english), ("vi;q=0", .vietnamese), ("en;q=0.001", .english),
            ("en;q=1.000", .english), ("en; q=0.7 , vi ;q=0.6", .english), ("*;q=0.5, en;q=0.4", .vietnamese),
            ("*;q=0.4, en;q=0.5", .english), ("en,,", .english), ("eng", .vietnamese),
            ("vi-Hani-VN, en;q=0.9", .vietnamese),
        ] as [(String?, Language)])
    func chooses(field: String?, language: Language) {
        #expect(LanguageChoice.language(field) == language)
    }

    @Test(
        "A field that is none counts as not sent",
        arguments: [
            "en;q=2", "en;q=-1", "en;q=1.001", "en;q=0.1234", "en;q=", "en;q", "en;level=1", "en;q=0.5;q=0.1", ";q=1",
            "en us", "e@n", "englishlanguage", "en-", "-en", "en;q=.5", "en;q=0,5", "\u{1F600}",
            String(repeating: "en,", count: 200), "en" + String(repeating: " ", count: 600),
            Array(repeating: "fr", count: 32).joined(separator: ",") + ",en",
        ])
    func rubbish(field: String) {
        #expect(LanguageChoice.language(field) == .vietnamese)
    }
}
