internal import AuthDomain
internal import COpenSSL

extension SecretBytes {
    /// Bytes written by a C function, without a copy left behind; nil when `fill` says that it failed.
    static func filled(count: Int, by fill: (UnsafeMutablePointer<UInt8>) -> Bool) -> SecretBytes? {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: max(count, 1)) { buffer in
            guard let base = buffer.baseAddress else { return nil }
            base.initialize(repeating: 0, count: buffer.count)
            defer { OPENSSL_cleanse(base, buffer.count) }
            guard fill(base) else { return nil }
            return SecretBytes(UnsafeBufferPointer(start: base, count: count))
        }
    }

    /// Lends the bytes as the `unsigned char *` that OpenSSL takes; never null, also for no bytes.
    func withPointer<Result>(_ body: (UnsafePointer<UInt8>, Int) -> Result) -> Result {
        withBytes { bytes in
            guard let base = bytes.baseAddress, !bytes.isEmpty else {
                return withUnsafePointer(to: UInt8(0)) { body($0, 0) }
            }
            return body(base.assumingMemoryBound(to: UInt8.self), bytes.count)
        }
    }
}
