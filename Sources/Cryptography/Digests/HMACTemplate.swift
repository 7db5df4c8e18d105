internal import AuthDomain
internal import COpenSSL
internal import Synchronization

/// An HMAC whose algorithm, and maybe whose key, is set up once for all messages.
///
/// Duplicating a context takes half the time of looking the algorithm up by its name. Where the key is set up too, a
/// context is used again, which takes half of that; others hold the key of one message and are wiped after it.
struct HMACTemplate: Sendable {
    private let context: SharedObject
    private let used: UsedContexts?

    /// Sets an algorithm up.
    /// - Parameter key: The key for all messages; nil when each message brings its own.
    init(_ algorithm: HashAlgorithm, key: SecretBytes? = nil) {
        let name =
            switch algorithm {
            case .sha1: "SHA1"
            case .sha256: "SHA256"
            case .sha512: "SHA512"
            }
        guard let made = openssl_make_hmac_context(name) else { openSSLBroken("HMAC") }
        if let key {
            let status = key.withPointer { EVP_MAC_init(made, $0, $1, nil) }
            guard status == 1 else { openSSLBroken("HMAC") }
        }
        context = SharedObject(made) { EVP_MAC_CTX_free($0) }
        used = key.map { _ in UsedContexts() }
    }

    /// Appends the HMAC of a message, at most 64 bytes, to `output`.
    /// - Parameter key: The key, for a template made without one.
    func append(to output: inout [UInt8], message: [UInt8], key: SecretBytes? = nil) {
        let copy = take()
        defer { give(back: copy) }
        if let key {
            let status = key.withPointer { EVP_MAC_init(copy.pointer, $0, $1, nil) }
            guard status == 1 else { openSSLBroken("HMAC") }
        }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Int(EVP_MAX_MD_SIZE)) { buffer in
            var count = 0
            let isDone =
                EVP_MAC_update(copy.pointer, message, message.count) == 1
                && EVP_MAC_final(copy.pointer, buffer.baseAddress, &count, buffer.count) == 1
            guard isDone else { openSSLBroken("HMAC") }
            output.append(contentsOf: buffer[..<count])
        }
    }

    /// A context that is ready for a message, or for the key of one.
    private func take() -> OwnedContext {
        if let context = used?.take() {
            // Without a key: back to where its own key was set up.
            guard EVP_MAC_init(context.pointer, nil, 0, nil) == 1 else { openSSLBroken("HMAC") }
            return context
        }
        guard let copy = context.lend({ EVP_MAC_CTX_dup($0) }) else { openSSLBroken("HMAC") }
        return OwnedContext(copy)
    }

    private func give(back context: OwnedContext) { used?.keep(context) }
}

/// Contexts with the key of their template that nobody uses now.
private final class UsedContexts: Sendable {
    /// As many as threads could use at once; more are freed.
    private static let limit = 16
    private let contexts = Mutex<[OwnedContext]>([])

    func take() -> OwnedContext? { contexts.withLock { $0.popLast() } }

    func keep(_ context: OwnedContext) {
        contexts.withLock { contexts in
            if contexts.count < Self.limit { contexts.append(context) }
        }
    }
}

/// A context that one caller at a time has.
///
/// `@unchecked Sendable`: whoever took it out of `UsedContexts`, or made it, is the only one who reaches it until it is
/// given back.
private final class OwnedContext: @unchecked Sendable {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { EVP_MAC_CTX_free(pointer) }
}
