#!/usr/bin/env python3
"""Write blocklist.txt: passwords that satisfy Điều 12 and that everybody tries first.

Nothing is read; the same words and rules give the same file. Every entry has at least eight characters, a capital,
a digit and one of ! @ # $ % &, because the policy refuses all others anyway. The service compares without regard to
case and diacritics, so entries that differ only in these appear once.

    deploy/blocklist/generate.py > deploy/blocklist/blocklist.txt
"""

import sys

SPECIALS = "!@#$%&"

# Reference passwords that the policy must accept (Matkhau1!, ABCD1234!, Mật khẩu@1), with whatever signs follow:
# no entry may equal one of them when folded.
ALLOWED_STEMS = {"matkhau1", "abcd1234", "mat khau@1", "matkhau@1"}

PLACES = """
hanoi thudo thanglong hoankiem badinh dongda haibatrung caugiay thanhxuan hoangmai longbien tayho namtuliem
bactuliem hadong bavi chuongmy danphuong donganh gialam hoaiduc melinh myduc phuxuyen phuctho quocoai socson
thachthat thanhoai thanhtri thuongtin unghoa sontay cuanam hangbac hangdao hangbong hangtrong trangtien phuctan
ngocha kimma giangvo lieugiai congvi ngockhanh trucbach dienbien vinhphuc khuongthuong langha langthuong ochodua
kimlien phuonglien trungtu khamthien vanchuong quangtrung thoquan bachkhoa bachmai minhkhai vinhtuy thanhluong
truongdinh dongtam nghiatan nghiado maidich dichvong quanhoa trunghoa yenhoa khuongdinh khuongtrung kimgiang
nhanchinh phuongliet dinhcong daikim giapbat hoangliet linhdam tanmai tuongmai thinhliet vinhhung yenso ngoclam
bode ducgiang phucdong phucloi saidong viethung thachban cukhoi nhattan quangan thuykhue tulien xuanla yenphu
mydinh mytri caudien trungvan taymo daimo phuongcanh xuanphuong conhue xuandinh phudien thuyphuong
vanquan mola yennghia phuluong dongmai vanphuc vietnam vietnamese saigon danang haiphong cantho hue namdinh
thanhhoa nghean hatinh bacninh bacgiang haiduong hungyen thainguyen vinhphuc phutho ninhbinh thaibinh quangninh
""".lower().split()

OFFICES = """
vanthu kythuat vanphong ubnd hdnd sotttt sokhdt sotaichinh sonoivu sotuphap soyte sogddt sotnmt sogtvt soxaydung
socongthuong sovhtt sodulich songoaivu sokhcn soldtbxh sonnptnt thanhtra congan tinhuy thanhuy quanuy huyenuy
banqlda bantiepdan tinhoc congbao trungtam phongcntt phongnoivu phongtaichinh tochuc hanhchinh quantri lanhdao
giamdoc chutich phochutich bithu truongphong phophong chuyenvien nhanvien ketoan thuquy vanban congvan congvu
thudientu email hopthu webmail mail hethong maychu mangnoibo baomat antoan thongtin truyenthong chinhquyen
chinhphu dientu motcua dichvucong
""".split()

NAMES = """
nguyen tran pham hoang huynh phan vuong dang bui duong dinh trinh mai truong lam phung dao doan quach
anh an bao binh cuong chien chung cong dung dat duc giang ha hai hieu hoa hong hung huong huy khanh kien lan
lien linh loan long luong ly manh minh my nam nga ngan ngoc nhung oanh phong phuc phuong quan quang quyen quynh
son tam tan thang thanh thao thi thinh thuy thuong tien tinh toan trang trung tu tuan tung tuyet uyen van viet vinh
vu xuan yen nguyenvan tranvan phamvan levan hoangvan nguyenthi tranthi lethi phamthi hoanganh tuananh ngocanh
minhanh lananh thuhuong thuha thuylinh hoailinh minhduc minhhoang quanghuy quocviet ducanh vananh thanhtung
""".split()

COMMON = """
matkhau matma password passw0rd p@ssword p@ssw0rd admin admin1 administrator quantri quantrivien nguoidung
taikhoan dangnhap welcome xinchao chaoban login user test demo guest root master manager secret abc abcd abcde
abcdef qwerty qwert asdf asdfg asdfgh zxcv zxcvb iloveyou loveyou yeuem emyeu anhyeuem anhyeu yeuanh emyeuanh
giadinh conyeu concho conmeo meocon cunbong tinhyeu hanhphuc mayman thanhcong phattai phatloc tailoc bacho
bacbo bachomuonnam hochiminh dienbienphu tuhao doclap tudo quochai hoabinh muaxuan muaha muathu muadong xuan
hethu thudong tet tetnguyendan trungthu giangsinh noel summer winter spring autumn january february march april
june july august september october november december monday tuesday wednesday thursday friday saturday sunday
thanggieng thanghai thangba thangtu thangnam thangsau thangbay thangtam thangchin thangmuoi thangchap thuhai
thuba thutu thunam thusau thubay chunhat football bongda manchester chelsea barcelona realmadrid arsenal
liverpool samsung iphone apple google facebook zalo viettel vinaphone mobifone vnpt fpt microsoft windows office
dragon monkey sunshine princess superman batman pokemon naruto computer maytinh internet letmein changeme
doimatkhau macdinh default temp temporary office365 outlook bkav
""".split()

NUMBERS = ["1", "12", "123", "1234", "12345", "123456", "321", "01", "68", "86", "88", "99", "111", "666",
           "789", "888", "999", "6868", "8888", "1010", "1954", "2000"]
YEARS = [str(year) for year in range(2019, 2030)]
BIRTH_YEARS = [str(year) for year in range(1970, 2003)]

WALKS = ["qwer1234", "asdf1234", "zxcv1234", "1234qwer", "1234asdf", "1q2w3e4r", "1q2w3e4r5t", "q1w2e3r4", "q1w2e3r4t5",
         "1qaz2wsx", "1qazxsw2", "zaq12wsx", "qaz123wsx", "qazwsx123", "2wsx3edc", "3edc4rfv", "zaq1xsw2", "123qwe",
         "123qweasd", "qwe123", "qweasd123", "asd123", "zxc123", "1a2b3c4d", "a1b2c3d4", "aa123456", "abc123",
         "abc12345", "123abc", "a123456", "a12345678", "aaa111", "q123456", "147258", "159753", "qwerty12",
         "qwertyuiop1", "asdfghjkl1", "zxcvbnm1"]
SHIFTED_WALKS = ["1qaz@WSX", "!QAZ2wsx", "1QAZ@wsx", "!Qaz2Wsx", "2wsx#EDC", "@WSX3edc", "zaq1@WSX", "Zaq1@Wsx",
                 "ZAQ!2wsx", "xsw2!QAZ", "1qaz!QAZ", "!QAZ1qaz", "qwe123!@#", "QWE!@#123", "Qwe!@#123", "123!@#Qwe",
                 "!@#123Qwe", "1234!@#$Qwer", "Qwer!@#$1234", "qwer1234!@#$Q", "Abc123!@#", "ABC!@#123", "123456aA@",
                 "123456Aa@", "Aa123456@", "aA123456!", "Aa@123456", "A@123456", "a@123456A", "Aa1234!@#$",
                 "P@$$w0rd1", "P@ssw0rd1!", "Pa$$w0rd1", "Pa$$word123", "P@55w0rd", "P@55word1", "M@tkhau1",
                 "M@tkhau123", "M@tKh@u123", "Adm1n@123", "@dmin123A", "@Dmin1234", "H@noi123", "H@n0i2026", "H@noi2026",
                 "H@noi1010", "Th@nglong1010", "1qA@2wS#", "1Q2w3e4r!@#$", "1q2w#E$R", "1q2w3e4R!", "!1Qaz@2Wsx"]
LEET = {"a": "@", "o": "0", "i": "1", "e": "3", "s": "$"}


def capital(word):
    """Return the word with its first letter in upper case, wherever it stands."""
    for index, letter in enumerate(word):
        if letter.isalpha():
            return word[:index] + letter.upper() + word[index + 1:]
    return word


def is_within_rule(password):
    """Say whether Điều 12.2 allows the password."""
    return (len(password) >= 8 and any(letter.isupper() for letter in password)
            and any(letter.isdigit() for letter in password) and any(letter in SPECIALS for letter in password))


def with_numbers(word, numbers):
    """Yield a word joined to numbers as people do: Word@123, Word#123, Word!123, Word123! and Word123@."""
    for number in numbers:
        for special in "@#!":
            yield word + special + number
        for special in "!@":
            yield word + number + special


def leet(word):
    """Yield the word with one kind of letter, and with all, written by look-alikes."""
    for letter, sign in LEET.items():
        if letter in word:
            yield word.replace(letter, sign)
    every = "".join(LEET.get(letter, letter) for letter in word)
    if every != word:
        yield every


def candidates():
    """Yield everything that the rules make."""
    few = ["1", "123", "1234", "12345", "123456", "2024", "2025", "2026", "2027"]
    for word in COMMON + ["hanoi", "thudo", "vanthu", "kythuat", "ubnd", "thanglong"]:
        yield from with_numbers(capital(word), NUMBERS + YEARS)
        for variant in leet(word):
            yield from with_numbers(capital(variant), few)
            yield from (capital(variant) + number for number in few)
    for word in PLACES + OFFICES:
        yield from with_numbers(capital(word), few)
    for word in NAMES:
        yield from with_numbers(capital(word), few + ["68", "88", "6868"])
        yield from (capital(word) + "@" + year for year in BIRTH_YEARS)
    for walk in WALKS:
        for special in SPECIALS:
            yield capital(walk) + special
            yield special + capital(walk)
        yield capital(walk) + "!@#"
        yield capital(walk) + "@123"
    yield from SHIFTED_WALKS


def main():
    """Print the entries, one for each folded form, in the order of their bytes."""
    entries = {}
    for password in candidates():
        folded = password.lower()
        if is_within_rule(password) and folded.rstrip(SPECIALS + "*") not in ALLOWED_STEMS:
            entries.setdefault(folded, password)
    sys.stdout.write("".join(entry + "\n" for entry in sorted(entries.values())))


if __name__ == "__main__":
    main()
