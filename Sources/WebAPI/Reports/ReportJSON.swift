internal import AuthDomain
package import AuthService
package import JSONText

/// Reports in JSON.
package enum ReportJSON {
    /// One account.
    package static func write(_ row: AccountReportRow, to writer: inout JSONWriter) {
        let account = row.account
        writer.object { writer in
            writer.field("address", account.address.text)
            writer.field("kind", account.kind.rawValue)
            writer.nullable("display_name", account.displayName)
            writer.nullable("organisation", account.organisation)
            writer.field("lifecycle", account.lifecycle.rawValue)
            writer.field("state", row.standing.rawValue)
            writer.object("capabilities") { writer in
                writer.field("login", row.capabilities.mayLogIn)
                writer.field("send", row.capabilities.maySend)
                writer.field("receive", row.capabilities.mayReceive)
            }
            writer.nullable("last_sign_in_at", account.lastSignInAt.map(RFC3339.format))
            writer.field("authenticators", account.authenticators.count)
            writer.field("recovery_codes_left", account.recoveryCodesLeft)
            writer.nullable("phone", account.maskedPhone)
            writer.field("must_change", account.password.mustChange)
            writer.field("password_changed_at", RFC3339.format(account.password.changedAt))
            writer.field("password_age_days", row.passwordAgeDays)
            writeStanding(row, to: &writer)
            writer.field("created_at", RFC3339.format(account.createdAt))
            writer.nullable("notified_at", account.notifiedAt.map(RFC3339.format))
        }
    }

    /// The summary of clauses.
    package static func write(_ report: ComplianceReport, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("at", RFC3339.format(report.at))
            writer.array("clauses", report.entries) { writer, entry in
                writer.object { writer in
                    writer.field("clause", entry.clause)
                    writer.field("duty", entry.duty)
                    writer.field("measure", entry.measure)
                    writer.array("figures", entry.figures) { writer, figure in
                        writer.object { writer in
                            writer.field("code", figure.code)
                            writer.field("label", figure.label)
                            writer.field("count", figure.count)
                        }
                    }
                }
            }
        }
    }

    private static func writeStanding(_ row: AccountReportRow, to writer: inout JSONWriter) {
        writer.array("locks", row.account.locks) { writer, lock in
            writer.object { writer in
                writer.field("cause", lock.cause.rawValue)
                writer.field("clause", lock.cause.clause)
                writer.field("since", RFC3339.format(lock.lockedAt))
            }
        }
        writer.array("deadlines", row.deadlines) { writer, deadline in
            writer.object { writer in
                writer.field("code", deadline.code)
                writer.field("at", RFC3339.format(deadline.at))
                writer.nullable("clause", deadline.clause)
            }
        }
        writer.strings("findings", row.findings.map(\.rawValue))
    }
}

/// The summary of clauses in Markdown, to be printed and signed.
package enum ComplianceMarkdown {
    /// The whole document.
    package static func text(_ report: ComplianceReport) -> String {
        var lines = [
            "# Thực hiện Quy chế Hệ thống Thư điện tử (Quyết định 1643/QĐ-UBND) tại dịch vụ OTP", "",
            "Số liệu tại thời điểm \(RFC3339.format(report.at)).", "",
            "| Điều khoản | Yêu cầu | Dịch vụ thực hiện | Số liệu |", "|---|---|---|---|",
        ]
        for entry in report.entries {
            let figures = entry.figures.map { "\($0.label): \($0.count)" }.joined(separator: "<br>")
            lines.append("| \(entry.clause) | \(entry.duty) | \(entry.measure) | \(figures) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
