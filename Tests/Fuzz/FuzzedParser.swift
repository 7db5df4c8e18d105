internal import AuthDomain
internal import JSONText
internal import MailHooks
internal import Settings

/// The parsers that take bytes of strangers; the letter is the first byte of an input and selects one.
enum FuzzedParser: Character, CaseIterable {
    case keyURI = "u"
    case hashRecord = "h"
    case settings = "s"
    case exchangedJSON = "j"
    case handWrittenJSON = "w"
    case codes = "c"
    case encodings = "e"
    case addresses = "a"
    case passwords = "p"
    case blocklist = "b"
    case requests = "r"
    case mailForms = "m"

    /// Runs the parser that an input selects; false when it selects none.
    ///
    /// A crash, a hang or a broken promise between a parser and its writer ends the process.
    static func take(_ input: [UInt8]) -> Bool {
        guard let letter = input.first, let parser = FuzzedParser(rawValue: Character(Unicode.Scalar(letter))) else {
            return false
        }
        parser.read(Array(input.dropFirst()))
        return true
    }

    private func read(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        switch self {
        case .keyURI: Self.readKeyURI(text)
        case .hashRecord: _ = (try? HashRecord(parsing: text)).map { "\($0)" }
        case .settings: _ = try? Settings.parse(bytes: bytes, path: "/nonexistent/otpd.json")
        case .exchangedJSON: Self.readJSON(bytes)
        case .handWrittenJSON: _ = try? JSONReader.read(bytes, form: .handWritten)
        case .codes: Self.readCodes(text)
        case .encodings: Self.readEncodings(text)
        case .addresses: Self.readAddresses(text)
        case .passwords: Self.readPasswords(text)
        case .blocklist: _ = try? Blocklist(parsing: bytes)
        case .requests: FuzzedRequest.read(bytes)
        case .mailForms: Self.readMailForm(bytes)
        }
    }

    private static func readMailForm(_ bytes: [UInt8]) {
        guard let form = try? FormFields(bytes[...]) else { return }
        if let password = form.text("password").flatMap(AppPassword.init(parsing:)) {
            let isSame = AppPassword(parsing: password.text).map { $0.canonical == password.canonical }
            precondition(isSame == true, "an app password is written as it was read")
        }
        _ = form.text("user").flatMap { try? MailboxAddress(parsing: $0, domains: ["hanoi.gov.vn"]) }
        _ = form.text("service").flatMap(MailService.init(wireName:))
    }

    private static func readKeyURI(_ text: String) {
        guard let uri = try? KeyURI(parsing: text) else { return }
        let isSame = (try? KeyURI(parsing: uri.text)).map { $0.text == uri.text && $0.secret == uri.secret }
        precondition(isSame == true, "a key URI is written as it was read")
    }

    private static func readJSON(_ bytes: [UInt8]) {
        guard let value = try? JSONReader.read(bytes) else { return }
        let handWritten = try? JSONReader.read(bytes, form: .handWritten)
        precondition(handWritten == value, "the wider form reads the narrower one alike")
        if case .string(let text) = value {
            guard case .object(let members)? = try? JSONReader.read(JSONWriter.object({ $0.field("t", text) })) else {
                preconditionFailure("what was read can be written")
            }
            precondition(members.map(\.value) == [value], "a text reads alike")
        }
    }

    private static func readCodes(_ text: String) {
        if let code = try? OTPCode(parsing: text) {
            precondition(code.text.utf8.count == code.digits.rawValue, "a code has the digits it tells of")
        }
        if let code = RecoveryCode(parsing: text) {
            let isSame = RecoveryCode(parsing: code.text).map { $0.canonical == code.canonical }
            precondition(isSame == true, "a recovery code reads alike")
        }
        if let code = EnrolmentCode(parsing: text) {
            let isSame = EnrolmentCode(parsing: code.text).map { $0.canonical == code.canonical }
            precondition(isSame == true, "an enrolment code reads alike")
        }
    }

    private static func readEncodings(_ text: String) {
        if let bytes = Base32.decode(text) {
            precondition(Base32.decode(Base32.encode(bytes)) == bytes, "base 32 keeps bytes")
        }
        for form in [Base64.Form.padded, .unpadded, .urlSafe] {
            guard let bytes = Base64.decode(text.utf8, form) else { continue }
            precondition(Base64.encode(bytes, form) == text, "base 64 has one form")
        }
        if let instant = RFC3339.parse(text) {
            precondition(
                RFC3339.parse(RFC3339.format(instant)) == instant || text.hasPrefix("0000-01-01T")
                    || text.hasPrefix("9999-12-31T"), "an instant reads alike")
        }
        _ = try? RingKeyFile.parse(Array(text.utf8))
    }

    private static func readAddresses(_ text: String) {
        if let address = NetworkAddress(text) {
            precondition(NetworkAddress(address.text) == address, "an address reads alike")
            precondition(address.network.contains(address), "an address lies in its network")
        }
        if let block = AddressBlock(text) {
            precondition(AddressBlock(block.text) == block, "a block reads alike")
        }
        let domains = ["hanoi.gov.vn", "thudo.gov.vn"]
        if let mailbox = try? MailboxAddress(parsing: text, domains: domains) {
            let again = try? MailboxAddress(parsing: mailbox.text, domains: domains)
            precondition(again == mailbox, "a mailbox address reads alike")
            for kind in AccountKind.allCases { _ = AddressLint.warnings(for: mailbox, kind: kind) }
        }
    }

    /// Judges the first line as a password of the person whom the other lines name.
    private static func readPasswords(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let context = PasswordContext(
            displayName: lines.count > 1 ? lines[1] : nil, phones: Array(lines.dropFirst(2).prefix(4)), year: 2026)
        _ = PasswordPolicy().judge(lines[0], context: context)
        guard let prepared = try? PreparedPassword(preparing: lines[0]) else { return }
        let text = prepared.utf8.withBytes { String(decoding: $0, as: UTF8.self) }
        precondition((try? PreparedPassword(preparing: text)) == prepared, "preparing a password twice changes nothing")
    }
}
