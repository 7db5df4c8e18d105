import AuthDomain
import Testing

@Suite("Every parser stands random rubbish")
struct ParserRubbishTests {
    private static let seeds = [
        "otpauth://totp/I:a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=I&algorithm=SHA1&digits=6&period=30",
        "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY",
        "{SSHA}MTIzNDU2Nzg5MDEyMzQ1Njc4OTBzYWx0", "$pbkdf2-sha256$i=1000,l=32$c2FsdHNhbHQ$MDEy", "$6$rounds=1000$a$b",
        "2026-11-23T08:00:00.5+07:00", "ivan_x@hanoi.gov.vn", "Mật khẩu@1 \u{200B}", "9ABC-DEFG-HJKM", "012 345",
    ]

    @Test("Mutations of good text are read or refused; what is read as a key URI is written and read alike")
    func mutations() throws {
        var state: UInt64 = 7
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for round in 0..<10_000 {
            var bytes = Array(Self.seeds[round % Self.seeds.count].utf8)
            for _ in 0...next(3) {
                let index = next(bytes.count + 1)
                switch next(3) {
                case 0: bytes.insert(UInt8(next(256)), at: index)
                case 1: if index < bytes.count { bytes[index] = UInt8(next(256)) }
                default: bytes = Array(bytes[..<index]) + bytes[min(bytes.count, index + next(4))...]
                }
                if bytes.isEmpty { bytes = [0x24] }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            _ = RFC3339.parse(text).map(RFC3339.format)
            _ = Base32.decode(text)
            _ = RecoveryCode(parsing: text)
            _ = EnrolmentCode(parsing: text)
            _ = try? OTPCode(parsing: text)
            _ = try? MailboxAddress(parsing: text, domains: ["hanoi.gov.vn"])
            _ = try? HashRecord(parsing: text)
            _ = try? Blocklist(parsing: bytes)
            _ = PasswordPolicy().judge(text, context: PasswordContext(displayName: text, phones: [text], year: 2026))
            if let uri = try? KeyURI(parsing: text) {
                let again = try KeyURI(parsing: uri.text)
                #expect(again.text == uri.text && again.secret == uri.secret && again.parameters == uri.parameters)
            }
        }
    }
}
