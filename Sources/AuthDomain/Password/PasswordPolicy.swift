/// What a new password must satisfy: Điều 12.2 and the checks beside it (R-PW-1…5, 7, 10).
///
/// One value serves all mailboxes; operators may be held to a stricter one (R-PW-11).
package struct PasswordPolicy: Sendable {
    /// The six characters of which Điều 12.2 asks for one; look-alikes of other widths do not count (R-PW-3).
    package static let specials: [Unicode.Scalar] = ["!", "@", "#", "$", "%", "&"]
    /// Words that belong to the city and its mail, whoever the owner is.
    package static let cityWords = [
        "hanoi", "thudo", "vanthu", "kythuat", "mail", "ubnd", "sotttt", "hoangmai", "thanhpho", "congvu", "vanphong",
        "thanglong", "hanoigov",
    ]

    /// The fewest code points, at least eight.
    package let minimumLength: Int
    /// Whether only A–Z count as upper-case letters.
    package let uppercaseASCIIOnly: Bool
    /// How many earlier passwords a new one must differ from (R-PW-7).
    package let historyDepth: Int
    /// Passwords that everybody tries first.
    package let blocklist: Blocklist
    /// Folded words that belong to the city or its offices.
    private let contextWords: [[Unicode.Scalar]]

    /// Makes a policy.
    /// - Parameters:
    ///   - minimumLength: In code points; fewer than eight is raised to eight.
    ///   - uppercaseASCIIOnly: Whether letters such as Đ do not count as upper-case.
    ///   - historyDepth: Earlier passwords to compare with; the service compares, by slow hash.
    ///   - blocklist: Passwords to refuse.
    ///   - contextWords: Words of three letters or more, such as abbreviations of offices.
    package init(
        minimumLength: Int = 8, uppercaseASCIIOnly: Bool = false, historyDepth: Int = 5,
        blocklist: Blocklist = Blocklist(), contextWords: [String] = PasswordPolicy.cityWords
    ) {
        self.minimumLength = max(8, minimumLength)
        self.uppercaseASCIIOnly = uppercaseASCIIOnly
        self.historyDepth = max(0, historyDepth)
        self.blocklist = blocklist
        self.contextWords = contextWords.map(FoldedText.fold).filter { $0.count >= 3 }
    }

    /// How a proposed password was judged.
    package enum Judgement: Sendable {
        /// Every rule is kept, apart from history, which takes hashes.
        case acceptable(PreparedPassword)
        /// Every rule that is broken, in a fixed order; never empty.
        case rejected([PolicyViolation])
    }

    /// Judges a password as typed; all broken rules are told at once.
    package func judge(_ raw: String, context: PasswordContext) -> Judgement {
        do {
            let password = try PreparedPassword(preparing: raw)
            let violations = violations(of: password, context: context)
            return violations.isEmpty ? .acceptable(password) : .rejected(violations)
        } catch {
            switch error {
            case .empty: return .rejected(composition(of: []))
            case .tooLong: return .rejected([.tooLong(maximum: PreparedPassword.codePointLimit)])
            case .badCharacter: return .rejected([.badCharacter] + composition(of: Array(raw.unicodeScalars)))
            }
        }
    }

    /// Every rule that a prepared password breaks, apart from history.
    package func violations(of password: PreparedPassword, context: PasswordContext) -> [PolicyViolation] {
        password.withCodePoints { codePoints in
            var violations = composition(of: codePoints)
            var text = String.UnicodeScalarView()
            text.append(contentsOf: codePoints)
            let folded = FoldedText.fold(String(text))
            if blocklist.contains(folded: folded) { violations.append(.common) }
            if GuessableRule(cityWords: contextWords, context: context).refuses(folded) { violations.append(.context) }
            return violations
        }
    }

    /// What a comparison with stored hashes adds (R-PW-7).
    /// - Parameters:
    ///   - matchesIssued: Whether it is the default or temporary password that was issued.
    ///   - matchesEarlier: Whether it is the current password or one of the last `historyDepth`.
    package static func historyViolation(matchesIssued: Bool, matchesEarlier: Bool) -> PolicyViolation? {
        if matchesIssued { return .isDefault }
        return matchesEarlier ? .reused : nil
    }

    /// The rules of Điều 12.2; lower-case letters are not among them (R-PW-1).
    private func composition(of codePoints: [Unicode.Scalar]) -> [PolicyViolation] {
        var violations: [PolicyViolation] = []
        if codePoints.count < minimumLength { violations.append(.tooShort(minimum: minimumLength)) }
        if !codePoints.contains(where: isUppercase) { violations.append(.noUppercase(onlyASCII: uppercaseASCIIOnly)) }
        if !codePoints.contains(where: { ("0"..."9").contains($0) }) { violations.append(.noDigit) }
        if !codePoints.contains(where: Self.specials.contains) { violations.append(.noSpecial) }
        return violations
    }

    private func isUppercase(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return ("A"..."Z").contains(scalar) }
        return !uppercaseASCIIOnly && scalar.properties.generalCategory == .uppercaseLetter
    }
}
