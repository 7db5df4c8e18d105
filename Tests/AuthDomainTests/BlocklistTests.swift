import AuthDomain
import Foundation
import Testing

@Suite("Blocklist (R-PW-5)")
struct BlocklistTests {
    static let shippedFile: [UInt8] = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appendingPathComponent("deploy/blocklist/blocklist.txt")
        return (try? Data(contentsOf: file)).map(Array.init) ?? []
    }()
    static let shipped = (try? Blocklist(parsing: shippedFile)) ?? Blocklist()

    @Test("Entries match whatever the case and diacritics, and nothing beside them")
    func matching() throws {
        let list = try Blocklist(parsing: Array("Hanoi@2026\r\n\nĐường@1\nHanoi@2026".utf8))
        #expect(list.count == 2)
        for text in ["Hanoi@2026", "hanoi@2026", "HÀNỘI@2026", "Duong@1", "đường@1"] { #expect(list.contains(text)) }
        for text in ["", "Hanoi@202", "Hanoi@20266", "Ha noi@2026", "H4noi@2026"] { #expect(!list.contains(text)) }
        #expect(!Blocklist().contains("Hanoi@2026"))
    }

    @Test("Files that are no blocklist are refused with the line named")
    func rubbish() {
        #expect(throws: BlocklistError.lineTooLong(line: 2)) {
            try Blocklist(parsing: Array("a\n".utf8) + [UInt8](repeating: 0x61, count: 1025))
        }
        #expect(throws: BlocklistError.notUTF8(line: 3)) {
            try Blocklist(parsing: Array("a\nb\n".utf8) + [0xFF, 0x0A])
        }
        #expect(throws: BlocklistError.tooLarge) {
            try Blocklist(parsing: [UInt8](repeating: 0x0A, count: Blocklist.byteLimit + 1))
        }
    }

    @Test("The shipped list: ten thousand entries at least, sorted, each once, each within Điều 12")
    func shippedEntries() {
        let lines = Self.shippedFile.split(separator: 0x0A)
        #expect(lines.count >= 10_000)
        #expect(Self.shipped.count == lines.count)
        var isSorted = true
        for (left, right) in zip(lines, lines.dropFirst()) where !left.lexicographicallyPrecedes(right) {
            isSorted = false
        }
        #expect(isSorted)
        let specials = Set("!@#$%&".utf8)
        let outside = lines.filter { line in
            line.count < 8 || !line.contains { (0x41...0x5A).contains($0) }
                || !line.contains { (0x30...0x39).contains($0) }
                || !line.contains(where: specials.contains)
        }
        #expect(outside.isEmpty)
    }

    @Test(
        "The shipped list leaves the reference passwords alone",
        arguments: ["Matkhau1!", "Matkhau1!*", "ABCD1234!", "Mật khẩu@1"])
    func references(text: String) {
        #expect(!Self.shipped.contains(text))
    }
}
