package import AuthDomain

/// One key of the ring, as read from its file.
package struct RingKey: Sendable {
    /// Eight lower-case hexadecimal digits; stored beside everything the key has sealed.
    package let id: String
    /// The 32 bytes of the key.
    package let bytes: SecretBytes
}

/// The file of a ring key: the one line `otpd-key-v1:<id>:<base64 of 32 bytes>`, as `otpd keys new` prints it.
package enum RingKeyFile {
    /// Why a key file was refused; it shows nothing of the content.
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// The words that follow the path.
        package let description: String
    }

    private static let mark = "otpd-key-v1:"
    private static let notAKey = Failure(
        description: "is not a ring key: expected one line otpd-key-v1:<8 hex digits>:<base64 of 32 bytes>")

    /// Reads the key that a file holds.
    /// - Throws: `Failure` when the file cannot be read or differs in anything from the one line.
    package static func read(_ path: String) throws(Failure) -> RingKey {
        var bytes: [UInt8]
        do throws(BoundedFile.Failure) {
            bytes = try BoundedFile.read(path, limit: 1024)
        } catch {
            throw Failure(description: error.description)
        }
        defer { bytes.wipe() }
        return try parse(bytes)
    }

    /// Reads the key that a line holds; one line break may follow.
    /// - Throws: `Failure` when anything differs from the form.
    package static func parse(_ bytes: [UInt8]) throws(Failure) -> RingKey {
        var rest = bytes[...]
        if rest.last == UInt8(ascii: "\n") { rest.removeLast() }
        guard rest.starts(with: mark.utf8) else { throw notAKey }
        rest = rest.dropFirst(mark.utf8.count)
        let id = rest.prefix(8)
        let isHex = id.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard id.count == 8, isHex, rest.dropFirst(8).first == UInt8(ascii: ":") else { throw notAKey }
        guard var key = Base64.decode(rest.dropFirst(9), .padded) else { throw notAKey }
        defer { key.wipe() }
        guard key.count == 32 else { throw Failure(description: "holds a key of \(key.count) bytes, not 32") }
        return RingKey(id: String(decoding: id, as: UTF8.self), bytes: SecretBytes(key))
    }

    /// The line of a new key, without a line break.
    ///
    /// - Parameters:
    ///   - id: 4 random bytes.
    ///   - key: 32 random bytes.
    package static func line(id: [UInt8], key: [UInt8]) -> String {
        precondition(id.count == 4 && key.count == 32, "a ring key has an id of 4 bytes and 32 bytes of key")
        return "\(mark)\(Hex.encode(id)):\(Base64.encode(key, .padded))"
    }
}
