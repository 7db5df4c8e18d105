internal import AuthDomain

extension SectionReader {
    /// The absolute path of a file that must exist and be readable; nil when it is not given or refused.
    func file(_ key: String, isSecret: Bool = false, _ summary: String) -> String? {
        let doc = KeyDoc(type: "file", defaultText: "null", isSecret: isSecret, summary: summary)
        return text(key, doc) { path throws(Refusal) in
            try resolve(path)
        }
    }

    /// A path as the file system takes it, after a look whether the file can be opened.
    func resolve(_ path: String) throws(Refusal) -> String {
        guard !path.isEmpty else { throw Refusal("must name a file") }
        let full = SettingsPath.resolve(path, from: source.folder)
        guard source.opensFiles else { return full }
        do throws(BoundedFile.Failure) {
            try BoundedFile.check(full)
        } catch {
            throw Refusal("the file \(Self.quote(full)) \(error)")
        }
        return full
    }

    /// The ring keys of the files that a list names; a file or key id that stands twice is a problem.
    func ringKeys(_ key: String, _ summary: String) -> [RingKey] {
        let doc = KeyDoc(type: "list of files", range: "at least 1", isSecret: true, summary: summary)
        guard let paths = list(key, doc, parse: resolve) else { return [] }
        guard !paths.isEmpty else {
            refuse(key, because: "must name at least one key file")
            return []
        }
        var keys: [RingKey] = []
        for (index, path) in paths.enumerated() where source.opensFiles {
            do throws(RingKeyFile.Failure) {
                let ringKey = try RingKeyFile.read(path)
                if keys.contains(where: { $0.id == ringKey.id }) {
                    refuse("\(key)[\(index)]", because: "has the key id \(ringKey.id) of a file before it")
                }
                keys.append(ringKey)
            } catch {
                refuse("\(key)[\(index)]", because: "the file \(Self.quote(path)) \(error)")
            }
            warnIfOpen(key, path)
        }
        return keys
    }

    /// The secret that a file holds, without the line break at its end; nil when it is not given or refused.
    func secretFile(_ key: String, _ summary: String) -> SecretBytes? {
        guard let path = file(key, isSecret: true, summary) else { return nil }
        return secret(at: path, for: key)
    }

    /// The secret that a file holds, told under the key that named it; nil when it is refused.
    func secret(at path: String, for key: String) -> SecretBytes? {
        guard source.opensFiles else { return nil }
        warnIfOpen(key, path)
        do throws(BoundedFile.Failure) {
            var bytes = try BoundedFile.read(path, limit: 1024)
            defer { bytes.wipe() }
            if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
            if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
            guard !bytes.isEmpty else {
                refuse(key, because: "the file \(Self.quote(path)) is empty")
                return nil
            }
            return SecretBytes(bytes)
        } catch {
            refuse(key, because: "the file \(Self.quote(path)) \(error)")
            return nil
        }
    }

    private func warnIfOpen(_ key: String, _ path: String) {
        guard BoundedFile.isReadableByAll(path) else { return }
        source.warn("\(name(key)): the file \(Self.quote(path)) can be read by every user of this machine")
    }
}
