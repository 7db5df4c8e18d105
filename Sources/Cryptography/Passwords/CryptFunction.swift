internal import AuthDomain
internal import CCrypt
internal import Glibc

/// libcrypt's crypt function with the scratch space of one thread; for imported records only.
struct CryptFunction: ~Copyable {
    private let scratch: UnsafeMutablePointer<crypt_data>

    init() {
        scratch = .allocate(capacity: 1)
        scratch.initialize(to: crypt_data())
    }

    deinit {
        scratch.deallocate()
    }

    /// Whether a password fits a record.
    ///
    /// False for a password that the function would not take whole: with a NUL inside, or over 511 bytes.
    func verify(_ password: SecretBytes, _ record: SecretBytes) -> Bool {
        guard password.count < CRYPT_MAX_PASSPHRASE_SIZE, !password.withBytes({ $0.contains(0) }) else {
            return false
        }
        defer { explicit_bzero(scratch, MemoryLayout<crypt_data>.size) }
        return password.withCString { phrase in
            record.withCString { setting in
                let size = Int32(MemoryLayout<crypt_data>.size)
                guard let output = crypt_rn(phrase, setting, scratch, size) else { return false }
                let computed = UnsafeRawBufferPointer(start: output, count: strlen(output))
                return record.withBytes { ConstantTime.equal(computed, $0) }
            }
        }
    }
}

extension SecretBytes {
    /// Lends a copy with a NUL behind it, wiped afterwards.
    fileprivate func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: count + 1) { buffer in
            guard let base = buffer.baseAddress else {
                // The invariant: a buffer of one byte or more has an address.
                preconditionFailure("no buffer")
            }
            withBytes { UnsafeMutableRawBufferPointer(buffer).copyBytes(from: $0) }
            base[count] = 0
            defer { explicit_bzero(base, buffer.count) }
            return body(base)
        }
    }
}
