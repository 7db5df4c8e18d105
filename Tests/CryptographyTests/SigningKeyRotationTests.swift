import AuthDomain
import AuthService
import Cryptography
import Testing

@Suite("Signing keys in turn")
struct SigningKeyRotationTests {
    private static let day = Duration.seconds(86_400)
    private static let start = WallInstant(seconds: 1_800_000_000)
    private let rule = SigningKeyRotation(interval: day * 90, publishAhead: day, retention: day)

    private func key(_ id: String, day: Int) -> SigningKeyRecord {
        let signsFrom = Self.start + Self.day * day
        return SigningKeyRecord(id: id, sealedKey: [], createdAt: signsFrom, signsFrom: signsFrom)
    }

    private func plan(_ keys: [SigningKeyRecord], day: Int, plus: Duration = .zero) -> SigningKeyRotation.Plan {
        rule.plan(keys: keys, now: Self.start + Self.day * day + plus)
    }

    @Test("The first key signs at once")
    func first() {
        #expect(plan([], day: 0) == .init(newKeySignsFrom: Self.start, removals: []))
    }

    @Test("The next is made a day ahead and takes over at the end of the interval")
    func due() {
        #expect(plan([key("a", day: 0)], day: 88) == .init(newKeySignsFrom: nil, removals: []))
        let early = plan([key("a", day: 0)], day: 89, plus: .milliseconds(-1))
        #expect(early == .init(newKeySignsFrom: nil, removals: []))
        let due = plan([key("a", day: 0)], day: 89)
        #expect(due == .init(newKeySignsFrom: Self.start + Self.day * 90, removals: []))
        // After a long stop it is published a day ahead all the same.
        let late = plan([key("a", day: 0)], day: 300)
        #expect(late == .init(newKeySignsFrom: Self.start + Self.day * 301, removals: []))
    }

    @Test("While one is to come no other is made; a retired one goes after the retention")
    func retired() {
        let keys = [key("a", day: 0), key("b", day: 90)]
        #expect(plan(keys, day: 89) == .init(newKeySignsFrom: nil, removals: []))
        #expect(plan(keys, day: 91) == .init(newKeySignsFrom: nil, removals: []))
        let after = plan(keys, day: 91, plus: .milliseconds(1))
        #expect(after == .init(newKeySignsFrom: nil, removals: ["a"]))
        let three = [key("c", day: 180), key("a", day: 0), key("b", day: 90)]
        #expect(plan(three, day: 182) == .init(newKeySignsFrom: nil, removals: ["a", "b"]))
    }

    @Test("A clock stepped back makes and removes nothing")
    func steppedBack() {
        #expect(plan([key("a", day: 0)], day: -400) == .init(newKeySignsFrom: nil, removals: []))
    }

    @Test("Several instances at once end with one new key and one audit row, at the start and at each turn")
    func instances() async throws {
        let shelf = SigningKeyShelf()
        let clock = HandClock(Self.start)
        let box = RingSecretBox(ring: try Rings.ring(1), random: SystemRandom())
        let instances = (0..<4).map { _ in
            RotateSigningKeys(
                store: shelf, box: box, maker: ES256KeyMaker(), clock: clock, rotation: rule,
                provenance: Provenance(client: "otpd", entry: "api"))
        }
        for (day, count) in [(0, 1), (89, 2), (90, 2), (92, 1), (179, 2)] {
            clock.advance(by: Self.start + Self.day * day - clock.now())
            let seen = try await withThrowingTaskGroup(of: [String].self) { group in
                for instance in instances { group.addTask { try await instance().map(\.id) } }
                return try await group.reduce(into: Set<[String]>()) { $0.insert($1) }
            }
            let stored = try await shelf.signingKeys().map(\.id)
            #expect(stored.count == count, "day \(day)")
            #expect(seen.contains(stored))
        }
        #expect(shelf.made.count == 3)
        #expect(shelf.made.allSatisfy { $0.code == .signingKeyMade && $0.result == .success })
    }

    @Test("When no stored key opens any more, a new one signs at once")
    func ringReplaced() async throws {
        let shelf = SigningKeyShelf()
        let clock = HandClock(Self.start)
        for byte in [UInt8(1), 2] {
            let box = RingSecretBox(ring: try Rings.ring(byte), random: SystemRandom())
            let rotate = RotateSigningKeys(
                store: shelf, box: box, maker: ES256KeyMaker(), clock: clock, rotation: rule,
                provenance: Provenance(client: "otpd", entry: "api"))
            let records = try await rotate()
            let signer = ES256TokenSigner(box: box)
            #expect(signer.load(records: records, now: clock.now()).count == records.count - 1)
            #expect(try !signer.sign(payload: [], type: "t").isEmpty)
        }
    }
}
