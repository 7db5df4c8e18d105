/// What `otpd forms --help` prints.
enum FormsHelp {
    static let text = """
        otpd forms import --config FILE --form 01|02|03|04 FORM [OPTIONS]

        Reads a form of the annex to the regulation (Mẫu 01 to 04, CSV in UTF-8 or XLSX), judges every row and prints
        what is wrong with it by row, column and reason. Nothing is changed without --apply.

          --form KIND            01 organisations, 02 their changes, 03 persons, 04 their changes
          --apply                carry the right rows out
          --mode rows|all        rows (default): what is right, although other rows are wrong; all: nothing unless
                                 every row is right
          --passwords files|sms  how temporary passwords leave: in sealed files (default), or by SMS to the number of
                                 each row; a row whose number takes none is wrong unless there are files as well
          --certificate FILE     the operator's certificate (PEM) to which temporary passwords are sealed
          --out PREFIX           where sealed files go: PREFIX-<file>-<part>.p7m, 2,000 accounts each
          --abbreviation WORD    the organisation's abbreviation, for proposed addresses: sotttt
          --accept-proposals     take the proposed addresses
          --document TEXT        number and date of the paper that the form came with
          --notified-at INSTANT  when the owners are told (RFC 3339); the 05 days of Điều 8.2.d run from it
          --heads                those recalled are heads of bodies: kept 60 days from the decision instead of 30
          --json                 one JSON object a line: every row, then a summary

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
        of sms.all_per_minute and sms.money_per_day; what a budget or a gateway refuses is sent later. A first sign-in
        then needs no activation code. "otpd forms messages --config FILE [--json]" lists what waits and what never
        arrived; POST /v1/accounts/{address}/password-resets issues such a password anew.
        An interrupted import goes on where it was: run it again with the same file. Columns with identity card
        numbers and positions are dropped unread.
        Exit codes: 0 every row right or done, 1 rows are wrong, 65 the file is no such form, 73 a sealed file cannot
        be written.
        """
}
