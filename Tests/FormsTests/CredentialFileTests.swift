import AuthDomain
import Foundation
import TestKit
import Testing

@testable import Forms

@Suite("Accounts of other systems")
struct CredentialFileTests {
    private func read(_ text: String) throws -> [CredentialEntry] {
        let folder = try TemporaryDirectory()
        return try CredentialFile.read(try folder.write(text, to: "accounts"))
    }

    @Test("Dovecot's passwd-file")
    func passwdFile() throws {
        let entries = try read(
            "# users\nan@hanoi.gov.vn:{SSHA512}abc=:1000:1000:Nguyễn Văn An,,,:/home/an::userdb_quota=1\n\nbinh:{BLF-CRYPT}$2y$05$x\n"
        )
        #expect(entries.map(\.name) == ["an@hanoi.gov.vn", "binh"])
        #expect(entries.map(\.line) == [2, 4])
        #expect(entries[0].record == "{SSHA512}abc=" && entries[0].displayName == "Nguyễn Văn An")
    }

    @Test("shadow")
    func shadow() throws {
        let entries = try read("an:$6$salt$hash:19000:0:99999:7:::\nroot:!:19000:0:99999:7:::\nbad\n")
        #expect(entries.map(\.record) == ["$6$salt$hash", "!", nil])
        #expect(entries[0].displayName == nil && entries[2].isMalformed)
    }

    @Test("LDIF: folded lines, base 64, several passwords, branches without accounts; no reference is followed")
    func ldif() throws {
        let record = "{SSHA}" + String(repeating: "A", count: 28)
        let coded = Data(record.utf8).base64EncodedString()
        let entries = try read(
            """
            version: 1

            dn: ou=people,dc=hanoi
            objectClass: organizationalUnit

            dn: uid=an,ou=people,dc=hanoi
            uid: an
            mail: an_sotttt@hanoi.gov.vn
            mail: an@hanoi.gov.vn
            cn:: \(Data("Nguyễn Văn An".utf8).base64EncodedString())
            o: Sở
              TTTT
            mobile: 0912 345 678
            userPassword:: \(coded.prefix(10))
             \(coded.dropFirst(10))
            userPassword: {CRYPT}$6$a$b

            dn: uid=b
            uid: b
            userPassword:< file:///etc/shadow
            """)
        #expect(entries.count == 2)
        #expect(entries[0].name == "an_sotttt@hanoi.gov.vn" && entries[0].record == record)
        #expect(entries[0].displayName == "Nguyễn Văn An" && entries[0].organisation == "Sở TTTT")
        #expect(entries[0].phone == "0912 345 678" && entries[0].line == 6)
        #expect(entries[1].isMalformed && entries[1].record == nil)
    }

    @Test("A crypt string behind {CRYPT} is taken as it is")
    func crypt() {
        var entry = CredentialEntry(line: 1)
        entry.record = "{crypt}$6$salt$hash"
        #expect(entry.ownRecord == "$6$salt$hash")
    }

    @Test("Rubbish is read or refused, never a crash")
    func rubbish() throws {
        let random = SeededRandom(seed: 3)
        let alphabet = Array("dn: u:<:: \n\r\t{}$6=;#é".utf8) + [0xFF, 0]
        let folder = try TemporaryDirectory()
        for _ in 0..<300 {
            let bytes = random.bytes(count: 300).map { alphabet[Int($0) % alphabet.count] }
            let path = folder.path("r")
            try Data((random.bytes(count: 1)[0] & 1 == 0 ? Array("dn: a\n".utf8) : []) + bytes)
                .write(to: URL(fileURLWithPath: path))
            do throws(FormFileError) {
                _ = try CredentialFile.read(path)
            } catch {
                #expect(error == .notUTF8)
            }
        }
        #expect(throws: FormFileError.self) { try read(String(repeating: "a", count: 70_000)) }
    }
}
