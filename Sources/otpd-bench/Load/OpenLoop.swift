internal import Glibc

/// One thread with a few connections and a timetable.
struct OpenLoop: ~Copyable {
    private var requests: any RequestSource
    private let interval: Int64
    private let duration: Int64
    private let limit: Int
    private var made = 0
    private var times: [Int64] = []
    private var errors = 0

    /// - Parameters:
    ///   - requests: What is asked.
    ///   - interval: Nanoseconds between two requests.
    ///   - duration: Nanoseconds after which no further request is due.
    ///   - limit: How many requests are made at most.
    init(requests: any RequestSource, interval: Int64, duration: Int64, limit: Int = .max) {
        self.requests = requests
        self.interval = interval
        self.duration = duration
        self.limit = limit
    }

    mutating func run(port: UInt16, connections: Int) throws {
        var sockets = Sockets()
        for _ in 0..<connections { try sockets.add(LoadSocket(port: port, wire: requests.wire)) }
        var due = WallTime.monotonic() + interval
        var end = due + duration
        while true {
            while due <= min(WallTime.monotonic(), end), let index = sockets.takeIdle() {
                try sockets.send(requests.make(), on: index, due: due)
                due += interval
                made += 1
                if made == limit { end = due - 1 }
            }
            if due > end, sockets.busy.isEmpty { return }
            for index in sockets.ready(until: due <= end && !sockets.idle.isEmpty ? due : nil) {
                guard let status = try sockets.receive(on: index) else { continue }
                times.append(WallTime.monotonic() - sockets.finish(index))
                if status != requests.expected { errors += 1 }
            }
        }
    }

    func report() {
        let sorted = times.sorted()
        func percentile(_ part: Double) -> Int64 {
            sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))] / 1000
        }
        print(
            "count=\(sorted.count) errors=\(errors) p50=\(percentile(0.5)) p99=\(percentile(0.99))",
            "max=\((sorted.last ?? 0) / 1000)")
    }
}

/// The connections and which of them wait for an answer.
private struct Sockets: ~Copyable {
    private final class Box {
        var socket: LoadSocket
        var due: Int64 = 0

        init(_ socket: consuming LoadSocket) {
            self.socket = socket
        }
    }

    private var boxes: [Box] = []
    private(set) var busy: [Int] = []
    private(set) var idle: [Int] = []

    mutating func add(_ socket: consuming LoadSocket) {
        idle.append(boxes.count)
        boxes.append(Box(socket))
    }

    mutating func send(_ request: [UInt8], on index: Int, due: Int64) throws {
        boxes[index].due = due
        try boxes[index].socket.send(request)
        busy.append(index)
    }

    /// The busy connections that can be read, waiting for one until an instant; nil waits up to a second.
    ///
    /// `pselect`, because `poll` counts in milliseconds and the timetable needs finer ones.
    func ready(until instant: Int64?) -> [Int] {
        var set = fd_set()
        var last: Int32 = -1
        for index in busy {
            let descriptor = boxes[index].socket.descriptor
            last = max(last, descriptor)
            withUnsafeMutableBytes(of: &set) { $0[Int(descriptor) / 8] |= 1 << UInt8(descriptor % 8) }
        }
        let wait = max(0, (instant ?? WallTime.monotonic() + 1_000_000_000) - WallTime.monotonic())
        var time = timespec(tv_sec: Int(wait / 1_000_000_000), tv_nsec: Int(wait % 1_000_000_000))
        guard pselect(last + 1, &set, nil, nil, &time, nil) > 0 else { return [] }
        return withUnsafeBytes(of: &set) { bytes in
            busy.filter { index in
                let descriptor = boxes[index].socket.descriptor
                return bytes[Int(descriptor) / 8] & (1 << UInt8(descriptor % 8)) != 0
            }
        }
    }

    /// The connection that has been idle longest: none is left alone until the service ends it.
    mutating func takeIdle() -> Int? { idle.isEmpty ? nil : idle.removeFirst() }

    func receive(on index: Int) throws -> Int? { try boxes[index].socket.receive() }

    /// Marks a connection as idle; when its request was due.
    mutating func finish(_ index: Int) -> Int64 {
        busy.removeAll { $0 == index }
        idle.append(index)
        return boxes[index].due
    }
}
