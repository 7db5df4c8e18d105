/// The text exposition format of Prometheus, version 0.0.4, as it is put together.
struct ExpositionText {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ family: MetricFamily) {
        var lines = ExpositionText()
        for sample in family.samples { lines.append(sample, of: family.name) }
        guard !lines.bytes.isEmpty else { return }
        append("# HELP \(family.name) \(Self.escaped(family.help, quotes: false))\n")
        append("# TYPE \(family.name) \(family.kind.rawValue)\n")
        bytes += lines.bytes
    }

    /// Labels as they stand between the braces.
    static func labelText(_ labels: [MetricLabel]) -> String {
        labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }.joined(separator: ",")
    }

    private mutating func append(_ sample: MetricSample, of name: String) {
        switch sample.value {
        case .counter(let counter):
            line(name, sample.labels, "\(counter.value)")
        case .sparseCounter(let counter):
            let value = counter.value
            if value > 0 { line(name, sample.labels, "\(value)") }
        case .gauge(let gauge):
            line(name, sample.labels, Self.number(gauge.value))
        case .callback(let read):
            if let value = read() { line(name, sample.labels, Self.number(value)) }
        case .histogram(let histogram):
            append(histogram, name, sample.labels)
        }
    }

    private mutating func append(_ histogram: Histogram, _ name: String, _ labels: String) {
        let (counts, sum) = histogram.snapshot
        let prefix = labels.isEmpty ? "" : labels + ","
        var cumulative: UInt64 = 0
        for (index, count) in counts.enumerated() {
            cumulative += count
            let bound = index < histogram.bounds.count ? Self.number(histogram.bounds[index]) : "+Inf"
            line("\(name)_bucket", "\(prefix)le=\"\(bound)\"", "\(cumulative)")
        }
        line("\(name)_sum", labels, Self.number(sum))
        // The count is the sum of the buckets read above, so that the two never disagree.
        line("\(name)_count", labels, "\(cumulative)")
    }

    private mutating func line(_ name: String, _ labels: String, _ value: String) {
        append(name)
        if !labels.isEmpty { append("{\(labels)}") }
        append(" \(value)\n")
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    /// A number as Go's `ParseFloat` reads it.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value) { return "\(whole)" }
        return "\(value)"
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
