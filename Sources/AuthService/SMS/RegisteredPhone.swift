package import AuthDomain

/// What an account's row tells of its phone number beside the sealed number itself.
package struct RegisteredPhone: Hashable, Sendable {
    /// The blind index, by which equal numbers are found (R-PDP-3).
    package let index: [UInt8]
    /// Whether codes can be sent there; a landline is kept, but is no factor (R-PHONE-7).
    package let takesSMS: Bool
    /// When a code that was sent there came back; nil for a number as registered with the account.
    package let confirmedAt: WallInstant?

    /// Makes a registration.
    package init(index: [UInt8], takesSMS: Bool, confirmedAt: WallInstant?) {
        self.index = index
        self.takesSMS = takesSMS
        self.confirmedAt = confirmedAt
    }
}

/// A number on its way into an account's row.
package struct SealedPhone: Sendable {
    /// The number in E.164, sealed for the account.
    package let sealed: [UInt8]
    /// What is shown of it.
    package let masked: String
    /// What the row tells of it.
    package let registered: RegisteredPhone

    /// Makes a number ready for a row.
    package init(sealed: [UInt8], masked: String, registered: RegisteredPhone) {
        self.sealed = sealed
        self.masked = masked
        self.registered = registered
    }

    /// Seals a number for an account.
    init(_ phone: PhoneNumber, for account: AccountID, box: any SecretBox, digest: any KeyedDigest) {
        self.init(
            sealed: box.seal(SecretBytes(Array(phone.e164.utf8)), row: account.text, purpose: .phone),
            masked: phone.masked.text,
            registered: RegisteredPhone(
                index: digest.digest(Array(phone.e164.utf8), purpose: .phoneIndex), takesSMS: phone.takesSMS,
                confirmedAt: nil))
    }
}

extension ServicePorts {
    /// Seals a number for an account.
    func seal(_ phone: PhoneNumber, for account: AccountID) -> SealedPhone {
        SealedPhone(phone, for: account, box: box, digest: digest)
    }

    /// The number that was sealed for an account; nil when its ring key is gone or the row was changed.
    func phone(_ sealed: [UInt8], of account: AccountID) -> PhoneNumber? {
        guard let opened = box.open(sealed, row: account.text, purpose: .phone) else { return nil }
        return opened.withBytes { String(validating: $0, as: UTF8.self) }.flatMap(PhoneNumber.init(e164:))
    }

    /// The number that an account's codes go to; nil for none, for one that takes no SMS, and for one that cannot be
    /// read.
    func phone(of account: Account) -> PhoneNumber? {
        guard account.phone?.takesSMS == true, let sealed = account.sealedPhone else { return nil }
        return phone(sealed, of: account.id)
    }

    /// What rows keep of a number.
    func fingerprint(_ phone: PhoneNumber, index: [UInt8]) -> PhoneFingerprint {
        PhoneFingerprint(
            index: index, candidates: digest.candidates(Array(phone.e164.utf8), purpose: .phoneIndex),
            masked: phone.masked.text, prefix: phone.prefix)
    }
}
