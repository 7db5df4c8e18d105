/// The two commands about forms, as the table has them.
enum FormsHelp {
    /// `forms import`.
    static func importForm(_ body: @escaping @Sendable (Arguments) async throws -> Void) -> Command {
        Command(
            "forms import", operand: "FORM", "check a form of the regulation row by row; --apply carries it out",
            options: importOptions, output: .lines, notes: importNotes,
            exits:
                "0 every row right or done, 1 rows are wrong, 65 the file is no such form, 73 a sealed file cannot be "
                + "written",
            example: "otpd forms import --config /etc/otpd/otpd.json --form 03 mau03.xlsx --abbreviation sotttt",
            body: body)
    }

    /// `forms messages`.
    static func messages(_ body: @escaping @Sendable (Arguments) async throws -> Void) -> Command {
        Command(
            "forms messages", "list messages of imports that wait, and those that never arrived",
            options: [.config, .json(.object, "the messages and how many there are")],
            notes: """
                The running service sends them. A password that never arrived is issued anew by POST
                /v1/accounts/{address}/password-resets, a code by PUT /v1/accounts/{address}/phone with the same number.
                """,
            example: "otpd forms messages --config /etc/otpd/otpd.json", body: body)
    }

    private static let importOptions: [Command.Option] = [
        .config, .required("form", "01|02|03|04", "01 organisations, 02 their changes, 03 persons, 04 their changes"),
        .flag("apply", "carry the right rows out; else nothing is changed"),
        .optional(
            "mode", "rows|all",
            "rows (default): what is right, although other rows are wrong;\nall: nothing unless every row is right"),
        .optional(
            "passwords", "files|sms",
            "how temporary passwords leave: in sealed files (default), or by SMS to the\nnumber of each row; a row whose "
                + "number takes none is wrong unless there are\nfiles as well"),
        .optional(
            "certificate", "FILE", "the operator's certificate (PEM) to which temporary passwords are sealed"),
        .optional("out", "PREFIX", "where sealed files go: PREFIX-<file>-<part>.p7m, 2,000 accounts each"),
        .optional("abbreviation", "WORD", "the organisation's abbreviation, for proposed addresses: sotttt"),
        .flag("accept-proposals", "take the proposed addresses"),
        .optional(
            "document", "TEXT", "number and date of the paper that the form came with, at most 150 characters"),
        .optional(
            "notified-at", "INSTANT",
            "when the owners are told (RFC 3339); the 05 days of Điều 8.2.d run from it.\nA password by SMS is a notice by "
                + "itself"),
        .flag("heads", "those recalled are heads of bodies: kept 60 days from the decision instead of 30"),
        .json(.lines, "every row, then a summary"),
    ]

    private static let importNotes = """
        Reads a form of the annex to the regulation (Mẫu 01 to 04, CSV in UTF-8 or XLSX), judges every row and prints
        what is wrong with it by row, column and reason. Columns with identity card numbers and positions are dropped
        unread. An interrupted import goes on where it was: run it again with the same file.

        Addresses of new mailboxes: Mẫu 01 and 03 have no column for them. Add a column "Địa chỉ Email", or give
        --abbreviation: then an address by Điều 5 is proposed for each row, with a number for namesakes, and the row
        waits until --accept-proposals. A column "Tên viết tắt" overrides the abbreviation row by row; a column
        "Loại hộp thư" in Mẫu 01 says tổ chức (default), văn thư or kỹ thuật.

        A changed telephone number waits until a code sent there comes back: the running service sends one; a PUT to
        /v1/accounts/{address}/phone with the same number sends another. A new representative (Mẫu 02) ends every
        credential of the old one at once.

        Temporary passwords and activation codes are written nowhere but into the sealed files:
          openssl cms -decrypt -inform PEM -in FILE.p7m -recip CERTIFICATE.pem -inkey KEY.pem
        With --passwords sms they are kept sealed in the database until the running service has sent them, under half
        of sms.all_per_minute and sms.money_per_day and the other limits of sms; what a limit or a gateway refuses is sent
        later. A first sign-in
        then needs no activation code. "otpd forms messages" lists what waits and what never arrived.
        """
}
