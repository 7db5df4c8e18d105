import AuthDomain
import Testing

@Suite("Recovery and enrolment codes (R-NIST-4)")
struct PrintedCodeTests {
    @Test("A set has ten codes, each naming its slot and surviving the typing of people")
    func set() throws {
        let random = (0..<70).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
        let codes = RecoveryCode.set(random: random)
        #expect(codes.map(\.slot) == Array(0..<10))
        #expect(Set(codes.map { String($0.text.dropFirst()) }).count == 10)
        for code in codes {
            #expect(code.text.split(separator: "-").map(\.count) == [4, 4, 4])
            #expect(code.text.utf8.allSatisfy { !"ILOU".utf8.contains($0) })
            let typed = code.text.lowercased().replacing("0", with: "O").replacing("1", with: "l").replacing(
                "-", with: " ")
            let read = try #require(RecoveryCode(parsing: typed))
            #expect(read.slot == code.slot && read.canonical == code.canonical)
            #expect("\(code)" == "***" && Mirror(reflecting: code).children.isEmpty)
        }
    }

    @Test("Eleven characters carry 55 bits: each of them changes the code")
    func entropy() {
        let zero = [UInt8](repeating: 0, count: 7)
        #expect(RecoveryCode(slot: 3, random: zero).text == "3000-0000-0000")
        #expect(RecoveryCode(slot: 9, random: [UInt8](repeating: 255, count: 7)).text == "9ZZZ-ZZZZ-ZZZZ")
        var seen: Set<String> = []
        for bit in 0..<55 {
            var random = zero
            random[bit / 8] = 0x80 >> UInt8(bit % 8)
            seen.insert(RecoveryCode(slot: 0, random: random).text)
        }
        #expect(seen.count == 55)
    }

    @Test("An enrolment code carries 60 bits and is read as people type it")
    func enrolment() throws {
        var seen: Set<String> = []
        for bit in 0..<60 {
            var random = [UInt8](repeating: 0, count: 8)
            random[bit / 8] = 0x80 >> UInt8(bit % 8)
            let code = EnrolmentCode(random: random)
            seen.insert(code.text)
            let read = try #require(EnrolmentCode(parsing: " " + code.text.lowercased() + " "))
            #expect(read.canonical == code.canonical)
            #expect("\(code)" == "***" && Mirror(reflecting: code).children.isEmpty)
        }
        #expect(seen.count == 60)
        #expect(EnrolmentCode(random: [UInt8](repeating: 0xFF, count: 8)).text == "ZZZZ-ZZZZ-ZZZZ")
    }

    @Test(
        "Rubbish is refused",
        arguments: [
            "", "0000", "0000-0000-000", "0000-0000-00000", "0000-0000-000U", "0000-0000-000é", "0000-0000-000\u{0}",
            "０000-0000-0000", "0000_0000_0000", String(repeating: "0", count: 100_000),
            String(repeating: " ", count: 60),
        ])
    func rubbish(raw: String) {
        #expect(RecoveryCode(parsing: raw) == nil)
        #expect(EnrolmentCode(parsing: raw) == nil)
    }

    @Test("A recovery code must name one of the ten slots", arguments: ["A000-0000-0000", "Z000-0000-0000"])
    func noSuchSlot(raw: String) {
        #expect(RecoveryCode(parsing: raw) == nil)
    }
}
