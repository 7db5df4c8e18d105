import AuthDomain
import AuthService
import Foundation
import Testing

@testable import Cryptography

@Suite("Sealing to an operator's certificate (R-PW-8)")
struct CMSEnvelopeTests {
    @Test("`openssl cms -decrypt` opens it, for RSA and elliptic keys", arguments: ["rsa:2048", "ec"])
    func opened(kind: String) throws {
        try withTemporaryDirectory { folder in
            let (key, certificate) = try makeCertificate(kind, in: folder)
            let pem = [UInt8](try Data(contentsOf: URL(fileURLWithPath: certificate)))
            let secret = "mật khẩu,Kt2Mx8\r\n" + String(repeating: "x", count: 100_000)
            let sealed = try CMSEnvelope(certificatePEM: pem).seal(SecretBytes(Array(secret.utf8)))
            let file = folder.appendingPathComponent("sealed.p7m")
            try Data(sealed).write(to: file)
            #expect(!String(decoding: sealed, as: UTF8.self).contains("Kt2Mx8"))
            let opened = try ExternalTool.run(
                "openssl",
                [
                    "cms", "-decrypt", "-binary", "-inform", "PEM", "-in", file.path, "-inkey", key, "-recip",
                    certificate,
                ])
            #expect(opened == secret)
        }
    }

    @Test("What is no certificate, has expired or has a weak key is refused")
    func refused() throws {
        #expect(throws: CertificateError.malformed) { try CMSEnvelope(certificatePEM: []) }
        #expect(throws: CertificateError.malformed) { try CMSEnvelope(certificatePEM: Array("rubbish".utf8)) }
        try withTemporaryDirectory { folder in
            let (_, weak) = try makeCertificate("rsa:1024", in: folder)
            let pem = [UInt8](try Data(contentsOf: URL(fileURLWithPath: weak)))
            #expect(throws: CertificateError.unfitKey) { try CMSEnvelope(certificatePEM: pem) }
            #expect(throws: CertificateError.malformed) { try CMSEnvelope(certificatePEM: Array(pem.dropLast(60))) }
        }
    }

    private func makeCertificate(_ kind: String, in folder: URL) throws -> (key: String, certificate: String) {
        let key = folder.appendingPathComponent("key.pem").path
        let certificate = folder.appendingPathComponent("cert.pem").path
        let algorithm =
            kind == "ec" ? ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"] : ["-newkey", kind]
        _ = try ExternalTool.run(
            "openssl",
            ["req", "-x509", "-nodes", "-subj", "/CN=kythuat", "-days", "2", "-keyout", key, "-out", certificate]
                + algorithm)
        return (key, certificate)
    }
}

@Suite("Records of random passwords")
struct SaltedDigestRecorderTests {
    @Test("The hasher verifies them, spends a full hash doing so, and finds them outdated")
    func verifies() async throws {
        let random = CountingRandom()
        let hasher = try Argon2PasswordHasher(
            cost: .argon2id(memoryKiB: 8_192, passes: 2, lanes: 1), threads: 1, queueLimit: 8, random: random)
        defer { hasher.shutdown() }
        let password = TemporaryPassword.makeLong(
            random: SystemRandom().bytes(count: TemporaryPassword.longRandomByteCount))
        let recorder = SaltedDigestRecorder(random: SystemRandom())
        let record = recorder.record(ofRandom: password.utf8)
        #expect(record != recorder.record(ofRandom: password.utf8))
        #expect(try await hasher.verify(password.utf8, record: record))
        #expect(try await !hasher.verify(SecretBytes(Array("khác".utf8)), record: record))
        #expect(hasher.isOutdated(record: record))
        let clock = ContinuousClock()
        var (known, unknown) = (Duration.zero, Duration.zero)
        for _ in 0..<20 {
            known += try await clock.measure { _ = try await hasher.verify(password.utf8, record: record) }
            unknown += try await clock.measure {
                _ = try await hasher.verify(password.utf8, record: hasher.unfittingRecord)
            }
        }
        #expect(known > unknown * 0.5 && known < unknown * 2)
    }
}
