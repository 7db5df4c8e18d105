import AuthDomain
import TestKit
import Testing

@testable import AuthService

@Suite("A sign-in as bytes")
struct SignInRecordTests {
    private static let at = WallInstant(milliseconds: 1_795_420_800_123)

    private static let records: [SignInRecord] = {
        let bare = SignInRecord(
            client: "sso", account: AccountID("acc_1"), addressAsUsed: "an", passwordVersion: 7, lane: .shared,
            clientAddress: "203.0.113.7", userAgent: nil, begunAt: at, expiresAt: at + .seconds(600))
        var full = bare
        full.lane = .device("thiết bị")
        full.userAgent = "Trình duyệt \u{0}\"\\ 🦆"
        full.proof = .totp(AuthenticatorID("aut_1"))
        full.provenAt = at + .seconds(1)
        full.hasEnrolled = true
        full.completedAt = at + .seconds(2)
        full.deviceName = "d1"
        full.beganOwingChange = true
        full.hasMetLock = true
        full.pending = (0..<3).map { number in
            PendingEnrolment(
                id: AuthenticatorID("aut_\(number)"), label: "Chị Hoa \(number)",
                sealedSecret: [UInt8](repeating: UInt8(number), count: number * 40), begunAt: at,
                wrongCodes: number)
        }
        var recovery = bare
        recovery.proof = .recoveryCode
        var enrolment = bare
        enrolment.proof = .enrolmentCode(id: "enr_1")
        return [bare, full, recovery, enrolment]
    }()

    @Test("reads back what was written", arguments: records)
    func roundTrip(_ record: SignInRecord) {
        #expect(SignInRecord(encoded: record.encoded()) == record)
    }

    @Test("every truncation and every added byte is refused", arguments: records)
    func truncations(_ record: SignInRecord) {
        let bytes = record.encoded()
        for count in 0..<bytes.count { #expect(SignInRecord(encoded: Array(bytes[..<count])) == nil) }
        #expect(SignInRecord(encoded: bytes + [0]) == nil)
    }

    @Test("20,000 random and damaged records never end the process")
    func rubbish() {
        let random = SeededRandom(seed: 42)
        let whole = Self.records[1].encoded()
        for round in 0..<20_000 {
            let noise = random.bytes(count: 4 + round % 200)
            _ = SignInRecord(encoded: noise)
            var damaged = whole
            for place in 0..<3 {
                let index = (Int(noise[place]) << 8 | Int(noise[place + 1])) % damaged.count
                damaged[index] = noise[place]
            }
            guard let read = SignInRecord(encoded: damaged) else { continue }
            _ = read.encoded()
        }
    }

    @Test("lengths that lie are refused without an allocation of their size")
    func lyingLengths() {
        var writer = RecordWriter()
        writer.put(Int64.max)
        for length in [Int64.max, Int64.min, -1, 9] {
            var lying = RecordWriter()
            lying.put(length)
            var reader = RecordReader(lying.bytes)
            #expect(reader.blob() == nil)
        }
        var invalid = RecordWriter()
        invalid.put([0xFF, 0xFE])
        var reader = RecordReader(invalid.bytes)
        #expect(reader.text() == nil)
    }
}
