#if FUZZING || DEBUG
    @testable internal import HTTPServer
#endif
internal import JSONText

/// The checks that stand before the routes: framing of the header, JSON of the body.
///
/// The first line is the version, the lines to the first empty one are fields, the rest is the body. The framing
/// check belongs to its module, so that a release build without fuzzing leaves it out.
enum FuzzedRequest {
    static func read(_ bytes: [UInt8]) {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 64, omittingEmptySubsequences: false)
        let version = Array(lines.removeFirst())
        let end = lines.firstIndex { $0.isEmpty } ?? lines.endIndex
        let body = Array(lines[end...].dropFirst().joined(separator: [UInt8(ascii: "\n")]))
        judge(version, lines[..<end])
        _ = try? JSONReader.read(body)
    }

    private static func judge(_ version: [UInt8], _ fields: ArraySlice<ArraySlice<UInt8>>) {
        #if FUZZING || DEBUG
            var check = FramingCheck()
            for field in fields {
                let parts = field.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
                let (name, value) = (Array(parts[0]), parts.count == 2 ? Array(parts[1]) : [])
                let goesOn = name.withUnsafeBytes { name in
                    value.withUnsafeBytes { check.add(name: name, value: $0) }
                }
                if !goesOn { break }
            }
            let reason = version.withUnsafeBufferPointer { check.verdict(version: $0, limits: HTTPLimits()) }
            let isFramed = check.contentLength == nil || check.headers.bytes("transfer-encoding") == nil
            precondition(reason != nil || isFramed, "a request has one framing")
            precondition(reason != nil || check.headers.only("Host") != nil, "a request has one host")
        #endif
    }
}
