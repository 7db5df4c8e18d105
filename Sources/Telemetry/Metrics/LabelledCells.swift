/// Counters under one name, one for each value of a closed set; looking one up allocates nothing.
package struct CounterSet<Value>: Sendable
where Value: CaseIterable & RawRepresentable<String> & Hashable & Sendable {
    private let counters: [Value: Counter]

    init(_ registry: MetricsRegistry, _ name: String, help: String, label: String) {
        counters = Dictionary(
            uniqueKeysWithValues: Value.allCases.map { value in
                (value, registry.counter(name, help: help, labels: [MetricLabel(label, value.rawValue)]))
            })
    }

    /// Adds one to the counter of a value.
    package func add(_ value: Value) {
        counters[value]?.add()
    }

    /// Adds so many to the counter of a value; nothing for a number below one.
    package func add(_ value: Value, _ amount: Int) {
        if amount > 0 { counters[value]?.add(UInt64(amount)) }
    }

    /// The count of a value.
    package func count(_ value: Value) -> UInt64 {
        counters[value]?.value ?? 0
    }
}

/// Histograms under one name, one for each of a list of names fixed at start; the rest share `other`.
package struct HistogramSet: Sendable {
    private let histograms: [String: Histogram]
    private let other: Histogram

    init(_ registry: MetricsRegistry, _ name: String, help: String, label: String, values: [String]) {
        var histograms: [String: Histogram] = [:]
        for value in values where value != "other" && histograms[value] == nil {
            histograms[value] = registry.histogram(name, help: help, labels: [MetricLabel(label, value)])
        }
        self.histograms = histograms
        other = registry.histogram(name, help: help, labels: [MetricLabel(label, "other")])
    }

    /// The histogram of a value; `other` for a value not on the list.
    package subscript(_ value: String) -> Histogram { histograms[value] ?? other }
}
