/// Whether little of a password is left once everything that a guesser knows is taken away (R-PW-5).
///
/// 1. The password is folded: lower-case, without diacritics, and without the spaces, dots, hyphens and underscores
///    that may stand inside a word.
/// 2. Context words are struck out: the city's own words whole, the owner's words wherever four characters or more of
///    one appear (three, if that is the whole word), five digits or more of a telephone number, the years around now.
///    A character may stand for the letter it looks like: `h@n0i` is `hanoi`.
/// 3. Nothing struck out: the rule has no say. `ABCD1234!` and `Matkhau1!` are judged by the blocklist alone.
/// 4. Of the rest, other years and runs of three or more neighbours (`123`, `aaa`, `qwe`) are struck out too.
/// 5. What remains is weighed: two points a letter, one a digit, none for anything else. Fewer than ten points, five
///    letters' worth, and the password is refused: `Hanoi@2026` keeps nothing, `Thudo@123` nothing.
struct GuessableRule {
    /// The city's own words, folded.
    let cityWords: [[Unicode.Scalar]]
    /// What is known about the owner.
    let context: PasswordContext

    private static let leastWeight = 10
    private static let joints: [Unicode.Scalar] = [" ", ".", "-", "_"]

    func refuses(_ password: [Unicode.Scalar]) -> Bool {
        let folded = password.filter { !Self.joints.contains($0) }
        var struck = [Bool](repeating: false, count: folded.count)
        for word in cityWords { Self.strike(word, leastLength: word.count, in: folded, &struck) }
        for word in context.ownWords { Self.strike(word, leastLength: min(4, word.count), in: folded, &struck) }
        for phone in context.phones { Self.strike(phone, leastLength: 5, in: folded, &struck) }
        strikeYears(in: folded, &struck, within: context.year - 3...context.year + 1)
        guard struck.contains(true) else { return false }
        strikeYears(in: folded, &struck, within: 1900...2099)
        Self.strikeRuns(in: folded, &struck)
        let weight = zip(folded, struck).reduce(0) { $0 + ($1.1 ? 0 : Self.weight($1.0)) }
        return weight < Self.leastWeight
    }

    private static func weight(_ scalar: Unicode.Scalar) -> Int {
        if ("0"..."9").contains(scalar) { return 1 }
        return scalar.properties.isAlphabetic ? 2 : 0
    }

    /// Strikes out every stretch of the text that is a stretch of the word and long enough.
    private static func strike(
        _ word: [Unicode.Scalar], leastLength: Int, in text: [Unicode.Scalar], _ struck: inout [Bool]
    ) {
        guard leastLength > 0, word.count >= leastLength, text.count >= leastLength else { return }
        for start in 0...(text.count - leastLength) {
            for wordStart in 0...(word.count - leastLength) {
                var length = 0
                while start + length < text.count, wordStart + length < word.count,
                    looksLike(text[start + length], word[wordStart + length])
                {
                    length += 1
                }
                guard length >= leastLength else { continue }
                for index in start..<start + length { struck[index] = true }
            }
        }
    }

    private static func looksLike(_ character: Unicode.Scalar, _ letter: Unicode.Scalar) -> Bool {
        if character == letter { return true }
        switch (character, letter) {
        case ("@", "a"), ("4", "a"), ("8", "b"), ("3", "e"), ("6", "g"), ("9", "g"), ("1", "i"), ("!", "i"),
            ("1", "l"), ("|", "l"), ("0", "o"), ("$", "s"), ("5", "s"), ("7", "t"), ("+", "t"), ("2", "z"):
            return true
        default:
            return false
        }
    }

    /// Strikes out runs of exactly four digits, none struck yet, that are a year of the range.
    private func strikeYears(
        in text: [Unicode.Scalar], _ struck: inout [Bool], within years: ClosedRange<Int>
    ) {
        var index = 0
        while index < text.count {
            var end = index
            while end < text.count, ("0"..."9").contains(text[end]), !struck[end] { end += 1 }
            if end - index == 4 {
                let year = text[index..<end].reduce(0) { $0 * 10 + Int($1.value) - 0x30 }
                if years.contains(year) { for position in index..<end { struck[position] = true } }
            }
            index = max(end, index + 1)
        }
    }

    private static func strikeRuns(in text: [Unicode.Scalar], _ struck: inout [Bool]) {
        guard text.count >= 3 else { return }
        var isRun = [Bool](repeating: false, count: text.count)
        for start in 0...(text.count - 3) where !struck[start] && !struck[start + 1] && !struck[start + 2] {
            let (first, second, third) = (text[start], text[start + 1], text[start + 2])
            guard let step = neighbourStep(first, second), step == neighbourStep(second, third) else { continue }
            for index in start...start + 2 { isRun[index] = true }
        }
        for index in text.indices where isRun[index] { struck[index] = true }
    }

    /// 0 for the same character, ±1 for neighbours in the alphabet or digits, ±2 for neighbours on the keyboard.
    private static func neighbourStep(_ left: Unicode.Scalar, _ right: Unicode.Scalar) -> Int? {
        guard weight(left) > 0, weight(right) > 0 else { return nil }
        if left == right { return 0 }
        let distance = Int(right.value) - Int(left.value)
        if abs(distance) == 1 { return distance }
        guard let place = keyboard.firstIndex(of: left) else { return nil }
        if place + 1 < keyboard.count, keyboard[place + 1] == right { return 2 }
        if place > 0, keyboard[place - 1] == right { return -2 }
        return nil
    }

    private static let keyboard = Array("qwertyuiop asdfghjkl zxcvbnm".unicodeScalars)
}
