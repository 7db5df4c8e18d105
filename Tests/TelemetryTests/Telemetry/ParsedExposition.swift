/// A strict reader of the Prometheus text format 0.0.4, written from its description, to hold `render` to it.
struct ParsedExposition {
    struct Sample {
        let name: String
        let labels: [String: String]
        let value: Double
    }
    struct Failure: Error {
        let line: String
        let reason: String
    }

    private(set) var samples: [Sample] = []
    private(set) var types: [String: String] = [:]
    private(set) var helps: [String: String] = [:]

    init(_ bytes: [UInt8]) throws {
        let text = try Self.checked(String(validating: bytes, as: UTF8.self), "all", "not UTF-8")
        guard text.isEmpty || text.hasSuffix("\n") else { throw Failure(line: "", reason: "no line break at the end") }
        var family = ""
        for line in text.split(separator: "\n").map(String.init) {
            if line.hasPrefix("# HELP ") {
                let parts = line.dropFirst(7).split(separator: " ", maxSplits: 1)
                family = String(parts[0])
                guard helps[family] == nil else { throw Failure(line: line, reason: "a second family") }
                helps[family] = try Self.unescaped(parts.count > 1 ? parts[1] : "", line)
            } else if line.hasPrefix("# TYPE ") {
                let parts = line.dropFirst(7).split(separator: " ")
                guard parts.count == 2, parts[0] == family, ["counter", "gauge", "histogram"].contains(parts[1]) else {
                    throw Failure(line: line, reason: "type")
                }
                types[family] = String(parts[1])
            } else {
                let sample = try Self.sample(line)
                let suffixes = types[family] == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
                guard suffixes.contains(where: { family + $0 == sample.name }) else {
                    throw Failure(line: line, reason: "outside of its family")
                }
                guard self[sample.name, sample.labels] == nil else { throw Failure(line: line, reason: "twice") }
                samples.append(sample)
            }
        }
    }

    subscript(name: String, labels: [String: String] = [:]) -> Double? {
        samples.first { $0.name == name && $0.labels == labels }?.value
    }

    private static func sample(_ line: String) throws -> Sample {
        var rest = line[...]
        let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") }
        rest = rest.dropFirst(name.count)
        var labels: [String: String] = [:]
        if rest.first == "{" {
            rest = rest.dropFirst()
            while rest.first != "}" {
                let label = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
                rest = rest.dropFirst(label.count)
                guard !label.isEmpty, rest.hasPrefix("=\"") else { throw Failure(line: line, reason: "label") }
                rest = rest.dropFirst(2)
                var value = ""
                while let character = rest.popFirst(), character != "\"" {
                    value.append(character)
                    if character == "\\", let next = rest.popFirst() { value.append(next) }
                }
                labels[String(label)] = try unescaped(value[...], line)
                if rest.first == "," { rest = rest.dropFirst() }
            }
            rest = rest.dropFirst()
        }
        guard !name.isEmpty, rest.first == " " else { throw Failure(line: line, reason: "name") }
        return Sample(name: String(name), labels: labels, value: try number(String(rest.dropFirst()), line))
    }

    private static func number(_ text: String, _ line: String) throws -> Double {
        switch text {
        case "+Inf": .infinity
        case "-Inf": -.infinity
        case "NaN": .nan
        default: try checked(text.contains("inf") || text.contains("nan") ? nil : Double(text), line, "number")
        }
    }

    private static func unescaped(_ text: Substring, _ line: String) throws -> String {
        var result = ""
        var rest = text
        while let character = rest.popFirst() {
            guard character == "\\" else {
                result.append(character)
                continue
            }
            switch rest.popFirst() {
            case "\\": result.append("\\")
            case "n": result.append("\n")
            case "\"": result.append("\"")
            default: throw Failure(line: line, reason: "escape")
            }
        }
        return result
    }

    private static func checked<Value>(_ value: Value?, _ line: String, _ reason: String) throws -> Value {
        guard let value else { throw Failure(line: line, reason: reason) }
        return value
    }
}
