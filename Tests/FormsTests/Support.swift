import AuthDomain
import Foundation
import TestKit

@testable import Forms

/// Collects the rows of a file.
final class RowCollector: RowTaker {
    var rows: [TableRow] = []

    func take(_ row: TableRow) throws(FormFileError) {
        rows.append(row)
    }
}

/// Reads text as separated values.
func csvRows(_ text: String, limits: FormLimits = FormLimits()) throws -> [TableRow] {
    let folder = try TemporaryDirectory()
    let collector = RowCollector()
    try CSVFile.read(try folder.write(text, to: "f.csv"), limits: limits, into: collector)
    return collector.rows
}

/// Reads text as a form.
func form(_ kind: FormKind, _ text: String, limits: FormLimits = FormLimits()) throws -> FormDocument {
    let folder = try TemporaryDirectory()
    return try FormFile.read(try folder.write(text, to: "f.csv"), form: kind, limits: limits)
}

/// The forms of the annex, filled in, with their headings as printed there.
enum FilledForm {
    static let top = """
        TÊN CƠ QUAN CHỦ QUẢN;;CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM;;;;;
        SỞ THÔNG TIN VÀ TRUYỀN THÔNG;;Độc lập - Tự do - Hạnh phúc;;;;;
        Số: 12/STTTT;;Hà Nội, ngày 20 tháng 11 năm 2026;;;;;
        Kính gửi:;;;;;;;
        - Văn phòng UBND thành phố Hà Nội;;;;;;;;
        1. Thông tin người yêu cầu:;;;;;;;
        - Họ và tên: Lê Thị Yêu Cầu;;;;;;;
        - Điện thoại liên hệ: 0988777666;;;;;;;

        """

    static let organisation =
        top + """
            2. Danh sách đề nghị cấp mới hộp thư điện tử công vụ (Email) cho tổ chức, gồm:;;;;;;;
            TT;Tên cơ quan, đơn vị;Số Văn bản quyết định thành lập/thành lập lại;Họ và tên người đại diện quản lý Email;Số CMND/CCCD;Chức vụ;Số điện thoại;Ghi chú
            (1);(2);(3);(4);(5);(6);(7);(8)
            1;Phòng Công nghệ thông tin;QĐ 01/QĐ-UBND;Nguyễn Văn An;001088012345;Trưởng phòng;0912345678;
            2;…;;;;;;

            3. Danh sách đề nghị thu hồi, hủy bỏ hộp thư điện tử công vụ (Email) cho tổ chức, gồm:;;;;;;;
            TT;Tên cơ quan, đơn vị;Văn bản quyết định giải thể/thành lập lại;Địa chỉ Email đề nghị thu hồi/hủy bỏ;Họ và tên người đại diện quản lý Email;Số điện thoại;Ghi chú;
            1;Phòng Bưu chính;QĐ 02/QĐ-UBND;phongbc_sotttt@hanoi.gov.vn;Trần Thị Bình;0912345679;;
            ;;;;;THỦ TRƯỞNG CƠ QUAN;;
            ;;;;;(Ký, đóng dấu, ghi rõ họ tên);;
            """

    static let organisationChange =
        top + """
            2. Danh sách đề nghị thay đổi thông tin hộp thư điện tử công vụ (Email) cho tổ chức, gồm:;;;;;;;
            TT;Tên cơ quan, đơn vị;Địa chỉ Email sử dụng;Thông tin thay đổi;Thông tin đề nghị điều chỉnh;Lý do;;
            1;Sở TTTT;sotttt@hanoi.gov.vn;Người đại diện sử dụng Email/Số điện thoại đăng ký OTP;0912345678;Đổi số;;
            THỦ TRƯỞNG CƠ QUAN;;;;;;;
            """

    static let person =
        top + """
            2. Danh sách đề nghị cấp mới hộp thư điện tử công vụ cho cá nhân, gồm:;;;;;;;
            TT;Họ và tên;Cơ quan, đơn vị nơi công tác;Chức vụ (Nếu có);Số văn bản quyết định tuyển dụng/ tiếp nhận;Số CMND/CCCD;Số điện thoại đăng ký OTP;Ghi chú
            1;Nguyễn Văn An;Sở TTTT;Chuyên viên;QĐ 10/QĐ-STTTT;001088012345;0912345678;
            2;Trần Thị Bình;Sở TTTT;;QĐ 11/QĐ-STTTT;001088012346;912345679;mới
            3;;;;;;;

            3. Danh sách đề nghị thu hồi hộp thư điện tử công vụ cho cá nhân, gồm:;;;;;;;
            TT;Họ và tên;Cơ quan, đơn vị nơi công tác;Địa chỉ Email sử dụng;Số văn bản quyết định điều động/ngỉ hưu/ nghỉ việc;Số CMND/CCCD;Số điện thoại đăng ký OTP;Ghi chú
            1;Lê Văn Cường;Sở TTTT;levancuong_sotttt@hanoi.gov.vn;QĐ 12/QĐ-STTTT;001088012347;0912345670;nghỉ hưu
            """

    static let personChange =
        top + """
            2. Danh sách đề nghị thay đổi thông tin hộp thư điện tử công vụ (Email) cho cá nhân, gồm:;;;;;;;
            TT;Họ và tên;Cơ quan, đơn vị nơi công tác;Địa chỉ Email sử dụng;Thông tin thay đổi;Thông tin đề nghị điều chỉnh;Ghi chú;
            1;Lê Văn Cường;Sở TTTT;levancuong_sotttt@hanoi.gov.vn;Chức vụ/Số điện thoại đăng ký OTP ...;0912345670;;
            """

    static func text(_ kind: FormKind) -> String {
        switch kind {
        case .organisation: organisation
        case .organisationChange: organisationChange
        case .person: person
        case .personChange: personChange
        }
    }
}
