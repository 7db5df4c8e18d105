package struct MailboxAddress: Hashable, Sendable {
    package let text: String
    package init(text: String) { self.text = text }
}
package enum HashAlgorithm: String, Sendable { case sha1, sha256, sha512 }
package struct TimeStep: Hashable, Comparable, Sendable {
    package let number: Int64
    package init(_ number: Int64) { self.number = number }
    package static func < (l: TimeStep, r: TimeStep) -> Bool { l.number < r.number }
}
package struct TOTPParameters: Hashable, Sendable {}
