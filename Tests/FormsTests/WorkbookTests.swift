import AuthDomain
import Foundation
import TestKit
import Testing

@testable import Forms

/// Workbooks written by LibreOffice and by hand.
@Suite("Workbooks", .serialized)
struct WorkbookTests {
    @Test("A form of each kind written by LibreOffice reads like its text")
    func libreOffice() throws {
        let folder = try TemporaryDirectory()
        for kind in FormKind.allCases {
            try folder.write(FilledForm.text(kind), to: "mau\(kind.rawValue).csv")
        }
        let made = try Command.run(
            "soffice",
            [
                "-env:UserInstallation=file://" + folder.path("profile"), "--headless", "--convert-to", "xlsx",
                // Separator ;, quote ", UTF-8, from line 1, column types left to the program.
                "--infilter=CSV:59,34,76,1", "--outdir", folder.path("out"),
            ] + FormKind.allCases.map { folder.path("mau\($0.rawValue).csv") })
        #expect(made.status == 0, "\(made.error)")
        for kind in FormKind.allCases {
            let text = try form(kind, FilledForm.text(kind))
            let workbook = try FormFile.read(folder.path("out/mau\(kind.rawValue).xlsx"), form: kind)
            #expect(workbook.entries.map(\.part) == text.entries.map(\.part))
            for (read, expected) in zip(workbook.entries, text.entries) {
                #expect(read.position == expected.position)
                // The program takes a telephone number for a number and drops its zero.
                #expect(FormPhone.completed(read[.phone] ?? "") == FormPhone.completed(expected[.phone] ?? ""))
                #expect(read[.address] == expected[.address])
                #expect(read[.person] == expected[.person])
            }
        }
    }

    @Test("Cells merged over rows are filled, shared and inline strings and long numbers read")
    func cells() throws {
        let folder = try TemporaryDirectory()
        let sheet = """
            <row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>1</v></c><c r="C3" t="inlineStr"><is><t>Số điện </t>\
            <t>thoại</t></is></c><c r="D3" t="s"><v>2</v></c></row>
            <row r="4"><c r="A4"><v>1</v></c><c r="B4" t="str"><v>An</v></c><c r="C4"><v>8.4912345678E10</v></c>\
            <c r="D4" t="s"><v>3</v></c></row>
            <row r="5"><c r="A5"><v>2</v></c><c r="B5" t="inlineStr"><is><r><t>B&#236;</t></r><r><t>nh</t></r></is></c>\
            <c r="C5"><v>912345679</v></c></row>
            <row r="6"/><row r="7"><c r="XFD7"><v>9</v></c></row>
            """
        let path = try workbook(
            folder, sheet: sheet, shared: ["TT", "Họ và tên", "Cơ quan", "Sở TTTT"],
            behind: "<mergeCells count=\"1\"><mergeCell ref=\"D4:D5\"/></mergeCells>")
        let entries = try FormFile.read(path, form: .person).entries
        #expect(entries.map(\.position.row) == [4, 5])
        #expect(entries.map { $0[.phone] } == ["84912345678", "912345679"])
        #expect(entries.map { $0[.person] } == ["An", "Bình"])
        #expect(entries[1][.organisation] == entries[0][.organisation])
    }

    @Test(
        "Entities, document types and other encodings are refused",
        arguments: [
            "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>", "<!DOCTYPE x>",
            "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>",
        ])
    func entities(prolog: String) throws {
        let folder = try TemporaryDirectory()
        let row = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>&a;</t></is></c></row>"
        let path = try workbook(folder, sheet: row, prolog: prolog)
        #expect(throws: FormFileError.forbiddenXML("xl/worksheets/sheet1.xml")) {
            try FormFile.read(path, form: .person)
        }
        let other = try workbook(folder, sheet: row, declaration: "<?xml version=\"1.0\" encoding=\"UTF-7\"?>")
        #expect(throws: FormFileError.forbiddenXML("xl/worksheets/sheet1.xml")) {
            try FormFile.read(other, form: .person)
        }
    }

    @Test("An archive that unfolds beyond measure is refused before it does")
    func bomb() throws {
        let folder = try TemporaryDirectory()
        let path = try workbook(folder, sheet: "", padding: 64 << 20)
        let start = ContinuousClock.now
        #expect(throws: FormFileError.self) { try FormFile.read(path, form: .person) }
        #expect(start.duration(to: .now) < .seconds(2))
    }

    @Test("Limits on rows, nesting, entries and strings hold")
    func limits() throws {
        let folder = try TemporaryDirectory()
        let rows = (1...20).map { "<row r=\"\($0)\"><c r=\"A\($0)\"><v>\($0)</v></c></row>" }.joined()
        var few = FormLimits()
        few.rows = 10
        #expect(throws: FormFileError.self) {
            try FormFile.read(try workbook(folder, sheet: rows), form: .person, limits: few)
        }
        let deep = String(repeating: "<a>", count: 80) + String(repeating: "</a>", count: 80)
        #expect(throws: FormFileError.self) { try FormFile.read(try workbook(folder, sheet: deep), form: .person) }
        var entries = FormLimits()
        entries.archiveEntries = 3
        #expect(throws: FormFileError.self) {
            try FormFile.read(try workbook(folder, sheet: rows), form: .person, limits: entries)
        }
        var strings = FormLimits()
        strings.sharedStrings = 1
        #expect(throws: FormFileError.self) {
            try FormFile.read(
                try workbook(folder, sheet: rows, shared: ["a", "b"]), form: .person, limits: strings)
        }
    }

    @Test("A broken archive or part is refused, never a crash")
    func rubbish() throws {
        let folder = try TemporaryDirectory()
        let good = try Data(contentsOf: URL(fileURLWithPath: try workbook(folder, sheet: "<row/>", shared: ["a"])))
        let random = SeededRandom(seed: 11)
        let path = folder.path("broken.xlsx")
        for _ in 0..<200 {
            var bytes = Array(good)
            for _ in 0..<8 {
                let draw = random.bytes(count: 3)
                bytes[4 + (Int(draw[0]) << 8 | Int(draw[1])) % (bytes.count - 4)] = draw[2]
            }
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            #expect(throws: FormFileError.self) { try FormFile.read(path, form: .person) }
        }
        for count in stride(from: 4, to: good.count, by: 97) {
            try good.prefix(count).write(to: URL(fileURLWithPath: path))
            #expect(throws: FormFileError.self) { try FormFile.read(path, form: .person) }
        }
    }

    /// Writes a workbook of one sheet with Python's zip module.
    private func workbook(
        _ folder: TemporaryDirectory, sheet: String, shared: [String] = [], behind: String = "", prolog: String = "",
        declaration: String = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", padding: Int = 0
    ) throws -> String {
        let relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        try folder.write(
            "\(declaration)\(prolog)<worksheet><sheetData>\(sheet)</sheetData>\(behind)</worksheet>", to: "sheet1.xml")
        try folder.write(
            "<sst>" + shared.map { "<si><t>\($0)</t></si>" }.joined() + "</sst>", to: "sharedStrings.xml")
        try folder.write(
            "<workbook xmlns:r=\"\(relation)\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
            to: "workbook.xml")
        try folder.write(
            """
            <Relationships><Relationship Id="rId1" Type="\(relation)/worksheet" Target="worksheets/sheet1.xml"/>\
            <Relationship Id="rId2" Type="\(relation)/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>
            """, to: "book.rels")
        try folder.write(
            """
            <Relationships><Relationship Id="rId1" Type="\(relation)/officeDocument" Target="xl/workbook.xml"/>\
            </Relationships>
            """, to: "root.rels")
        let path = folder.path("book.xlsx")
        let script = """
            import sys, zipfile
            folder, padding = sys.argv[1], int(sys.argv[2])
            names = {"root.rels": "_rels/.rels", "book.rels": "xl/_rels/workbook.xml.rels",
                     "workbook.xml": "xl/workbook.xml", "sheet1.xml": "xl/worksheets/sheet1.xml",
                     "sharedStrings.xml": "xl/sharedStrings.xml"}
            with zipfile.ZipFile(folder + "/book.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
                for name, inner in names.items():
                    data = open(folder + "/" + name, "rb").read()
                    if name == "sheet1.xml": data += b" " * padding
                    archive.writestr(inner, data)
            """
        let made = try Command.run("python3", ["-c", script, folder.url.path, String(padding)])
        guard made.status == 0 else { throw OTPDError.command(made.error) }
        return path
    }
}
