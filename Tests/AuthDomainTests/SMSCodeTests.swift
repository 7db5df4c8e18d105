import AuthDomain
import Testing

@Suite("SMS codes (R-SMSOTP-1, R-OTP-7, R-NIST-3)")
struct SMSCodeTests {
    private static func bytes(_ words: UInt64...) -> [UInt8] {
        words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } }
    }

    @Test("The whole range is drawn, zeros in front kept")
    func edges() {
        for digits in OTPDigits.allCases {
            let count = digits.rawValue
            let nines = String(repeating: "9", count: count)
            #expect(SMSCode(random: Self.bytes(.max, .max), digits: digits).text == nines)
            // The smallest number of the code 1 that is not passed over, or the one behind it.
            let one = UInt64.max / UInt64(digits.modulus) + 2
            #expect(
                SMSCode(random: Self.bytes(one, 0), digits: digits).text == String(repeating: "0", count: count - 1)
                    + "1")
        }
        #expect(SMSCode(random: Self.bytes((1 << 63) + 1, 0)).text == "500000")
    }

    @Test("A number that would make a code likelier is passed over")
    func rejection() {
        // Times 10⁶, 0 and 2⁶³ leave 0 in the lower half, below 2⁶⁴ mod 10⁶ = 551,616; 1 leaves enough.
        #expect(SMSCode(random: Self.bytes(1 << 63, (1 << 62) + 1)).text == "250000")
        #expect(SMSCode(random: Self.bytes(0, (1 << 63) + 1)).text == "500000")
        #expect(SMSCode(random: Self.bytes(1, (1 << 63) + 1)).text == "000000")
    }

    @Test("Draws fill a thousand classes evenly")
    func even() {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        var classes = [Int](repeating: 0, count: 1000)
        for _ in 0..<200_000 {
            var words: [UInt64] = []
            for _ in 0..<2 {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                words.append(state &* 0x2545_F491_4F6C_DD1D)
            }
            let text = SMSCode(random: Self.bytes(words[0], words[1])).text
            classes[Int(text.suffix(3)) ?? 0] += 1
        }
        let chiSquared = classes.reduce(0.0) { $0 + (Double($1) - 200) * (Double($1) - 200) / 200 }
        // 999 degrees of freedom: mean 999, deviation 44.7; five deviations either way.
        #expect((775...1223).contains(chiSquared))
    }

    @Test("A code is never described")
    func redacted() {
        let code = SMSCode(random: Self.bytes((1 << 63) + 1, 0))
        var dumped = ""
        dump(code, to: &dumped)
        for shown in ["\(code)", String(reflecting: code), dumped] { #expect(!shown.contains("500000")) }
    }

    // MARK: Binding

    private static func message(
        _ transaction: String = "t1", _ account: String = "a1", _ phone: String = "+84912345678",
        _ purpose: SMSPurpose = .login, _ code: String = "123456"
    ) throws -> [UInt8] {
        let binding = SMSCodeBinding(
            transaction: transaction, account: AccountID(account), phone: try #require(PhoneNumber(e164: phone)),
            purpose: purpose)
        return binding.message(code: try OTPCode(parsing: code)).withBytes { Array($0) }
    }

    @Test("R-OTP-7: every part of the binding changes the bytes, and no two bindings share them")
    func binding() throws {
        let messages = [
            try Self.message(), try Self.message("t2"), try Self.message("t1", "a2"),
            try Self.message("t1", "a1", "+84912345679"), try Self.message("t1", "a1", "+84912345678", .check),
            try Self.message("t1", "a1", "+84912345678", .phoneVerification),
            try Self.message("t1", "a1", "+84912345678", .login, "123457"),
            try Self.message("t1", "a1", "+84912345678", .login, "1234560"),
            try Self.message("t1a", "1"), try Self.message("t", "1a1"), try Self.message("", "t1a1"),
            try Self.message("t1a1", ""),
        ]
        #expect(Set(messages).count == messages.count)
        #expect(try Self.message() == Self.message())
        let expected: [UInt8] =
            [0, 0, 0, 16] + Array("otpd sms code v1".utf8) + [0, 0, 0, 2] + Array("t1".utf8) + [0, 0, 0, 2]
            + Array("a1".utf8) + [0, 0, 0, 12] + Array("+84912345678".utf8) + [0, 0, 0, 5] + Array("login".utf8)
            + [0, 0, 0, 6] + Array("123456".utf8)
        #expect(try Self.message() == expected)
    }

    // MARK: Issue

    private static let start = WallInstant(seconds: 1_800_000_000)
    private static let rules = SMSCodeRules.standard

    private static func at(_ seconds: Int) -> WallInstant { start + .seconds(seconds) }

    @Test("The first request draws a code that lives five minutes")
    func first() {
        let step = SMSCodeIssue.request(latest: nil, now: Self.start, rules: Self.rules)
        let issue = SMSCodeIssue.drawn(at: Self.start, rules: Self.rules)
        #expect(step == .drawNew(issue))
        #expect(issue.expiresAt == Self.at(300) && issue.sends == 1 && issue.expiresIn(at: Self.start) == .seconds(300))
    }

    @Test(
        "A request within 60 s is told when to come back",
        arguments: [(0, 60_000), (1, 59_000), (59, 1000), (-3600, 60_000)])
    func tooSoon(seconds: Int, milliseconds: Int64) {
        let issue = SMSCodeIssue.drawn(at: Self.start, rules: Self.rules)
        let step = SMSCodeIssue.request(latest: issue, now: Self.at(seconds), rules: Self.rules)
        #expect(step == .tooSoon(retryAfter: .milliseconds(milliseconds)))
    }

    @Test("From 60 s on the same code goes out again, and its expiry stays", arguments: [60, 61, 299])
    func again(seconds: Int) throws {
        let issue = SMSCodeIssue.drawn(at: Self.start, rules: Self.rules)
        let step = SMSCodeIssue.request(latest: issue, now: Self.at(seconds), rules: Self.rules)
        let expected = SMSCodeIssue(
            expiresAt: Self.at(300), lastSentAt: Self.at(seconds), sends: 2, isSpent: false)
        #expect(step == .sendSame(expected))
        let tooSoon = SMSCodeIssue.request(latest: expected, now: Self.at(seconds + 1), rules: Self.rules)
        #expect(tooSoon == .tooSoon(retryAfter: .seconds(59)))
    }

    @Test("An expired or spent code gives way to a new one, still 60 s after the last message")
    func renewal() throws {
        let issue = SMSCodeIssue.drawn(at: Self.start, rules: Self.rules)
        let renewed = SMSCodeIssue.request(latest: issue, now: Self.at(300), rules: Self.rules)
        #expect(renewed == .drawNew(.drawn(at: Self.at(300), rules: Self.rules)))
        let spent = try #require(issue.spent(at: Self.at(10)))
        #expect(!spent.isLive(at: Self.at(11)) && spent.expiresIn(at: Self.at(11)) == .zero)
        #expect(
            SMSCodeIssue.request(latest: spent, now: Self.at(20), rules: Self.rules)
                == .tooSoon(retryAfter: .seconds(40)))
        #expect(
            SMSCodeIssue.request(latest: spent, now: Self.at(60), rules: Self.rules)
                == .drawNew(.drawn(at: Self.at(60), rules: Self.rules)))
        let late = SMSCodeIssue(expiresAt: Self.at(300), lastSentAt: Self.at(290), sends: 3, isSpent: false)
        #expect(
            SMSCodeIssue.request(latest: late, now: Self.at(301), rules: Self.rules)
                == .tooSoon(retryAfter: .seconds(49)))
        #expect(late.neededUntil(rules: Self.rules) == Self.at(350))
    }

    @Test("A code is used once, and not from the fifth minute on")
    func once() throws {
        let issue = SMSCodeIssue.drawn(at: Self.start, rules: Self.rules)
        #expect(issue.spent(at: Self.at(299)) != nil && issue.spent(at: Self.at(300)) == nil)
        #expect(try #require(issue.spent(at: Self.at(1))).spent(at: Self.at(2)) == nil)
    }

    @Test("Sending again never makes a code live longer, over a whole day of requests")
    func neverLonger() {
        var latest: SMSCodeIssue?
        var drawn = Self.start
        var sends: [WallInstant] = []
        for second in stride(from: 0, to: 86_400, by: 7) {
            let now = Self.at(second)
            switch SMSCodeIssue.request(latest: latest, now: now, rules: Self.rules) {
            case .drawNew(let issue): (latest, drawn) = (issue, now)
            case .sendSame(let issue):
                #expect(issue.expiresAt == drawn + .seconds(300))
                latest = issue
            case .tooSoon: continue
            }
            sends.append(now)
        }
        #expect(zip(sends, sends.dropFirst()).allSatisfy { $1 - $0 >= .seconds(60) })
    }

    @Test(
        "Rules outside their bounds are refused",
        arguments: [
            (59, 60, false), (60, 60, true), (600, 60, true), (601, 60, false), (300, 59, false), (120, 121, false),
        ])
    func bounds(lifetime: Int, interval: Int, isAllowed: Bool) {
        let rules = SMSCodeRules(lifetime: .seconds(lifetime), resendInterval: .seconds(interval))
        #expect((rules != nil) == isAllowed)
    }
}
