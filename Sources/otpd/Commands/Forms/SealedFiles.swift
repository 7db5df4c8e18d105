import AuthDomain
import AuthService
import Cryptography
internal import Glibc
import Settings

/// Puts secrets into files that only the holder of the operator's key opens (R-PW-8).
struct SealedFiles: SecretDelivery {
    let envelope: CMSEnvelope?
    let prefix: String
    let digest: [UInt8]

    /// The path of a part: named after the form's file as well, so that two forms never write over each other.
    func path(_ part: Int) -> String {
        let number = String(part)
        let padding = String(repeating: "0", count: max(0, 3 - number.count))
        return "\(prefix)-\(Hex.encode(Array(digest.prefix(4))))-\(padding)\(number).p7m"
    }

    func store(_ secrets: [IssuedSecrets], part: Int) throws(DeliveryFailure) {
        guard let envelope else { throw DeliveryFailure(reason: "no certificate") }
        let path = path(part)
        guard !secrets.isEmpty else {
            guard unlink(path) == 0 || errno == ENOENT else { throw failure() }
            return
        }
        var content = Self.table(secrets)
        defer { for index in content.indices { content[index] = 0 } }
        try Self.write(envelope.seal(SecretBytes(content)), to: path)
    }

    private static func table(_ secrets: [IssuedSecrets]) -> [UInt8] {
        var text = Array("Trang,Dòng,Địa chỉ Email,Mật khẩu tạm thời,Mã kích hoạt OTP\r\n".utf8)
        for row in secrets {
            // Neither addresses nor issued secrets hold quotes or commas; the password stands in quotes because it
            // may hold what a spreadsheet takes for a formula's beginning.
            let line = "\(row.position.sheet),\(row.position.row),\(row.address.text),"
            text += Array("\(line)\"\(row.password ?? "")\",\(row.enrolmentCode)\r\n".utf8)
        }
        return text
    }

    /// Writes a file under another name first, so that the old one stays whole until the new one is on the disk.
    private static func write(_ bytes: [UInt8], to path: String) throws(DeliveryFailure) {
        let draft = path + ".new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.failure() }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else {
                let failure = Self.failure()
                close(descriptor)
                throw failure
            }
            rest = rest.dropFirst(max(count, 0))
        }
        guard fsync(descriptor) == 0 else {
            let failure = Self.failure()
            close(descriptor)
            throw failure
        }
        close(descriptor)
        guard rename(draft, path) == 0 else { throw Self.failure() }
        try syncFolder(of: path)
    }

    /// The new name too must outlast a crash.
    private static func syncFolder(of path: String) throws(DeliveryFailure) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure() }
    }

    private static func failure() -> DeliveryFailure {
        DeliveryFailure(reason: String(cString: strerror(errno)))
    }

    private func failure() -> DeliveryFailure { Self.failure() }
}

/// Tells imported files apart by their content.
enum ImportedFile {
    static func sha256(of path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            Terminal.complain("otpd: \(path): \(String(cString: strerror(errno)))")
            throw ExitCode.badData
        }
        defer { close(descriptor) }
        let digest = FileDigest()
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw ExitCode.badData }
            if count == 0 { return digest.finish() }
            buffer.withUnsafeBytes { digest.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
    }
}
