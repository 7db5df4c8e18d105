package import AuthDomain

/// A clause in force, what the service does for it, and today's figures.
package struct ComplianceEntry: Sendable {
    /// The clause, such as "Điều 8.2.b".
    package let clause: String
    /// What it asks for, in short.
    package let duty: String
    /// What the service does.
    package let measure: String
    /// Figures: a stable word, what it counts, how many.
    package let figures: [ComplianceFigure]
}

/// One figure of an entry.
package struct ComplianceFigure: Sendable {
    /// A stable word for programs.
    package let code: String
    /// What it counts.
    package let label: String
    /// How many.
    package let count: Int
}

/// The whole summary at one moment.
package struct ComplianceReport: Sendable {
    /// When the figures were taken.
    package let at: WallInstant
    /// Every clause that asks something of the service, in the regulation's order.
    package let entries: [ComplianceEntry]
}

/// Puts the summary together (issue of the yearly review; R-SCOPE-6, R-LOG-2).
package struct ReportCompliance: Sendable {
    private let store: any ReportStore
    private let clock: any WallClock
    private let policy: ServicePolicy

    /// Makes the use case.
    package init(store: any ReportStore, clock: any WallClock, policy: ServicePolicy) {
        self.store = store
        self.clock = clock
        self.policy = policy
    }

    /// The summary as of now.
    package func callAsFunction() async throws(StoreUnavailable) -> ComplianceReport {
        let now = clock.now()
        let day = Duration.seconds(86_400)
        let horizon = ReportHorizon(
            oldPassword: now - policy.passwordMaximumAge, inactive45Days: now - day * AccountReport.inactiveDays,
            year: now - day * 365)
        let counts = try await store.counts(horizon)
        return ComplianceReport(at: now, entries: entries(counts, now: now))
    }

    private func entries(_ counts: ReportCounts, now: WallInstant) -> [ComplianceEntry] {
        mailboxEntries(counts) + lockEntries(counts) + recordEntries(counts, now: now) + passwordEntries(counts)
            + otpEntries(counts)
    }

    private func mailboxEntries(_ counts: ReportCounts) -> [ComplianceEntry] {
        [
            ComplianceEntry(
                clause: "Điều 3.2",
                duty: "Dịch vụ OTP là một phần của Hệ thống Thư điện tử, tên miền "
                    + "@hanoi.gov.vn và @thudo.gov.vn",
                measure:
                    "Phục vụ hộp thư của các tên miền \(policy.domains.joined(separator: ", ")); một hộp thư nhiều "
                    + "địa chỉ dùng chung một bộ đếm và một trạng thái khóa",
                figures: [ComplianceFigure(code: "in_use", label: "hộp thư đang dùng", count: counts.inUse)]),
            ComplianceEntry(
                clause: "Điều 5", duty: "Quy tắc đặt tên hộp thư cấp mới",
                measure: "Kiểm tra và cảnh báo khi cấp; đề xuất địa chỉ theo quy tắc khi nhập Mẫu 01, 03; không chặn "
                    + "hộp thư cũ", figures: []),
            ComplianceEntry(
                clause: "Điều 7.3, 7.4", duty: "Cấp mới, thay đổi, thu hồi theo Mẫu 01–04",
                measure: "Nhập mẫu CSV/XLSX, kiểm tra từng dòng, thực hiện một lần; mật khẩu tạm thời chỉ ra ngoài "
                    + "trong tệp mã hóa", figures: Self.lifecycleFigures(counts)),
        ]
    }

    private func lockEntries(_ counts: ReportCounts) -> [ComplianceEntry] {
        func figure(_ cause: LockCause) -> ComplianceFigure {
            ComplianceFigure(
                code: cause.rawValue, label: cause.wording(.vietnamese), count: counts.locks[cause] ?? 0)
        }
        return [
            ComplianceEntry(
                clause: "Điều 8.1", duty: "Tạm khóa: không truy cập, không gửi; vẫn nhận thư",
                measure: "Trả về quyền login/send/receive; receive luôn được phép",
                figures: [
                    ComplianceFigure(
                        code: "standing_locks", label: "lệnh khóa đang có hiệu lực",
                        count: counts.locks.values.reduce(0, +))
                ]),
            ComplianceEntry(
                clause: "Điều 8.2.a", duty: "Khóa khi 03 tháng không hoạt động mà không có lý do",
                measure:
                    "Tự khóa khi hết 03 tháng dương lịch tính từ lần đăng nhập, gửi, nhận cuối, trừ khi có lý do được "
                    + "ghi nhận hoặc thiếu số liệu gửi, nhận; danh sách 45 ngày để rà soát trước",
                figures: [
                    figure(.inactive3Months),
                    ComplianceFigure(
                        code: "inactive_45_days", label: "không đăng nhập từ 45 ngày", count: counts.inactive45Days),
                ]),
            ComplianceEntry(
                clause: "Điều 8.2.b", duty: "Khóa khi bị chiếm dụng, lộ lọt, sai mật khẩu 05 lần, phát tán thư rác",
                measure: "Khóa ở lần sai thứ \(policy.limit), tính chung mọi địa chỉ, giao thức và máy chủ; sai OTP "
                    + "\(policy.limit) lần cũng khóa; người vận hành khóa theo cảnh báo",
                figures: [.badPassword5, .badOTP5, .compromised, .credentialLeak, .spamMalware].map(figure)),
            ComplianceEntry(
                clause: "Điều 8.2.c", duty: "Khóa khi vi phạm Điều 4 khoản 1–5",
                measure: "Người vận hành khóa kèm văn bản", figures: [figure(.prohibitedAct)]),
            ComplianceEntry(
                clause: "Điều 8.2.d", duty: "Khóa khi không đổi mật khẩu mặc định trong 05 ngày từ khi thông báo",
                measure:
                    "Mật khẩu cấp phát ngẫu nhiên, bắt buộc đổi ở lần truy cập đầu; tự khóa khi hết hạn tính từ thông báo",
                figures: [
                    figure(.defaultNotChanged), figure(.temporaryPasswordExpired),
                    ComplianceFigure(
                        code: "first_passwords", label: "còn mật khẩu cấp phát lần đầu", count: counts.firstPasswords),
                    ComplianceFigure(
                        code: "without_notice", label: "trong đó chưa ghi thông báo", count: counts.withoutNotice),
                ]),
            ComplianceEntry(
                clause: "Điều 8.3", duty: "Khôi phục theo yêu cầu của tổ chức; đổi mật khẩu ở lần truy cập đầu",
                measure: "Chỉ khôi phục khi có văn bản, nội dung khắc phục theo nguyên nhân; buộc đổi mật khẩu",
                figures: [
                    ComplianceFigure(
                        code: "locks_of_year", label: "lượt khóa trong 365 ngày", count: counts.locksOfYear),
                    ComplianceFigure(
                        code: "restorations_of_year", label: "lượt khôi phục trong 365 ngày",
                        count: counts.restorationsOfYear),
                ]),
        ]
    }

    private func recordEntries(_ counts: ReportCounts, now: WallInstant) -> [ComplianceEntry] {
        let age = counts.oldestAuditRow.map { AccountReport.days(from: $0, to: now) } ?? 0
        return [
            ComplianceEntry(
                clause: "Điều 9.2", duty: "Lưu nhật ký tối thiểu 01 năm",
                measure:
                    "Nhật ký chỉ ghi thêm, nối chuỗi băm, kiểm chứng bằng otpd audit verify; hộp thư đã hủy chỉ còn mã "
                    + "định danh",
                figures: [
                    ComplianceFigure(code: "audit_rows", label: "dòng nhật ký", count: counts.auditRows),
                    ComplianceFigure(code: "audit_age_days", label: "tuổi dòng cũ nhất (ngày)", count: age),
                ]),
            ComplianceEntry(
                clause: "Điều 10.1.d", duty: "Thông báo trước tối thiểu 03 ngày khi dừng dịch vụ theo kế hoạch",
                measure: "otpd maintenance announce từ chối nếu báo sau hạn; GET /v1/maintenance cho trang đăng nhập",
                figures: []),
            ComplianceEntry(
                clause: "Điều 10.1.e, 14.7", duty: "Cung cấp tình trạng sử dụng; rà soát mỗi 06 tháng",
                measure: "otpd report organisation, review, inactive45; GET /v1/reports/…", figures: []),
            ComplianceEntry(
                clause: "Điều 11.1", duty: "Unicode (TCVN 6909:2001)",
                measure: "Mọi văn bản UTF-8; mật khẩu chuẩn hóa NFC trước khi băm", figures: []),
        ]
    }

    private func passwordEntries(_ counts: ReportCounts) -> [ComplianceEntry] {
        [
            ComplianceEntry(
                clause: "Điều 12.1", duty: "Đổi mật khẩu ở lần truy cập đầu và thường xuyên",
                measure: Self.rotation(policy),
                figures: [
                    ComplianceFigure(code: "must_change", label: "đang phải đổi mật khẩu", count: counts.mustChange),
                    ComplianceFigure(code: "old_passwords", label: "mật khẩu quá hạn", count: counts.oldPasswords),
                ]),
            ComplianceEntry(
                clause: "Điều 12.2", duty: "Tối thiểu 8 ký tự, có chữ hoa, số, ký tự đặc biệt (! @ # $ % &)",
                measure: "Kiểm tra mọi quy tắc cùng lúc, thêm danh sách mật khẩu dễ đoán và "
                    + "\(policy.password.historyDepth) mật khẩu gần nhất", figures: []),
            ComplianceEntry(
                clause: "Điều 15.2, 15.5", duty: "Không tiết lộ, dùng chung mật khẩu",
                measure: "Chỉ lưu bản băm; mật khẩu cấp phát chỉ hiện một lần hoặc trong tệp mã hóa; bàn giao hộp thư "
                    + "là cấp lại, không phải trao mật khẩu cũ", figures: []),
        ]
    }

    private func otpEntries(_ counts: ReportCounts) -> [ComplianceEntry] {
        [
            ComplianceEntry(
                clause: "Điều 13.1", duty: "Mọi hộp thư phải sử dụng dịch vụ OTP",
                measure: "Không có đường đăng nhập chỉ bằng mật khẩu",
                figures: [
                    ComplianceFigure(
                        code: "without_factor", label: "hộp thư chưa có OTP", count: counts.withoutFactor)
                ]),
            ComplianceEntry(
                clause: "Điều 13.2", duty: "OTP qua số điện thoại cá nhân hoặc ứng dụng",
                measure:
                    "Tin nhắn tới số đã đăng ký và ứng dụng TOTP (RFC 6238), mã dự phòng; số điện thoại lưu mã hóa",
                figures: [
                    ComplianceFigure(
                        code: "with_authenticator", label: "có ứng dụng OTP", count: counts.withAuthenticator),
                    ComplianceFigure(code: "with_phone", label: "có số điện thoại", count: counts.withPhone),
                ]),
            ComplianceEntry(
                clause: "Điều 15.9", duty: "Thao tác quản trị có người chịu trách nhiệm",
                measure: "Mỗi thao tác ghi người thực hiện, văn bản và lý do vào nhật ký", figures: []),
        ]
    }

    private static func lifecycleFigures(_ counts: ReportCounts) -> [ComplianceFigure] {
        [
            ComplianceFigure(code: "active", label: "đang hoạt động", count: counts.count(.active)),
            ComplianceFigure(code: "transferred", label: "đang điều chuyển", count: counts.count(.transferred)),
            ComplianceFigure(code: "recalled", label: "đang thu hồi", count: counts.count(.recalled)),
        ]
    }

    private static func rotation(_ policy: ServicePolicy) -> String {
        let days = policy.passwordMaximumAge.components.seconds / 86_400
        return switch policy.rotation {
        case .remind: "Buộc đổi ở lần đầu; nhắc đổi sau \(days) ngày"
        case .enforce: "Buộc đổi ở lần đầu; buộc đổi sau \(days) ngày"
        case .off: "Buộc đổi ở lần đầu; không nhắc định kỳ"
        }
    }
}
