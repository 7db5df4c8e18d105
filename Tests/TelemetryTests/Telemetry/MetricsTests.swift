import AuthDomain
import Telemetry
import Testing

@Suite("Metrics")
struct MetricsTests {
    @Test("counters, gauges and histograms come out as they went in")
    func values() throws {
        let registry = MetricsRegistry()
        let counter = registry.counter("c_total", help: "Counts.")
        let gauge = registry.gauge("g", help: "Goes.")
        let histogram = registry.histogram("h", help: "Spreads.", bounds: [0.1, 1, 10])
        counter.add()
        counter.add(2)
        gauge.set(2.5)
        gauge.add(-5)
        for value in [0.05, 0.1, 0.5, 10, 11, .nan, .infinity] { histogram.observe(value) }
        histogram.observe(.milliseconds(350))
        let text = try ParsedExposition(registry.render())
        #expect(text.types == ["c_total": "counter", "g": "gauge", "h": "histogram"])
        #expect(text["c_total"] == 3)
        #expect(text["g"] == -2.5)
        #expect(text["h_bucket", ["le": "0.1"]] == 2)
        #expect(text["h_bucket", ["le": "1"]] == 4)
        #expect(text["h_bucket", ["le": "10"]] == 5)
        #expect(text["h_bucket", ["le": "+Inf"]] == 6)
        #expect(text["h_count"] == 6)
        #expect(abs((text["h_sum"] ?? 0) - 22.0) < 1e-9)
    }

    @Test("labels and help texts are escaped", arguments: ["a\\b", "a\"b", "a\nb", "\\n", "{}=,", "Đ8.2.b", ""])
    func escaping(value: String) throws {
        let registry = MetricsRegistry()
        registry.counter(
            "c_total", help: "Help \(value) end.", labels: [MetricLabel("l", value), MetricLabel("m", "1")])
        let text = try ParsedExposition(registry.render())
        #expect(text["c_total", ["l": value, "m": "1"]] == 0)
        #expect(text.helps["c_total"] == "Help \(value) end.")
    }

    @Test("numbers are written so that Prometheus reads them")
    func numbers() throws {
        let registry = MetricsRegistry()
        let values: [Double] = [0, 1, -1, 1e15, 1e300, 1e-9, 0.1, .infinity, -.infinity, 1_763_863_200.123]
        for (index, value) in values.enumerated() {
            registry.gauge("g", help: "G.", labels: [MetricLabel("n", "\(index)")]).set(value)
        }
        registry.gauge("nan", help: "N.") { Double.nan }
        registry.gauge("absent", help: "A.") { nil }
        let text = try ParsedExposition(registry.render())
        for (index, value) in values.enumerated() { #expect(text["g", ["n": "\(index)"]] == value) }
        #expect(text["nan"]?.isNaN == true)
        #expect(text["absent"] == nil)
        #expect(text.types["absent"] == nil)
    }

    @Test("recording from many tasks loses nothing")
    func concurrency() async throws {
        let registry = MetricsRegistry()
        let counter = registry.counter("c_total", help: "C.")
        let gauge = registry.gauge("g", help: "G.")
        let histogram = registry.histogram("h", help: "H.", bounds: [1])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<2000 {
                        counter.add()
                        gauge.add(0.5)
                        histogram.observe(2)
                    }
                }
            }
        }
        #expect(counter.value == 16000)
        #expect(gauge.value == 8000)
        #expect(histogram.snapshot.counts == [0, 16000])
        #expect(histogram.snapshot.sum == 32000)
    }

    @Test("the standard metrics: every name, closed labels, routes and not paths")
    func standard() throws {
        let metrics = StandardMetrics(
            registry: MetricsRegistry(), version: "1.2.3", redisCommands: ["reserve"], sqlOperations: ["settle"])
        metrics.http.route(method: "POST", template: "/v1/sign-ins").record(status: 201, duration: .milliseconds(3))
        metrics.http.route(method: "GET", template: "unmatched").record(status: 404, duration: .milliseconds(1))
        metrics.http.route(method: "GET", template: "unmatched").record(status: 418, duration: .zero)
        metrics.observeConnections { 3 }
        metrics.observeRefusals("malformed") { 2 }
        metrics.evaluations.add(.oneTimeCode)
        metrics.locks.add(.badPassword5)
        metrics.redisSeconds["reserve"].observe(.microseconds(300))
        metrics.redisSeconds["unheard of"].observe(.microseconds(300))
        metrics.observePool("hash", queued: { 3 }, running: { 2 }, shed: { 1 })
        let text = try ParsedExposition(metrics.registry.render())
        let requests = "otpd_http_requests_total"
        #expect(text[requests, ["route": "/v1/sign-ins", "method": "POST", "status": "201"]] == 1)
        #expect(text[requests, ["route": "unmatched", "method": "GET", "status": "404"]] == 1)
        #expect(text[requests, ["route": "unmatched", "method": "GET", "status": "other"]] == 1)
        #expect(text.samples.filter { $0.name == requests }.count == 3)
        #expect(text["otpd_http_request_seconds_count", ["route": "/v1/sign-ins"]] == 1)
        #expect(text["otpd_evaluations_total", ["kind": "otp"]] == 1)
        #expect(text["otpd_evaluations_total", ["kind": "password"]] == 0)
        #expect(text["otpd_locks_total", ["cause": "bad_password_5"]] == 1)
        #expect(text["otpd_redis_seconds_count", ["command": "reserve"]] == 1)
        #expect(text["otpd_redis_seconds_count", ["command": "other"]] == 1)
        #expect(text["otpd_pool_queued", ["pool": "hash"]] == 3)
        #expect(text["otpd_pool_shed_total", ["pool": "hash"]] == 1)
        #expect(text["otpd_build_info", ["version": "1.2.3"]] == 1)
        let expected = [
            "otpd_http_connections", "otpd_http_refused_total", "otpd_sign_ins_total", "otpd_judged_failures_total",
            "otpd_pool_running", "otpd_redis_up", "otpd_sql_seconds", "otpd_sql_batch_size",
            "otpd_audit_rows_total", "otpd_loop_lag_seconds", "otpd_clock_offset_seconds",
        ]
        for name in expected { #expect(text.types[name] != nil, "\(name)") }
    }

    @Test("the process is told of as the kernel knows it")
    func process() throws {
        let metrics = StandardMetrics(
            registry: MetricsRegistry(), version: "0", redisCommands: [], sqlOperations: [])
        let text = try ParsedExposition(metrics.registry.render())
        #expect((text["process_resident_memory_bytes"] ?? 0) > 1_000_000)
        #expect((text["process_cpu_seconds_total"] ?? -1) >= 0)
        #expect((text["process_start_time_seconds"] ?? 0) > 1_600_000_000)
        #expect((text["process_open_fds"] ?? 0) >= 3)
    }
}
