/// Bytes that must not leak: wiped when the last reference goes, never described.
///
/// Comparison takes the same time wherever two values of one length differ.
package final class SecretBytes: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    // The buffer is written only in `init` and in `deinit`, when no other reference exists; reads never mutate.
    private nonisolated(unsafe) let buffer: UnsafeMutableRawBufferPointer

    /// Copies bytes into wiped-on-release storage.
    package init(_ bytes: some Collection<UInt8>) {
        buffer = .allocate(byteCount: bytes.count, alignment: 1)
        let copied: Void? = bytes.withContiguousStorageIfAvailable { [buffer] lent in
            buffer.copyMemory(from: UnsafeRawBufferPointer(lent))
        }
        if copied == nil { buffer.copyBytes(from: bytes) }
    }

    deinit {
        Self.wipe(buffer)
        buffer.deallocate()
    }

    /// The number of bytes.
    package var count: Int { buffer.count }

    /// Lends the bytes for the time of a call; they must not be kept.
    package func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(buffer))
    }

    /// A copy, for those who digest it.
    package var copy: [UInt8] { Array(buffer) }

    /// Whether bytes are these, in time that depends on their number alone.
    ///
    /// Not generic: called so from another module, it would cost more than a digest.
    package func isEqual(to bytes: ArraySlice<UInt8>) -> Bool {
        bytes.withUnsafeBytes { ConstantTime.equal(UnsafeRawBufferPointer(buffer), $0) }
    }

    /// Whether two secrets hold the same bytes, in time that depends on the length alone.
    package static func == (left: SecretBytes, right: SecretBytes) -> Bool {
        left.withBytes { leftBytes in right.withBytes { ConstantTime.equal(leftBytes, $0) } }
    }

    /// Always `***`.
    package var description: String { "***" }

    /// Always `***`.
    package var debugDescription: String { "***" }

    /// No children: a dump shows nothing.
    package var customMirror: Mirror { Mirror(self, children: []) }

    // Not inlined, so that the stores before a deallocation are not seen as dead and dropped.
    @inline(never)
    private static func wipe(_ buffer: UnsafeMutableRawBufferPointer) {
        for index in buffer.indices { buffer[index] = 0 }
    }
}

/// Comparisons whose time tells nothing about the content.
package enum ConstantTime {
    /// Whether two arrays of bytes are equal; only their lengths may be learned from the time taken.
    package static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.withUnsafeBufferPointer { left in right.withUnsafeBufferPointer { equal(left, $0) } }
    }

    /// Whether two byte sequences are equal; only their lengths may be learned from the time taken.
    @inlinable
    package static func equal(
        _ left: some RandomAccessCollection<UInt8>, _ right: some RandomAccessCollection<UInt8>
    ) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for (leftByte, rightByte) in zip(left, right) { difference |= leftByte ^ rightByte }
        return difference == 0
    }
}
