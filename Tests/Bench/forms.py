#!/usr/bin/env python3
"""Writes Mẫu 03 with many rows for the measurement of imports.

forms.py ROWS PATH: PATH ends in .csv or .xlsx. The workbook has what spreadsheet programs write: shared strings,
telephone numbers as numbers, an identity card column, the title of the annex above the table.
"""
import sys
import zipfile
from xml.sax.saxutils import escape

HEAD = ["TT", "Họ và tên", "Cơ quan, đơn vị nơi công tác", "Chức vụ (Nếu có)",
        "Số văn bản quyết định tuyển dụng/ tiếp nhận", "Số CMND/CCCD", "Số điện thoại đăng ký OTP", "Ghi chú",
        "Địa chỉ Email"]
TITLE = "2. Danh sách đề nghị cấp mới hộp thư điện tử công vụ cho cá nhân, gồm:"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
XML = '<?xml version="1.0" encoding="UTF-8"?>'


def row(number):
    return [number, f"Nguyễn Văn Số {number}", f"Phòng {number % 300}", "Chuyên viên", f"QĐ {number % 1000}/QĐ-UBND",
            f"00108{number:07d}", 912_000_000 + number % 999_999, "", f"nguoi{number}_sotttt@hanoi.gov.vn"]


def write_csv(path, count):
    with open(path, "w", encoding="utf-8") as file:
        file.write(TITLE + ";" * 8 + "\n" + ";".join(HEAD) + "\n")
        for number in range(1, count + 1):
            cells = row(number)
            cells[6] = f"0{cells[6]}"
            file.write(";".join(map(str, cells)) + "\n")


def write_xlsx(path, count):
    strings = {}

    def cell(column, line, value):
        reference = f"{chr(65 + column)}{line}"
        if isinstance(value, int):
            return f'<c r="{reference}"><v>{value}</v></c>'
        if not value:
            return ""
        return f'<c r="{reference}" t="s"><v>{strings.setdefault(value, len(strings))}</v></c>'

    def line(number, cells):
        return f'<row r="{number}">' + "".join(cell(c, number, v) for c, v in enumerate(cells)) + "</row>"

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f"{XML}<worksheet><sheetData>".encode())
            sheet.write((line(1, [TITLE]) + line(2, HEAD)).encode())
            for number in range(1, count + 1):
                sheet.write(line(number + 2, row(number)).encode())
            sheet.write(b"</sheetData></worksheet>")
        shared = "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
        archive.writestr("xl/sharedStrings.xml", f"{XML}<sst>{shared}</sst>")
        archive.writestr("xl/workbook.xml", f'{XML}<workbook xmlns:r="{RELATION}"><sheets>'
                         '<sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>')
        archive.writestr("xl/_rels/workbook.xml.rels", f'{XML}<Relationships><Relationship Id="rId1" '
                         f'Type="{RELATION}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
                         f'Type="{RELATION}/sharedStrings" Target="sharedStrings.xml"/></Relationships>')
        archive.writestr("_rels/.rels", f'{XML}<Relationships><Relationship Id="rId1" '
                         f'Type="{RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>')


if __name__ == "__main__":
    (write_xlsx if sys.argv[2].endswith(".xlsx") else write_csv)(sys.argv[2], int(sys.argv[1]))
