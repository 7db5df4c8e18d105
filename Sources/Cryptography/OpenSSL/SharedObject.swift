/// An OpenSSL object that many threads may use at once, freed with the last reference.
///
/// `@unchecked Sendable` holds because the pointer is private, is lent only inside a call, and is given only to
/// functions that OpenSSL allows on one object from several threads: reading a fetched method, duplicating a context
/// that is never updated, using a key that is never changed (its reference counts and caches are atomic or locked).
final class SharedObject: @unchecked Sendable {
    private let pointer: OpaquePointer
    private let release: @Sendable (OpaquePointer) -> Void

    /// Takes over an object.
    init(_ pointer: OpaquePointer, release: @escaping @Sendable (OpaquePointer) -> Void) {
        self.pointer = pointer
        self.release = release
    }

    deinit {
        release(pointer)
    }

    /// Lends the object for the time of a call; it must not be changed or kept.
    func lend<Result>(_ body: (OpaquePointer) -> Result) -> Result {
        // The optimiser may otherwise release the owner at its last use, before the call has ended.
        withExtendedLifetime(self) { body(pointer) }
    }
}
