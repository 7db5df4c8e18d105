package import AuthDomain

/// An enrolment that waits for its first code; its secret is sealed for the authenticator's row.
package struct PendingEnrolment: Hashable, Sendable {
    /// The authenticator's id to be.
    package let id: AuthenticatorID
    /// Who will hold it.
    package let label: String
    /// The sealed secret.
    package let sealedSecret: [UInt8]
    /// When it was begun; it waits ten minutes (R-OTP-3).
    package let begunAt: WallInstant
    /// Wrong first codes so far.
    package var wrongCodes: Int
}

/// One sign-in in progress, as kept in the sign-in store.
///
/// Holds no password, code or open secret.
package struct SignInRecord: Hashable, Sendable {
    /// The client that began it; no other may continue it.
    package var client: String
    /// The account.
    package var account: AccountID
    /// The address that was used: the account's own or an alias (R-LOG-3).
    package var addressAsUsed: String
    /// The version of the password that was proven.
    package var passwordVersion: Int64
    /// Whose counts it draws on.
    package var lane: BudgetLane
    /// The address of the person's machine.
    package var clientAddress: String
    /// The browser, if told.
    package var userAgent: String?
    /// When the password was proven.
    package var begunAt: WallInstant
    /// When it ends.
    package var expiresAt: WallInstant
    /// The factor proven.
    package var proof: FactorProof?
    /// When the factor was proven: `auth_time`.
    package var provenAt: WallInstant?
    /// Whether an authenticator was enrolled in it.
    package var hasEnrolled = false
    /// When nothing more was owed.
    package var completedAt: WallInstant?
    /// The device that the completion made known; empty while lanes are single.
    package var deviceName = ""
    /// Whether the account owed a change of password when the password was proven.
    package var beganOwingChange = false
    /// Whether a lock was met; a restoration does not bring the sign-in back (R-LOCK-10).
    package var hasMetLock = false
    /// Enrolments that wait for their first code.
    package var pending: [PendingEnrolment] = []
}

extension SignInRecord {
    private static let format: Int64 = 2

    /// The record as bytes for the store.
    package func encoded() -> [UInt8] {
        var writer = RecordWriter()
        writer.put(Self.format)
        writer.put(client)
        writer.put(account.text)
        writer.put(addressAsUsed)
        writer.put(passwordVersion)
        writer.put(lane.text)
        writer.put(clientAddress)
        writer.put(userAgent)
        writer.put(begunAt.milliseconds)
        writer.put(expiresAt.milliseconds)
        switch proof {
        case nil: writer.put("")
        case .totp(let id): writer.put("t" + id.text)
        case .recoveryCode: writer.put("r")
        case .enrolmentCode(let id): writer.put("e" + id)
        case .sms(let phone): writer.put("s" + phone)
        }
        writer.put(provenAt?.milliseconds ?? -1)
        writer.put(hasEnrolled ? 1 : 0)
        writer.put(completedAt?.milliseconds ?? -1)
        writer.put(deviceName)
        writer.put(beganOwingChange ? 1 : 0)
        writer.put(hasMetLock ? 1 : 0)
        writer.put(Int64(pending.count))
        for enrolment in pending {
            writer.put(enrolment.id.text)
            writer.put(enrolment.label)
            writer.put(enrolment.sealedSecret)
            writer.put(enrolment.begunAt.milliseconds)
            writer.put(Int64(enrolment.wrongCodes))
        }
        return writer.bytes
    }

    /// Reads a record back; nil when the bytes are not one.
    package init?(encoded bytes: [UInt8]) {
        var reader = RecordReader(bytes)
        guard reader.integer() == Self.format, let client = reader.text(), let account = reader.text(),
            let used = reader.text(), let version = reader.integer(), let lane = reader.text(),
            let address = reader.text(),
            let userAgent = reader.optionalText(), let begun = reader.integer(), let expires = reader.integer(),
            let proof = reader.text(), let proven = reader.integer(), let enrolled = reader.integer(),
            let completed = reader.integer(), let device = reader.text(), let owing = reader.integer(),
            let met = reader.integer(), let count = reader.integer(), (0...16).contains(count)
        else { return nil }
        self.client = client
        self.account = AccountID(account)
        self.addressAsUsed = used
        self.passwordVersion = version
        self.lane = lane.isEmpty ? .shared : .device(lane)
        self.clientAddress = address
        self.userAgent = userAgent
        self.begunAt = WallInstant(milliseconds: begun)
        self.expiresAt = WallInstant(milliseconds: expires)
        switch proof.first {
        case nil: self.proof = nil
        case "t": self.proof = .totp(AuthenticatorID(String(proof.dropFirst())))
        case "r": self.proof = .recoveryCode
        case "e": self.proof = .enrolmentCode(id: String(proof.dropFirst()))
        case "s": self.proof = .sms(phone: String(proof.dropFirst()))
        default: return nil
        }
        self.provenAt = proven < 0 ? nil : WallInstant(milliseconds: proven)
        self.hasEnrolled = enrolled == 1
        self.completedAt = completed < 0 ? nil : WallInstant(milliseconds: completed)
        self.deviceName = device
        self.beganOwingChange = owing == 1
        self.hasMetLock = met == 1
        for _ in 0..<count {
            guard let id = reader.text(), let label = reader.text(), let secret = reader.blob(),
                let begun = reader.integer(), let wrong = reader.integer()
            else { return nil }
            pending.append(
                PendingEnrolment(
                    id: AuthenticatorID(id), label: label, sealedSecret: secret,
                    begunAt: WallInstant(milliseconds: begun), wrongCodes: Int(wrong)))
        }
        guard reader.isAtEnd else { return nil }
    }
}
