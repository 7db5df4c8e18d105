internal import Synchronization

/// The metrics of one process and their text for Prometheus.
///
/// Metrics are registered at start; recording touches atomics only, never the registry.
package final class MetricsRegistry: Sendable {
    private let families = Mutex<[MetricFamily]>([])

    /// Makes an empty registry.
    package init() {}

    /// Registers a counter; samples of one name must share its help text and kind.
    @discardableResult
    package func counter(_ name: String, help: String, labels: [MetricLabel] = []) -> Counter {
        let counter = Counter()
        add(name, help, .counter, labels, .counter(counter))
        return counter
    }

    /// Registers a counter that is left out of the text until it first rises.
    ///
    /// For families with many label values of which few ever occur.
    package func sparseCounter(_ name: String, help: String, labels: [MetricLabel]) -> Counter {
        let counter = Counter()
        add(name, help, .counter, labels, .sparseCounter(counter))
        return counter
    }

    /// Registers a gauge.
    @discardableResult
    package func gauge(_ name: String, help: String, labels: [MetricLabel] = []) -> Gauge {
        let gauge = Gauge()
        add(name, help, .gauge, labels, .gauge(gauge))
        return gauge
    }

    /// Registers a histogram.
    @discardableResult
    package func histogram(
        _ name: String, help: String, labels: [MetricLabel] = [], bounds: [Double] = Buckets.seconds
    ) -> Histogram {
        let histogram = Histogram(bounds: bounds)
        add(name, help, .histogram, labels, .histogram(histogram))
        return histogram
    }

    /// Registers a gauge whose value is asked for whenever the text is made; nil leaves it out.
    package func gauge(
        _ name: String, help: String, labels: [MetricLabel] = [], reading: @escaping @Sendable () -> Double?
    ) {
        add(name, help, .gauge, labels, .callback(reading))
    }

    /// Registers a counter that somebody else keeps; nil leaves it out.
    package func counter(
        _ name: String, help: String, labels: [MetricLabel] = [], reading: @escaping @Sendable () -> Double?
    ) {
        add(name, help, .counter, labels, .callback(reading))
    }

    /// The text of all metrics (Prometheus exposition format 0.0.4), to be sent as `contentType`.
    package func render() -> [UInt8] {
        // Copied, so that no callback runs under the lock.
        let families = families.withLock { $0 }
        var text = ExpositionText()
        for family in families { text.append(family) }
        return text.bytes
    }

    /// The media type of `render`.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private func add(
        _ name: String, _ help: String, _ kind: MetricKind, _ labels: [MetricLabel], _ value: MetricSample.Value
    ) {
        // Names are literals of this program: a wrong one is a slip that the first test to run shows.
        precondition(MetricLabel.isName(name, allowsColon: true), "no metric name: \(name)")
        precondition(
            labels.allSatisfy { MetricLabel.isName($0.name, allowsColon: false) && $0.name != "le" },
            "no label name in \(name)")
        let sample = MetricSample(labels: ExpositionText.labelText(labels), value: value)
        families.withLock { families in
            guard let index = families.firstIndex(where: { $0.name == name }) else {
                families.append(MetricFamily(name: name, help: help, kind: kind, samples: [sample]))
                return
            }
            precondition(families[index].kind == kind, "\(name) is of another kind")
            precondition(!families[index].samples.contains { $0.labels == sample.labels }, "\(name) stands twice")
            families[index].samples.append(sample)
        }
    }
}

/// A label of a metric; its values must come from a closed set.
package struct MetricLabel: Hashable, Sendable {
    /// The name: letters, digits and underscores.
    package let name: String
    /// The value: any text.
    package let value: String

    /// Makes a label.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    static func isName(_ text: String, allowsColon: Bool) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == UInt8(ascii: "_") || allowsColon && byte == UInt8(ascii: ":")
        }
    }
}

/// The kinds of metrics, as `# TYPE` names them.
enum MetricKind: String, Sendable {
    case counter, gauge, histogram
}

/// All samples of one name.
struct MetricFamily: Sendable {
    let name: String
    let help: String
    let kind: MetricKind
    var samples: [MetricSample]
}

/// One combination of label values.
struct MetricSample: Sendable {
    enum Value: Sendable {
        case counter(Counter)
        case sparseCounter(Counter)
        case gauge(Gauge)
        case histogram(Histogram)
        case callback(@Sendable () -> Double?)
    }
    /// `route="/livez",status="200"`, rendered once.
    let labels: String
    let value: Value
}
