internal import JSONText

extension JSONValue {
    /// What a gateway says, read to the letter of RFC 8259; nil for anything else.
    ///
    /// An answer that two readers could take for two things is none: it then is neither success nor refusal.
    init?(exchanged bytes: [UInt8]) {
        guard let value = try? JSONReader.read(bytes, limits: JSONReader.Limits(depth: 32, members: 256)) else {
            return nil
        }
        self = value
    }
}
