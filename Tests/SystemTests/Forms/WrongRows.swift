import AuthDomain
import Testing

/// A form with rows that are wrong in every way that a form of its kind can be, and some that are right.
struct WrongRows: Sendable, CustomTestStringConvertible {
    /// A row as it stands in the file.
    struct Row: Sendable {
        let part: FormPart
        let cells: [FormField: String]
        /// What is wrong with it; nothing with a right row.
        let problems: [Problem]
    }

    /// One thing that is wrong: in which column, and what.
    struct Problem: Hashable, Sendable {
        let field: FormField
        let code: FormProblem.Code

        init(_ field: FormField, _ code: FormProblem.Code) {
            self.field = field
            self.code = code
        }
    }

    let form: FormKind
    let rows: [Row]

    var testDescription: String { "Mẫu \(form.rawValue)" }

    /// One form of each kind.
    static let all = [organisation, organisationChange, person, personChange]

    /// The columns of a part, in the order of the annex; our own behind them.
    private static func columns(_ form: FormKind, _ part: FormPart) -> [FormField] {
        switch (form, part) {
        case (.organisation, .issue):
            [.number, .organisation, .document, .person, .phone, .note, .address, .mailboxKind, .abbreviation]
        case (.organisation, _): [.number, .organisation, .document, .address, .person, .phone, .note]
        case (.person, .issue): [.number, .person, .organisation, .document, .phone, .note, .address, .abbreviation]
        case (.person, _): [.number, .person, .organisation, .address, .document, .phone, .note]
        case (.organisationChange, _): [.number, .organisation, .address, .change, .value, .reason]
        case (.personChange, _): [.number, .person, .organisation, .address, .change, .value, .note]
        }
    }

    /// The file, and for each row the line on which it stands.
    func file() -> (text: String, lines: [Int]) {
        var lines: [String] = ["SỞ THÔNG TIN VÀ TRUYỀN THÔNG", ""]
        var places: [Int] = []
        var part: FormPart?
        for (index, row) in rows.enumerated() {
            let columns = Self.columns(form, row.part)
            if row.part != part {
                part = row.part
                let title = row.part == .recall ? "thu hồi" : row.part == .issue ? "cấp mới" : "thay đổi thông tin"
                lines.append("Danh sách đề nghị \(title) hộp thư điện tử công vụ, gồm:")
                lines.append(columns.map { $0.heading(in: form, row.part) }.joined(separator: ";"))
            }
            let cells = columns.map { $0 == .number ? String(index + 1) : row.cells[$0] ?? "" }
            lines.append(cells.joined(separator: ";"))
            places.append(lines.count)
        }
        lines += ["", "THỦ TRƯỞNG CƠ QUAN"]
        return (lines.joined(separator: "\n") + "\n", places)
    }

    private static func row(
        _ part: FormPart, _ base: [FormField: String], _ changed: [FormField: String], _ problems: Problem...
    ) -> Row {
        Row(part: part, cells: base.merging(changed) { $1 }, problems: problems)
    }

    private static let long = String(repeating: "dài ", count: 51)

    // MARK: New and recalled

    /// Whatever can be wrong with a new mailbox, of persons and organisations alike.
    private static func issue(_ base: [FormField: String], name: FormField) -> [Row] {
        func new(_ address: String, _ changed: [FormField: String], _ problems: Problem...) -> Row {
            var cells = changed
            if cells[.address] == nil { cells[.address] = address + "_sotttt@hanoi.gov.vn" }
            return Row(part: .issue, cells: base.merging(cells) { $1 }, problems: problems)
        }
        return [
            new("dung1", [:]),
            new("sai1", [.person: ""], Problem(.person, .missing)),
            new("sai2", [.organisation: ""], Problem(.organisation, .missing)),
            new("sai3", [.phone: ""], Problem(.phone, .missing)),
            new("sai4", [.person: long], Problem(.person, .unreadableText)),
            new("sai5", [.organisation: "Sở \u{E000}"], Problem(.organisation, .unreadableText)),
            new("sai6", [.phone: "(-)"], Problem(.phone, .phoneMissing)),
            new("sai7", [.phone: "12345"], Problem(.phone, .phoneMalformed)),
            new("sai8", [.phone: "0912345678 / 0912345679"], Problem(.phone, .phoneSeveral)),
            new("sai9", [.phone: "0122 123 4567"], Problem(.phone, .phoneOldPrefix)),
            new("sai10", [.phone: "0501234567"], Problem(.phone, .phoneUnassigned)),
            new("sai11", [.phone: "+1 650 253 0000"], Problem(.phone, .phoneForeign)),
            new("sai12", [.phone: "024 3825 3536"], Problem(.phone, .passwordUnsendable)),
            new("", [.address: String(repeating: "a", count: 65)], Problem(.address, .addressTooLong)),
            new("", [.address: "nguyễn_sotttt@hanoi.gov.vn"], Problem(.address, .addressNotASCII)),
            new("", [.address: "a b@hanoi.gov.vn"], Problem(.address, .addressMalformed)),
            new("", [.address: "an_sotttt@gmail.com"], Problem(.address, .addressForeignDomain)),
            new("", [.address: "", .abbreviation: "sotttt"], Problem(.address, .addressToConfirm)),
            new("", [.address: "", name: "…!"], Problem(.address, .addressMissing)),
            new("", [.address: "an_sotttt@hanoi.gov.vn"], Problem(.address, .addressTaken)),
            new("dung1", [:], Problem(.address, .addressRepeated)),
            new("dung2", [.phone: "+84 (0)912.345.670"]),
            new(
                "", [.address: "sotttt@gmail.com", .phone: "0", .person: ""], Problem(.person, .missing),
                Problem(.phone, .phoneMalformed), Problem(.address, .addressForeignDomain)),
        ]
    }

    private static func recall(_ base: [FormField: String], right: String, other: String, gone: String) -> [Row] {
        func recalled(_ address: String, _ problems: Problem...) -> Row {
            Row(part: .recall, cells: base.merging([.address: address]) { $1 }, problems: problems)
        }
        return [
            recalled("", Problem(.address, .missing)),
            recalled("khongco_sotttt@hanoi.gov.vn", Problem(.address, .addressUnknown)),
            recalled("\(other)@hanoi.gov.vn", Problem(.address, .otherKind)),
            recalled("\(gone)@hanoi.gov.vn", Problem(.address, .alreadyRecalled)),
            recalled("\(right)@hanoi.gov.vn"),
            recalled("\(right)@hanoi.gov.vn", Problem(.address, .accountRepeated)),
            recalled("ạ@hanoi.gov.vn", Problem(.address, .addressNotASCII)),
        ]
    }

    private static let person: WrongRows = {
        let base: [FormField: String] = [
            .person: "Nguyễn Văn An", .organisation: "Sở TTTT", .document: "QĐ 10 ngày 10/11/2026",
            .phone: "0912345678",
        ]
        return WrongRows(
            form: .person,
            rows: issue(base, name: .person)
                + recall(base, right: "cuong_sotttt", other: "sotttt", gone: "nghi_sotttt"))
    }()

    private static let organisation: WrongRows = {
        let base: [FormField: String] = [
            .person: "Nguyễn Văn An", .organisation: "Phòng CNTT", .document: "QĐ 1 ngày 10/11/2026",
            .phone: "0912345678",
        ]
        let kind = row(
            .issue, base, [.address: "nhom_sotttt@hanoi.gov.vn", .mailboxKind: "Nhóm"],
            Problem(.mailboxKind, .mailboxKindUnknown))
        return WrongRows(
            form: .organisation,
            rows: issue(base, name: .organisation) + [kind]
                + recall(base, right: "phongbc_sotttt", other: "an_sotttt", gone: "phongcu_sotttt"))
    }()

    // MARK: Changes

    private static func changes(_ right: String, other: String, gone: String) -> [Row] {
        let base: [FormField: String] = [
            .organisation: "Sở TTTT", .person: "Nguyễn Văn An", .address: "khongai_sotttt@hanoi.gov.vn",
            .change: "Số điện thoại đăng ký OTP", .value: "0987654321",
        ]
        func change(_ changed: [FormField: String], _ problems: Problem...) -> Row {
            Row(part: .change, cells: base.merging(changed) { $1 }, problems: problems)
        }
        let known = "\(right)@hanoi.gov.vn"
        // A row is looked at in full: a mailbox that does not exist is named beside what is wrong with the change.
        func value(_ value: String, _ code: FormProblem.Code) -> Row {
            change([.value: value], Problem(.address, .addressUnknown), Problem(.value, code))
        }
        return [
            change([.address: known]),
            change([.address: known], Problem(.address, .accountRepeated)),
            change([:], Problem(.address, .addressUnknown)),
            change([.address: ""], Problem(.address, .missing)),
            change([.address: "a@b@c"], Problem(.address, .addressMalformed)),
            change([.address: "an@gmail.com"], Problem(.address, .addressForeignDomain)),
            change([.address: "\(other)@hanoi.gov.vn"], Problem(.address, .otherKind)),
            change([.address: "\(gone)@hanoi.gov.vn"], Problem(.address, .alreadyRecalled)),
            change([.change: ""], Problem(.address, .addressUnknown), Problem(.change, .missing)),
            change([.change: "Màu sắc"], Problem(.address, .addressUnknown), Problem(.change, .changeUnknown)),
            value("", .missing), value(long, .unreadableText), value("như cũ", .valueWithoutPhone),
            value("0912345678 / 0912345679", .phoneSeveral), value("01221234567", .phoneOldPrefix),
            value("0501234567", .phoneUnassigned), value("+16502530000", .phoneForeign),
            value("0912345", .phoneMalformed), value("024 3825 3536", .phoneLandline),
            change(
                [.change: "Cơ quan, đơn vị", .value: "123"], Problem(.address, .addressUnknown),
                Problem(.value, .valueIsNoName)),
        ]
    }

    private static let personChange = WrongRows(
        form: .personChange, rows: changes("an_sotttt", other: "sotttt", gone: "nghi_sotttt"))

    private static let organisationChange: WrongRows = {
        let base: [FormField: String] = [.organisation: "Sở TTTT", .change: "Người đại diện sử dụng Email"]
        let locked = row(
            .change, base, [.address: "khoa_sotttt@hanoi.gov.vn", .value: "Trần Văn Bình 0987654322"],
            Problem(.address, .locked))
        let incomplete = row(
            .change, base, [.address: "phongbc_sotttt@hanoi.gov.vn", .value: "Trần Văn Bình"],
            Problem(.value, .representativeIncomplete))
        return WrongRows(
            form: .organisationChange,
            rows: changes("sotttt", other: "an_sotttt", gone: "phongcu_sotttt") + [locked, incomplete])
    }()
}
