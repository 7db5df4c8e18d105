import Testing

@testable import AuthDomain

@Suite("Texts of forms")
struct FormTests {
    @Test(
        "Addresses are proposed by Điều 5 (R-ADDR-2)",
        arguments: [
            ("Nguyễn Văn Ân", "sotttt", "nguyenvanan_sotttt"), ("Đỗ Thị Ước", "SoTTTT", "dothiuoc_sotttt"),
            ("  Lê   Thế-Anh ", "phongcntt_sotttt", "letheanh_phongcntt_sotttt"),
        ])
    func persons(name: String, abbreviation: String, expected: String) {
        #expect(AddressProposal.person(name, organisation: abbreviation) == expected)
    }

    @Test("Nothing is proposed without a full name or an abbreviation")
    func noProposal() {
        #expect(AddressProposal.person("An", organisation: "sotttt") == nil)
        #expect(AddressProposal.person("Nguyễn Văn An", organisation: "…") == nil)
        #expect(AddressProposal.person(String(repeating: "nguyen ", count: 12), organisation: "sotttt") == nil)
    }

    @Test("Organisations, their units and their clerical and technical mailboxes (Đ5.1)")
    func organisations() {
        func proposal(_ name: String, own: String? = nil, parent: String? = nil, _ kind: AccountKind = .organisation)
            -> String?
        { AddressProposal.organisation(name, own: own, parent: parent, kind: kind) }
        #expect(proposal("Sở Thông tin và Truyền thông") == "sotttt")
        #expect(proposal("Phòng Công nghệ thông tin", parent: "sotttt") == "phongcntt_sotttt")
        #expect(proposal("Sở TTTT", own: "sotttt", parent: "sotttt") == "sotttt")
        #expect(proposal("Sở Thông tin và Truyền thông", .clerical) == "vanthu_sotttt")
        #expect(proposal("Sở Y tế", .technical) == "kythuat_soyt")
        #expect(AddressProposal.numbered("nguyenvanan_sotttt", 2) == "nguyenvanan2_sotttt")
        #expect(AddressProposal.numbered("sotttt", 3) == "sotttt3")
    }

    @Test("What Mẫu 02 and 04 want changed (R-PHONE-5, R-PHONE-6)")
    func changes() throws {
        let printed = "Người đại diện sử dụng Email/Số điện thoại đăng ký OTP"
        let phone = try PhoneNumber(parsing: "0912345678")
        func read(_ change: String, _ value: String, _ form: FormKind = .organisationChange) throws -> RequestedChange {
            try RequestedChange.read(change, to: value, in: form)
        }
        #expect(try read(printed, "0912 345 678") == .phone(phone))
        #expect(try read(printed, "912345678") == .phone(phone))
        #expect(try read(printed, "Trần Văn Bình - SĐT: 0912.345.678") == .representative(name: "Trần Văn Bình", phone))
        #expect(
            try read("Người đại diện", "Trần Văn Bình, 0912345678") == .representative(name: "Trần Văn Bình", phone))
        #expect(throws: FormProblem.representativeIncomplete) { try read("Người đại diện", "Trần Văn Bình") }
        #expect(throws: FormProblem.representativeIncomplete) { try read("Người đại diện", "0912345678") }
        #expect(throws: FormProblem.representativeIncomplete) { try read(printed, "Trần Văn Bình") }
        #expect(throws: FormProblem.phone(.value, .several)) { try read("Số điện thoại", "0912345678 / 0912345679") }
        #expect(throws: FormProblem.landline(.value)) { try read("Số điện thoại", "024 3825 3536") }
        #expect(throws: FormProblem.unknownChange) { try read("Màu sắc", "đỏ") }
        let both = "Chức vụ/Số điện thoại đăng ký OTP ..."
        #expect(try read(both, "0912345678", .personChange) == .phone(phone))
        #expect(try read(both, "Phó Giám đốc", .personChange) == .nothing)
        #expect(throws: FormProblem.valueWithoutPhone) { try read("Số điện thoại OTP", "như cũ", .personChange) }
        #expect(try read("Họ và tên", "Lê Thị Cúc", .personChange) == .name("Lê Thị Cúc"))
        #expect(try read("Cơ quan, đơn vị", "Sở Y tế", .personChange) == .organisation("Sở Y tế"))
        #expect(throws: FormProblem.valueIsNoName) { try read("Họ và tên", "123", .personChange) }
    }

    @Test("Reasons carry no telephone number and no name")
    func discretion() {
        for problem in [FormProblem.phone(.value, .several), .landline(.phone), .representativeIncomplete] {
            #expect(!problem.message.contains { $0.isNumber })
        }
    }

    @Test("A long temporary password follows the policy and has three blocks (R-FIRST-7)")
    func longPassword() {
        let random = (0..<TemporaryPassword.longRandomByteCount).map { UInt8($0 & 255) }
        let text = TemporaryPassword.makeLong(random: random).revealed()
        #expect(text.count == 29)
        #expect(text.split { "!@#$%&".contains($0) }.map(\.count) == [9, 9, 9])
        let context = PasswordContext(addresses: [], year: 2026)
        #expect(PasswordPolicy().violations(of: TemporaryPassword.makeLong(random: random), context: context).isEmpty)
    }
}
