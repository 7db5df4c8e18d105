internal import AuthDomain
internal import CArgon2
internal import Glibc

/// Argon2id, version 0x13 (RFC 9106), in memory that the caller owns.
struct Argon2id {
    let memoryKiB: UInt32
    let passes: UInt32
    let lanes: UInt32

    /// What one computation takes; the library rounds the memory up to eight blocks a lane.
    var arenaByteCount: Int { Int(max(memoryKiB, 8 * lanes)) * 1024 }

    /// Hashes a password.
    /// - Parameters:
    ///   - count: The length of the hash, 4 bytes or more.
    ///   - arena: At least `arenaByteCount` bytes.
    /// - Throws: `OutOfMemory` when the arena is too small.
    func hash(
        _ password: SecretBytes, salt: [UInt8], count: Int, in arena: borrowing MemoryArena
    ) throws(OutOfMemory) -> SecretBytes {
        var salt = salt
        var loan = ArenaLoan(base: arena.base.assumingMemoryBound(to: UInt8.self), byteCount: arena.byteCount)
        let hash = SecretBytes.filled(count: count) { output in
            password.withPointer { password, passwordCount in
                salt.withUnsafeMutableBufferPointer { salt in
                    var context = argon2_context()
                    context.out = output
                    context.outlen = UInt32(count)
                    // The library writes to the password only with ARGON2_FLAG_CLEAR_PASSWORD, which is not set.
                    context.pwd = UnsafeMutablePointer(mutating: password)
                    context.pwdlen = UInt32(passwordCount)
                    context.salt = salt.baseAddress
                    context.saltlen = UInt32(salt.count)
                    context.t_cost = passes
                    context.m_cost = memoryKiB
                    context.lanes = lanes
                    // One thread for all lanes: the pool has one thread for each core.
                    context.threads = 1
                    context.version = ARGON2_VERSION_13.rawValue
                    context.allocate_cbk = lendArena
                    context.free_cbk = returnArena
                    return withUnsafeMutablePointer(to: &loan) { loan in
                        pthread_setspecific(arenaLoanKey, loan)
                        defer { pthread_setspecific(arenaLoanKey, nil) }
                        return argon2id_ctx(&context) == ARGON2_OK.rawValue
                    }
                }
            }
        }
        guard let hash else { throw OutOfMemory() }
        return hash
    }
}

/// The arena that the computation on this thread may use.
private struct ArenaLoan {
    let base: UnsafeMutablePointer<UInt8>
    let byteCount: Int
}

// The library's allocator takes no context, so the loan is found through the thread that the computation runs on.
private let arenaLoanKey: pthread_key_t = {
    var key = pthread_key_t()
    let status = pthread_key_create(&key, nil)
    precondition(status == 0, "no key for thread-specific data: \(status)")
    return key
}()

private func lendArena(memory: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?, byteCount: Int) -> Int32 {
    guard let memory, let loan = pthread_getspecific(arenaLoanKey)?.assumingMemoryBound(to: ArenaLoan.self),
        byteCount <= loan.pointee.byteCount
    else {
        return ARGON2_MEMORY_ALLOCATION_ERROR.rawValue
    }
    memory.pointee = loan.pointee.base
    return ARGON2_OK.rawValue
}

// The arena stays with its thread; the library has cleared it.
private func returnArena(memory: UnsafeMutablePointer<UInt8>?, byteCount: Int) {}
