import AuthDomain

/// Sign-ins as they lie in the sign-in store: signed for their id, so that whoever can write there proves nothing.
extension ServicePorts {
    /// A record with its keyed digest, for the store.
    func signed(_ record: SignInRecord, id: String) -> [UInt8] {
        let encoded = record.encoded()
        var writer = RecordWriter()
        writer.put(digest.digest(Self.message(encoded, id: id), purpose: .signIn))
        writer.put(encoded)
        return writer.bytes
    }

    /// The record of an id; nil for one that this service did not write for it.
    func signInRecord(_ stored: [UInt8], id: String) -> SignInRecord? {
        var reader = RecordReader(stored)
        guard let mac = reader.blob(), let encoded = reader.blob(), reader.isAtEnd,
            digest.verify(mac, message: Self.message(encoded, id: id), purpose: .signIn)
        else { return nil }
        return SignInRecord(encoded: encoded)
    }

    private static func message(_ encoded: [UInt8], id: String) -> [UInt8] {
        Array(id.utf8) + [0] + encoded
    }
}
