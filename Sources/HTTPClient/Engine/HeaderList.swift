internal import CCurl

/// The header fields of one request in the form of the library, freed with the value.
struct HeaderList: ~Copyable {
    let first: UnsafeMutablePointer<curl_slist>?
    let isComplete: Bool

    init(_ headers: [OutgoingHeader]) {
        var list: UnsafeMutablePointer<curl_slist>?
        var isComplete = true
        // An empty `Expect` keeps the library from waiting for 100-continue before a large body.
        let defaults = [("Expect", nil), ("User-Agent", "otpd")] as [(String, String?)]
        let own = Set(headers.map { $0.name.lowercased() })
        let lines =
            defaults.filter { !own.contains($0.0.lowercased()) }.map { name, value in
                value.map { "\(name): \($0)" } ?? "\(name):"
            }
            // A field without a value is written with a semicolon; "Name:" would remove it.
            + headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        for line in lines {
            guard let longer = curl_slist_append(list, line) else {
                isComplete = false
                break
            }
            list = longer
        }
        first = list
        self.isComplete = isComplete
    }

    deinit {
        curl_slist_free_all(first)
    }
}
