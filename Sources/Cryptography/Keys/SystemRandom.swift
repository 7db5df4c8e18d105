internal import AuthService
internal import COpenSSL

/// OpenSSL's random generator, seeded by the kernel.
package struct SystemRandom: RandomSource {
    /// Makes the source; all share one generator for each thread.
    package init() {}

    /// Fresh random bytes; the process ends when there are none, for no secret could be made safely.
    package func bytes(count: Int) -> [UInt8] {
        Array(unsafeUninitializedCapacity: count) { buffer, initializedCount in
            guard RAND_bytes(buffer.baseAddress, Int32(count)) == 1 else { openSSLBroken("RAND_bytes") }
            initializedCount = count
        }
    }
}
