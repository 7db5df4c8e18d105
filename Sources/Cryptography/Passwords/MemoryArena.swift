internal import Glibc

/// A computation that could not be done for want of memory: nothing is known about the password.
struct OutOfMemory: Error {}

/// Memory for one Argon2 computation at a time, owned by one hashing thread and used again and again.
///
/// libargon2 clears the memory before it gives it back (its default, which is kept: what stands there is derived from
/// the password and lets guesses be tested cheaply), so an idle arena holds zeros.
struct MemoryArena: ~Copyable {
    let base: UnsafeMutableRawPointer
    let byteCount: Int

    /// Reserves memory.
    /// - Throws: `OutOfMemory` when there is none.
    init(byteCount: Int) throws(OutOfMemory) {
        var memory: UnsafeMutableRawPointer?
        guard posix_memalign(&memory, 64, byteCount) == 0, let memory else {
            throw OutOfMemory()
        }
        base = memory
        self.byteCount = byteCount
    }

    deinit {
        free(base)
    }
}
