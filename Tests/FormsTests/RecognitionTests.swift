import AuthDomain
import Foundation
import Testing

@testable import Forms

@Suite("Recognising Mẫu 01 to 04 (R-PHONE-4)")
struct RecognitionTests {
    @Test("Mẫu 01: both parts, without numbering, empty and signature rows")
    func organisation() throws {
        let document = try form(.organisation, FilledForm.organisation)
        #expect(document.entries.map(\.part) == [.issue, .recall])
        let issue = document.entries[0]
        #expect(issue[.organisation] == "Phòng Công nghệ thông tin")
        #expect(issue[.person] == "Nguyễn Văn An")
        #expect(issue[.phone] == "0912345678")
        #expect(issue[.document] == "QĐ 01/QĐ-UBND")
        #expect(document.entries[1][.address] == "phongbc_sotttt@hanoi.gov.vn")
    }

    @Test("Mẫu 02, 03 and 04")
    func others() throws {
        let change = try form(.organisationChange, FilledForm.organisationChange).entries
        #expect(change.map(\.part) == [.change])
        #expect(change[0][.value] == "0912345678")
        let person = try form(.person, FilledForm.person).entries
        #expect(person.map(\.part) == [.issue, .issue, .recall])
        #expect(person[1][.phone] == "912345679")
        let personChange = try form(.personChange, FilledForm.personChange).entries
        #expect(personChange[0][.change] == "Chức vụ/Số điện thoại đăng ký OTP ...")
    }

    @Test("Identity card numbers and positions are dropped unread (R-PDP-2)", arguments: FormKind.allCases)
    func dropped(kind: FormKind) throws {
        let told = "\(try form(kind, FilledForm.text(kind)))"
        #expect(!told.contains("00108801234"))
        #expect(!told.contains("Chuyên viên") && !told.contains("Trưởng phòng"))
        #expect(!told.contains("0988777666"), "the requester's telephone (R-PHONE-3)")
    }

    @Test("Accents composed or not, capitals, line breaks and spaces in headings make no difference")
    func headings() throws {
        for kind in FormKind.allCases {
            let plain = try form(kind, FilledForm.text(kind))
            let decomposed = FilledForm.text(kind).decomposedStringWithCanonicalMapping
            #expect(try form(kind, decomposed).entries.map(\.cells) == plain.entries.map(\.cells))
        }
        let shouting = """
            STT;HỌ VÀ TÊN;"CƠ QUAN,
            ĐƠN VỊ NƠI CÔNG TÁC";"SỐ ĐIỆN THOẠI
            ĐĂNG KÝ  OTP"
            1;An;Sở;0912345678
            """
        #expect(try form(.person, shouting).entries.first?[.phone] == "0912345678")
    }

    @Test("A heading between rows is passed over; a numbered row with little in it is not")
    func strayRows() throws {
        let text = """
            TT;Họ và tên;Số điện thoại đăng ký OTP
            I;Khối văn phòng;
            1;An;0912345678
            ;Phòng hành chính;
            2;Bình;
            3;;
            """
        let document = try form(.person, text)
        #expect(document.entries.map(\.position.row) == [3, 5])
        #expect(document.passedOver.map(\.row) == [2, 4])
    }

    @Test("A file without the form's table is refused with the headings it needs")
    func noTable() {
        #expect(throws: FormFileError.noTable(expected: ["Họ và tên", "Số điện thoại đăng ký OTP"])) {
            try form(.person, "a;b;c\n1;2;3")
        }
        #expect(throws: FormFileError.self) { try form(.personChange, FilledForm.person) }
    }
}
