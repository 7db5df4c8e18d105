import AuthDomain

/// The codes that wait to be typed: kept under their transaction for as long as they live, never in clear (R-SMSOTP-1).
///
/// A code is a keyed hash of its binding and of the random name of its issue. So it is drawn from secure randomness,
/// lies nowhere, and can be sent again as long as the issue is known, even after the fast store lost everything. What
/// is kept is a keyed hash of binding, issue, end and code. Whether a code was used before, the issue's rows decide:
/// nothing that is lost or put back in the fast store makes one work twice.
struct LiveCodes: Sendable {
    let ports: ServicePorts

    /// The code of an issue.
    ///
    /// A code that is kept already stays the same when another ring key became the first meanwhile.
    func code(
        _ binding: SMSCodeBinding, issue: String, expiresAt: WallInstant, digits: OTPDigits
    ) async throws(CountersUnavailable) -> SMSCode {
        let candidates = ports.digest.candidates(Self.drawing(binding, issue: issue), purpose: .smsDraw)
            .map { SMSCode(random: $0.suffix(SMSCode.randomByteCount), digits: digits) }
        // The invariant: a ring has a key, so there is a candidate.
        guard let first = candidates.first else { preconditionFailure("a ring without keys") }
        guard candidates.count > 1, let kept = try await record(binding.slot), kept.issue == issue else { return first }
        return candidates.first { fits($0.code, binding, kept) } ?? first
    }

    /// Keeps a code until its end, in the place of an older one.
    func keep(
        _ code: SMSCode, _ binding: SMSCodeBinding, issue: String, expiresAt: WallInstant
    ) async throws(CountersUnavailable) {
        let message = Self.message(code.code, binding, issue: issue, expiresAt: expiresAt)
        var writer = RecordWriter()
        writer.put(ports.digest.digest(message, purpose: .smsCode))
        writer.put(issue)
        writer.put(expiresAt.milliseconds)
        let lifetime = expiresAt - ports.clock.now()
        guard lifetime > .zero else { return }
        try await ports.signIns.create(id: binding.slot, record: writer.bytes, lifetime: lifetime)
    }

    /// The issue whose live code was typed; nil for any other code.
    ///
    /// - Parameters:
    ///   - code: As typed.
    ///   - slot: Where the code would be kept; looked at for unknown accounts as well.
    ///   - binding: What it must be bound to; nil for an account without a phone.
    func issue(
        of code: OTPCode, slot: String, binding: SMSCodeBinding?
    ) async throws(CountersUnavailable) -> String? {
        guard let kept = try await record(slot), let binding, kept.expiresAt > ports.clock.now(),
            fits(code, binding, kept)
        else { return nil }
        return kept.issue
    }

    private struct Kept {
        let digest: [UInt8]
        let issue: String
        let expiresAt: WallInstant
    }

    private func record(_ slot: String) async throws(CountersUnavailable) -> Kept? {
        guard let found = try await ports.signIns.find(id: slot) else { return nil }
        var reader = RecordReader(found.record)
        guard let digest = reader.blob(), let issue = reader.text(), let expiresAt = reader.integer(), reader.isAtEnd
        else { return nil }
        return Kept(digest: digest, issue: issue, expiresAt: WallInstant(milliseconds: expiresAt))
    }

    private func fits(_ code: OTPCode, _ binding: SMSCodeBinding, _ kept: Kept) -> Bool {
        ports.digest.verify(
            kept.digest, message: Self.message(code, binding, issue: kept.issue, expiresAt: kept.expiresAt),
            purpose: .smsCode)
    }

    private static func drawing(_ binding: SMSCodeBinding, issue: String) -> [UInt8] {
        var writer = RecordWriter()
        for field in [issue, binding.transaction, binding.account.text, binding.phone.e164, binding.purpose.rawValue] {
            writer.put(field)
        }
        return writer.bytes
    }

    private static func message(
        _ code: OTPCode, _ binding: SMSCodeBinding, issue: String, expiresAt: WallInstant
    ) -> [UInt8] {
        var writer = RecordWriter()
        writer.put(binding.message(code: code).copy)
        writer.put(issue)
        writer.put(expiresAt.milliseconds)
        return writer.bytes
    }
}

extension SMSCodeBinding {
    /// Where the live code of a transaction is kept.
    var slot: String { Self.slot(transaction: transaction, purpose: purpose) }

    /// The same without the rest of the binding.
    static func slot(transaction: String, purpose: SMSPurpose) -> String {
        "sms:\(purpose.rawValue):\(transaction)"
    }

    /// The transaction of checks that one calling system asks for about one subject.
    static func check(client: String, subject: String) -> String {
        "\(client)/\(subject)"
    }
}
