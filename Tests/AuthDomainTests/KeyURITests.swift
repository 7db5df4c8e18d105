import AuthDomain
import Testing

@Suite("Key URI (R-URI-1 to R-URI-4)")
struct KeyURITests {
    static let secret = SecretBytes(Array("12345678901234567890".utf8))
    static let issuer = "Thu dien tu Ha Noi"

    @Test("R-URI-1: the URI of an address, letter by letter")
    func text() throws {
        let uri = try KeyURI(issuer: Self.issuer, account: "ivan_x@hanoi.gov.vn", secret: Self.secret)
        #expect(
            uri.text
                == "otpauth://totp/Thu%20dien%20tu%20Ha%20Noi:ivan_x@hanoi.gov.vn?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                + "&issuer=Thu%20dien%20tu%20Ha%20Noi&algorithm=SHA1&digits=6&period=30")
        #expect(uri.isReadable)
        #expect(uri.groupedSecret == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ")
        #expect("\(uri)" == "***" && Mirror(reflecting: uri).children.isEmpty)
    }

    @Test("R-URI-3: a long address drops the parameters that every app assumes")
    func longAccount() throws {
        let account = "nguyenthithuyhangphuong_vanphong@hanoi.gov.vn"
        let uri = try KeyURI(issuer: Self.issuer, account: account, secret: Self.secret)
        #expect(uri.isReadable)
        #expect(!uri.text.contains("algorithm"))
        #expect(try KeyURI(parsing: uri.text).parameters == .standard)
        let parameters = try #require(TOTPParameters(algorithm: .sha256, digits: .eight, stepLength: .seconds(60)))
        let other = try KeyURI(issuer: Self.issuer, account: account, secret: Self.secret, parameters: parameters)
        #expect(other.text.hasSuffix("&algorithm=SHA256&digits=8&period=60"))
        #expect(try KeyURI(parsing: other.text).parameters == parameters)
    }

    @Test("R-URI-4: a new enrolment is told apart by its month")
    func suffix() throws {
        let date = try #require(CivilDate(year: 2026, month: 11, day: 23))
        #expect(KeyURI.suffix(for: date) == "(2026-11)")
        let uri = try KeyURI(
            issuer: "HN", account: "ivan_x@hanoi.gov.vn", suffix: KeyURI.suffix(for: date), secret: Self.secret)
        #expect(uri.text.hasPrefix("otpauth://totp/HN:ivan_x@hanoi.gov.vn%20%282026-11%29?"))
        #expect(try KeyURI(parsing: uri.text).account == "ivan_x@hanoi.gov.vn (2026-11)")
    }

    @Test(
        "What would be misread is not built",
        arguments: [
            ("", "a"), ("I", ""), ("I:J", "a"), ("I", "a:b"), ("Thư điện tử", "a"), ("I", "ä"), ("I\n", "a"),
            (" I", "a"),
            ("I", "a "), (String(repeating: "I", count: 65), "a"), ("I", String(repeating: "a", count: 301)),
        ])
    func badLabel(issuer: String, account: String) {
        #expect(throws: KeyURIError.badLabel) {
            try KeyURI(issuer: issuer, account: account, secret: Self.secret)
        }
    }

    @Test("R-TOTP-1: secrets of 128 bits at least", arguments: [0, 15, 129])
    func badSecret(length: Int) {
        #expect(throws: KeyURIError.badSecret) {
            try KeyURI(issuer: "I", account: "a", secret: SecretBytes([UInt8](repeating: 7, count: length)))
        }
    }

    @Test("Every character that a label may hold survives writing and reading")
    func roundTrip() throws {
        let label = String(
            String.UnicodeScalarView((0x21...0x7E).filter { $0 != 0x3A }.map { Unicode.Scalar(UInt8($0)) }))
        let short = String(label.prefix(60))
        let uri = try KeyURI(issuer: short, account: label, secret: Self.secret)
        let read = try KeyURI(parsing: uri.text)
        #expect(read.issuer == short && read.account == label && read.secret == Self.secret)
        #expect(!uri.text.contains("+") && !uri.text.contains(" "))
    }

    static let secretText = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

    @Test(
        "Reading: rubbish is refused",
        arguments: [
            ("", .notKeyURI), ("otpauth://hotp/I:a?secret=\(secretText)&issuer=I", .notKeyURI),
            ("https://totp/I:a?secret=\(secretText)&issuer=I", .notKeyURI), ("otpauth://totp/I:a", .notKeyURI),
            ("otpauth://totp/I:a?", .notKeyURI), ("otpauth://totp/I:a?secret", .notKeyURI),
            ("otpauth://totp/I:a?secret=\(secretText)&issuer=I&", .notKeyURI),
            ("otpauth://totp/I:a b?secret=\(secretText)&issuer=I", .notKeyURI),
            ("otpauth://totp/I:ä?secret=\(secretText)&issuer=I", .notKeyURI),
            ("otpauth://totp/a?secret=\(secretText)&issuer=I", .badLabel),
            ("otpauth://totp/I:a:b?secret=\(secretText)&issuer=I", .badLabel),
            ("otpauth://totp/I:?secret=\(secretText)&issuer=I", .badLabel),
            ("otpauth://totp/I:a%0A?secret=\(secretText)&issuer=I", .badLabel),
            ("otpauth://totp/I:a?secret=\(secretText)", .issuerMismatch),
            ("otpauth://totp/I:a?secret=\(secretText)&issuer=J", .issuerMismatch),
            ("otpauth://totp/I+J:a?secret=\(secretText)&issuer=I%20J", .badEncoding),
            ("otpauth://totp/I%2:a?secret=\(secretText)&issuer=I", .badEncoding),
            ("otpauth://totp/I%zz:a?secret=\(secretText)&issuer=I", .badEncoding),
            ("otpauth://totp/I%FF:a?secret=\(secretText)&issuer=I", .badEncoding),
            ("otpauth://totp/I:a?issuer=I", .badSecret), ("otpauth://totp/I:a?secret=&issuer=I", .badSecret),
            ("otpauth://totp/I:a?secret=MZXW6&issuer=I", .badSecret),
            ("otpauth://totp/I:a?secret=gezdgnbvgy3tqojqgezdgnbvgy3tqojq&issuer=I", .badSecret),
            ("otpauth://totp/I:a?secret=\(secretText)%3D&issuer=I", .badSecret),
            ("otpauth://totp/I:a?secret=\(secretText)&issuer=I&digits=5", .badParameter("digits")),
            ("otpauth://totp/I:a?secret=\(secretText)&issuer=I&digits=%2B6", .badParameter("digits")),
            ("otpauth://totp/I:a?secret=\(secretText)&issuer=I&period=0", .badParameter("period")),
            ("otpauth://totp/I:a?secret=\(secretText)&issuer=I&period=99999999999999999999", .badParameter("period")),
            ("otpauth://totp/I:a?secret=\(secretText)&issuer=I&algorithm=MD5", .badParameter("algorithm")),
            ("otpauth://totp/I:a?secret=\(secretText)&issuer=I&issuer=I", .badParameter("issuer")),
            ("otpauth://totp/I:a?secret=\(secretText)&issuer=I&image=x", .badParameter("image")),
            (String(repeating: "o", count: 1025), .tooLong),
        ] as [(String, KeyURIError)])
    func rubbish(text: String, error: KeyURIError) {
        #expect(throws: error) { try KeyURI(parsing: text) }
    }
}
