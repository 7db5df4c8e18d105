internal import Glibc

/// What the kernel tells of this process, read from `/proc/self` whenever the text is made.
enum ProcessMetrics {
    static func register(in registry: MetricsRegistry) {
        registry.gauge("process_resident_memory_bytes", help: "Resident memory size in bytes.") {
            number(in: contents("/proc/self/statm"), at: 1).map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) }
        }
        registry.counter("process_cpu_seconds_total", help: "User and system CPU time spent in seconds.") {
            let fields = statFields()
            guard let user = number(in: fields, at: 11), let system = number(in: fields, at: 12) else { return nil }
            return (user + system) / ticksPerSecond
        }
        registry.gauge("process_start_time_seconds", help: "Start time since the Unix epoch in seconds.") { startTime }
        registry.gauge("process_open_fds", help: "Open file descriptors.") { openDescriptors() }
    }

    private static let ticksPerSecond = Double(max(sysconf(Int32(_SC_CLK_TCK)), 1))

    /// The start of the process never changes: the boot time plus the ticks from boot to start.
    private static let startTime: Double? = {
        guard let ticks = number(in: statFields(), at: 19) else { return nil }
        let lines = contents("/proc/stat").split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix("btime ") }) else { return nil }
        return number(in: String(line), at: 1).map { $0 + ticks / ticksPerSecond }
    }()

    /// The fields of `/proc/self/stat` after the command name, which may itself hold blanks and brackets.
    private static func statFields() -> String {
        let text = contents("/proc/self/stat")
        guard let bracket = text.lastIndex(of: ")") else { return "" }
        return String(text[text.index(after: bracket)...])
    }

    private static func number(in text: String, at index: Int) -> Double? {
        let fields = text.split { $0 == " " || $0 == "\n" }
        return index < fields.count ? Double(fields[index]) : nil
    }

    private static func openDescriptors() -> Double? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        // `.`, `..` and the descriptor of the folder itself do not count.
        var count = -3
        while readdir(folder) != nil { count += 1 }
        return Double(count)
    }

    /// The first 64 KiB of a file of `/proc`; empty when it cannot be read.
    private static func contents(_ path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 8192)
        while bytes.count < 65536 {
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else { break }
            bytes += chunk.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
