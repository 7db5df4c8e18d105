import AuthDomain
import Foundation
import TestKit
import Testing

@testable import Forms

@Suite("Separated values (RFC 4180)")
struct CSVTests {
    @Test("Quotes, separators, line ends and byte order mark", arguments: [",", ";", "\t"])
    func dialects(separator: String) throws {
        let line = ["a", "\"b\(separator)c\"", "\"d\"\"e\"", "\"f\ng\"", ""].joined(separator: separator)
        let rows = try csvRows("\u{FEFF}" + line + "\r\nx\(separator)y\(separator)z\rlast")
        #expect(rows.map(\.cells) == [["a", "b\(separator)c", "d\"e", "f\ng", ""], ["x", "y", "z"], ["last"]])
        #expect(rows.map(\.number) == [1, 3, 4])
    }

    @Test("The separator is the one of the table, not of the prose above it")
    func prose() throws {
        let rows = try csvRows("Kính gửi: A, B, C\nTT;Họ và tên;Số\n1;An, Bình;2")
        #expect(rows[2].cells == ["1", "An, Bình", "2"])
    }

    @Test("Windows and Unix line ends are one line each, also inside quotes")
    func lineNumbers() throws {
        let rows = try csvRows("a;b\r\n\"x\r\ny\";c\r\n\r\nd;e\n")
        #expect(rows.map(\.number) == [1, 2, 4, 5])
        #expect(rows[1].cells == ["x\r\ny", "c"])
    }

    @Test("Limits hold")
    func limits() throws {
        var limits = FormLimits()
        limits.rows = 2
        limits.columns = 3
        limits.cellBytes = 5
        limits.fileBytes = 100
        for text in ["a\nb\nc", "a;b;c;d", "abcdef", String(repeating: "x\n", count: 60)] {
            #expect(throws: FormFileError.self) { try csvRows(text, limits: limits) }
        }
    }

    @Test("What is not UTF-8 or not closed is refused")
    func refused() throws {
        #expect(throws: FormFileError.badQuoting(line: 2)) { try csvRows("a\n\"b\nc") }
        #expect(throws: FormFileError.badQuoting(line: 1)) { try csvRows("\"a\"b") }
        let folder = try TemporaryDirectory()
        let utf16 = folder.path("u.csv")
        try Data([0xFF, 0xFE, 0x61, 0]).write(to: URL(fileURLWithPath: utf16))
        #expect(throws: FormFileError.notUTF8) { try FormFile.read(utf16, form: .person) }
        let latin = folder.path("l.csv")
        try Data([0x61, 0xE9, 0x0A]).write(to: URL(fileURLWithPath: latin))
        #expect(throws: FormFileError.notUTF8) { try FormFile.read(latin, form: .person) }
        #expect(throws: FormFileError.self) { try FormFile.read(folder.url.path, form: .person) }
        #expect(throws: FormFileError.self) { try FormFile.read("/dev/zero", form: .person) }
    }

    @Test("Rubbish is read or refused, never a crash")
    func rubbish() throws {
        let random = SeededRandom(seed: 7)
        let folder = try TemporaryDirectory()
        let path = folder.path("r")
        let alphabet: [UInt8] = Array("\"\"\";;,,\t\n\rTTPK<é\u{FEFF}1".utf8) + [0, 0xFF, 0x80]
        for _ in 0..<300 {
            let bytes = random.bytes(count: 400).map { alphabet[Int($0) % alphabet.count] }
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            #expect(throws: FormFileError.self) { try FormFile.read(path, form: .person) }
        }
    }
}
