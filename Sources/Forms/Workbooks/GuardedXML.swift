internal import Foundation
internal import FoundationXML

/// What a streaming reader of one part of a workbook hears.
class XMLPartReader: NSObject, XMLParserDelegate {
    /// What made it stop; the parser is told to abort.
    private(set) var failure: FormFileError?
    private var depth = 0
    fileprivate var limit = 0
    fileprivate var part = ""

    /// An element begins.
    func begin(_ name: String, _ attributes: [String: String]) throws(FormFileError) {}

    /// An element ends.
    func end(_ name: String) throws(FormFileError) {}

    /// Text inside an element.
    func text(_ text: String) throws(FormFileError) {}

    final func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        depth += 1
        attempt(parser) { () throws(FormFileError) in
            guard depth <= limit else { throw .tooLarge("\(part): lồng quá sâu") }
            try begin(Self.local(name), attributes)
        }
    }

    final func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
    ) {
        depth -= 1
        attempt(parser) { () throws(FormFileError) in try end(Self.local(name)) }
    }

    final func parser(_ parser: XMLParser, foundCharacters string: String) {
        attempt(parser) { () throws(FormFileError) in try text(string) }
    }

    final func parser(_ parser: XMLParser, foundCDATA block: Data) {
        attempt(parser) { () throws(FormFileError) in try text(String(decoding: block, as: UTF8.self)) }
    }

    /// A name without its prefix: some programs write `x:row`.
    static func local(_ name: String) -> String {
        guard let colon = name.firstIndex(of: ":") else { return name }
        return String(name[name.index(after: colon)...])
    }

    private func attempt(_ parser: XMLParser, _ body: () throws(FormFileError) -> Void) {
        guard failure == nil else { return }
        do {
            try body()
        } catch {
            failure = error
            parser.abortParsing()
        }
    }
}

/// Reads a part of a workbook with the streaming parser, never with a document type, entities or another encoding.
enum GuardedXML {
    /// Parses a file of the archive.
    static func parse(
        _ name: String, of archive: borrowing ZipArchive, with reader: XMLPartReader, limits: FormLimits
    ) throws(FormFileError) {
        let stream = GuardedStream(entry: try archive.open(name))
        reader.limit = limits.depth
        reader.part = name
        let parser = XMLParser(stream: stream)
        parser.shouldResolveExternalEntities = false
        parser.shouldProcessNamespaces = false
        parser.delegate = reader
        let isWhole = parser.parse()
        if let failure = stream.failure ?? reader.failure { throw failure }
        guard isWhole else { throw .badWorkbook(name) }
    }
}

/// The bytes of an archive's file as a stream, which ends at the first sign of what a workbook has no use for.
///
/// A document type is the door to entities, external or multiplied; it always begins with `<!D`, and inside it entities
/// with `<!E`. With the encoding held to UTF-8 these bytes cannot be written in any other way.
private final class GuardedStream: InputStream {
    private var entry: ZipEntry
    private(set) var failure: FormFileError?
    private var tail: [UInt8] = []
    private var isStart = true

    init(entry: consuming ZipEntry) {
        self.entry = entry
        super.init(data: Data())
    }

    override func open() {}

    override func close() {}

    override var hasBytesAvailable: Bool { failure == nil }

    /// Asked for after a failed read; the class's own one needs a stream that it has opened itself.
    override var streamError: (any Error)? { failure }

    override func read(_ buffer: UnsafeMutablePointer<UInt8>, maxLength: Int) -> Int {
        guard failure == nil else { return -1 }
        do throws(FormFileError) {
            let count = try entry.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: maxLength))
            let piece = UnsafeBufferPointer(start: buffer, count: count)
            if isStart { try inspectStart(piece) }
            isStart = false
            try inspect(piece)
            return count
        } catch {
            failure = error
            return -1
        }
    }

    private func inspectStart(_ piece: UnsafeBufferPointer<UInt8>) throws(FormFileError) {
        let start = piece.prefix(200)
        guard !start.contains(0), !start.starts(with: [0xFF, 0xFE]), !start.starts(with: [0xFE, 0xFF]) else {
            throw .forbiddenXML(entry.name)
        }
        let declaration = String(decoding: start, as: UTF8.self)
        guard let range = declaration.range(of: "encoding=") else { return }
        let named = declaration[range.upperBound...].dropFirst().prefix(5).uppercased()
        guard named == "UTF-8" || named.hasPrefix("US-AS") else { throw .forbiddenXML(entry.name) }
    }

    private func inspect(_ piece: UnsafeBufferPointer<UInt8>) throws(FormFileError) {
        var (first, second): (UInt8, UInt8) = (tail.first ?? 0, tail.last ?? 0)
        for byte in piece {
            if first == UInt8(ascii: "<"), second == UInt8(ascii: "!"), [0x44, 0x45, 0x64, 0x65].contains(byte) {
                throw .forbiddenXML(entry.name)
            }
            first = second
            second = byte
        }
        tail = [first, second]
    }
}
