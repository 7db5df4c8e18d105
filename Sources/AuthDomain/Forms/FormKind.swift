/// The four forms of the annex by which mailboxes are asked for, changed and recalled (Đ7.3, Đ7.4, Phụ lục).
package enum FormKind: String, CaseIterable, Sendable {
    /// Mẫu số 01: new and recalled mailboxes of organisations.
    case organisation = "01"
    /// Mẫu số 02: changed data of organisations' mailboxes.
    case organisationChange = "02"
    /// Mẫu số 03: new and recalled mailboxes of persons.
    case person = "03"
    /// Mẫu số 04: changed data of persons' mailboxes.
    case personChange = "04"

    /// The parts with a table; part 1 names who asks, whose telephone is never taken (R-PHONE-3).
    package var parts: [FormPart] {
        switch self {
        case .organisation, .person: [.issue, .recall]
        case .organisationChange, .personChange: [.change]
        }
    }

    /// The clause that the form rests on.
    package var clause: String {
        switch self {
        case .organisation: "Điều 7.3"
        case .organisationChange: "Điều 7.3.c"
        case .person: "Điều 7.4"
        case .personChange: "Điều 7.4.b"
        }
    }
}

/// What the rows of one table of a form ask for.
package enum FormPart: String, CaseIterable, Sendable {
    /// Part 2 of Mẫu 01 and 03.
    case issue
    /// Part 3 of Mẫu 01 and 03.
    case recall
    /// Part 2 of Mẫu 02 and 04.
    case change
}

/// What a column of a form holds, as far as the service may know it.
///
/// The columns with the number of an identity card and with the position are not among them: their cells are dropped
/// unread (R-PDP-2).
package enum FormField: String, CaseIterable, Sendable {
    /// The running number.
    case number
    /// The organisation.
    case organisation
    /// The person, or the organisation's representative.
    case person
    /// Number and date of the decision.
    case document
    /// The telephone number for one-time codes (R-PHONE-1, R-PHONE-2).
    case phone
    /// The mailbox's address.
    case address
    /// What is to be changed.
    case change
    /// What it is to be changed to.
    case value
    /// Why.
    case reason
    /// Remarks.
    case note
    /// The type of mailbox, a column of our own in Mẫu 01.
    case mailboxKind
    /// The abbreviation of the unit, a column of our own.
    case abbreviation

    /// The heading in the form, or of our own column.
    package func heading(in form: FormKind, _ part: FormPart) -> String {
        switch self {
        case .number: "TT"
        case .organisation:
            form == .person || form == .personChange ? "Cơ quan, đơn vị nơi công tác" : "Tên cơ quan, đơn vị"
        case .person:
            form == .person || form == .personChange ? "Họ và tên" : "Họ và tên người đại diện quản lý Email"
        case .document: Self.documentHeading(form, part)
        case .phone: form == .organisation ? "Số điện thoại" : "Số điện thoại đăng ký OTP"
        case .address:
            switch part {
            case .issue: "Địa chỉ Email"
            case .recall where form == .organisation: "Địa chỉ Email đề nghị thu hồi/hủy bỏ"
            case .recall, .change: "Địa chỉ Email sử dụng"
            }
        case .change: "Thông tin thay đổi"
        case .value: "Thông tin đề nghị điều chỉnh"
        case .reason: "Lý do"
        case .note: "Ghi chú"
        case .mailboxKind: "Loại hộp thư"
        case .abbreviation: "Tên viết tắt"
        }
    }

    private static func documentHeading(_ form: FormKind, _ part: FormPart) -> String {
        switch (form, part) {
        case (.organisation, .recall): "Văn bản quyết định giải thể/thành lập lại"
        case (.organisation, _): "Số Văn bản quyết định thành lập/thành lập lại"
        case (_, .recall): "Số văn bản quyết định điều động/nghỉ hưu/nghỉ việc"
        case (_, _): "Số văn bản quyết định tuyển dụng/tiếp nhận"
        }
    }
}

/// Where a row stands in its file.
package struct FormPosition: Hashable, Comparable, Sendable {
    /// The sheet, counted from 1; 1 for a text file.
    package let sheet: Int
    /// The row as the program that wrote the file counts it, from 1; in a text file the line on which it begins.
    package let row: Int

    /// Makes a position.
    package init(sheet: Int, row: Int) {
        self.sheet = sheet
        self.row = row
    }

    /// Sheets in order, rows in order.
    package static func < (left: FormPosition, right: FormPosition) -> Bool {
        (left.sheet, left.row) < (right.sheet, right.row)
    }
}

/// One row of a form's table, with the cells that the service may know.
package struct FormEntry: Sendable {
    /// Where it stands.
    package let position: FormPosition
    /// What its table asks for.
    package let part: FormPart
    /// The cells, without white space around them; empty ones are left out.
    package let cells: [FormField: String]
    /// Which of the fields the table has a column for.
    package let columns: Set<FormField>

    /// Makes an entry.
    package init(position: FormPosition, part: FormPart, cells: [FormField: String], columns: Set<FormField>) {
        self.position = position
        self.part = part
        self.cells = cells
        self.columns = columns
    }

    /// The cell of a field; nil when it is empty.
    package subscript(_ field: FormField) -> String? { cells[field] }
}
