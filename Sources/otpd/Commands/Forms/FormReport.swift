import AuthDomain
import AuthService
import JSONText

/// How many rows there are of each verdict.
struct FormTally {
    var rows: Int
    var planned = 0
    var wrong = 0
    var done = 0
    var nothing = 0
    var carriedOut = 0
    /// Messages that the service is to send.
    var messages = 0
    let passedOver: Int

    init(_ judged: [JudgedRow], passedOver: Int) {
        rows = judged.count
        self.passedOver = passedOver
        for row in judged {
            switch row.verdict {
            case .planned: planned += 1
            case .wrong: wrong += 1
            case .done: done += 1
            case .nothing: nothing += 1
            }
        }
    }
}

/// The report on an import, for people in Vietnamese or for programs in JSON; never a telephone number or a secret.
struct FormReport {
    let form: FormKind
    let isJSON: Bool
    let options: FormOptions

    /// A row with what became of it.
    func show(_ row: JudgedRow) {
        if isJSON { showJSON(row) } else { showText(row) }
    }

    /// A row that met a refusal while it was carried out.
    func showRefusal(_ position: FormPosition, _ problem: FormProblem) {
        guard isJSON else {
            text("\(place(position)): KHÔNG THỰC HIỆN ĐƯỢC – \(problem.message)")
            return
        }
        line { writer in
            writer.field("type", "refusal")
            writer.field("sheet", position.sheet)
            writer.field("row", position.row)
            writer.field("code", problem.code.rawValue)
            writer.field("message", problem.message)
        }
    }

    /// The end of the report.
    func finish(_ tally: FormTally, files: [String], applied: Bool, digest: [UInt8]) {
        guard isJSON else {
            Terminal.line(
                "\(tally.rows) dòng: \(tally.planned) đúng, \(tally.wrong) sai, \(tally.done) đã thực hiện trước đây, "
                    + "\(tally.nothing) không có việc, \(tally.passedOver) dòng xen giữa bỏ qua")
            Terminal.line(
                applied ? "đã thực hiện \(tally.carriedOut) dòng" : "chưa thực hiện gì; thêm --apply để thực hiện")
            if tally.messages > 0 {
                Terminal.line(
                    "\(tally.messages) tin nhắn do dịch vụ gửi đi; xem bằng \"otpd forms messages\"")
            }
            for file in files { Terminal.line("mật khẩu tạm thời (mã hóa cho chứng thư): \(file)") }
            return
        }
        line { writer in
            writer.field("type", "summary")
            writer.field("form", form.rawValue)
            writer.field("file_sha256", Hex.encode(digest))
            writer.field("rows", tally.rows)
            writer.field("right", tally.planned)
            writer.field("wrong", tally.wrong)
            writer.field("done_before", tally.done)
            writer.field("nothing_to_do", tally.nothing)
            writer.field("passed_over", tally.passedOver)
            writer.field("applied", applied)
            writer.field("carried_out", tally.carriedOut)
            writer.field("messages_ordered", tally.messages)
            writer.strings("sealed_files", files)
        }
    }

    private func place(_ position: FormPosition) -> String {
        position.sheet == 1 ? "dòng \(position.row)" : "trang \(position.sheet) dòng \(position.row)"
    }

    private func showText(_ row: JudgedRow) {
        let place = place(row.position)
        switch row.verdict {
        case .planned(let plan):
            let way = options.sendsPassword(of: plan) ? ", mật khẩu gửi qua tin nhắn" : ""
            text("\(place): \(plan.summary) \(plan.address.text)\(way)")
        case .nothing: text("\(place): không có việc")
        case .done(let address, let delivery):
            let file = delivery.map { ", tệp mật khẩu số \($0)" } ?? ""
            text("\(place): đã thực hiện trước đây, \(address.text)\(file)")
        case .wrong(let problems):
            for problem in problems {
                let column = problem.field.heading(in: form, row.part)
                text("\(place): SAI – cột “\(column)”: \(problem.message)")
            }
        }
        for warning in row.warnings {
            text("\(place): lưu ý – cột “\(warning.field.heading(in: form, row.part))”: \(warning.message)")
        }
    }

    private func showJSON(_ row: JudgedRow) {
        line { writer in
            writer.field("type", "row")
            writer.field("sheet", row.position.sheet)
            writer.field("row", row.position.row)
            writer.field("part", row.part.rawValue)
            switch row.verdict {
            case .planned(let plan):
                writer.field("verdict", "right")
                writer.field("act", plan.code)
                writer.field("address", plan.address.text)
                if plan.issuesSecrets {
                    writer.field("password_by", options.sendsPassword(of: plan) ? "sms" : "sealed_file")
                }
            case .nothing: writer.field("verdict", "nothing_to_do")
            case .done(let address, let delivery):
                writer.field("verdict", "done_before")
                writer.field("address", address.text)
                if let delivery { writer.field("sealed_part", delivery) }
            case .wrong(let problems):
                writer.field("verdict", "wrong")
                writer.array("problems", problems) { writer, problem in
                    writer.object { writer in
                        writer.field("field", problem.field.rawValue)
                        writer.field("column", problem.field.heading(in: form, row.part))
                        writer.field("code", problem.code.rawValue)
                        writer.field("message", problem.message)
                    }
                }
            }
            writer.array("warnings", row.warnings) { writer, warning in
                writer.object { writer in
                    writer.field("column", warning.field.heading(in: form, row.part))
                    writer.field("message", warning.message)
                }
            }
        }
    }

    private func text(_ text: String) { Terminal.row(Array(text.utf8)) }

    private func line(_ body: (inout JSONWriter) -> Void) {
        Terminal.row(JSONWriter.object(body))
    }
}
