internal import CLibevent
internal import Glibc

/// The part of a loop that belongs to its thread: the event base, what is registered on it, and the current batch.
final class LoopCore {
    let base: OpaquePointer
    var hooks: [TurnEndHook] = []
    var batch: [LoopItem] = []
    var cursor = 0
    var isStopping = false
    private var wakeEvent: OpaquePointer?
    private var tickEvent: OpaquePointer?
    private var timers: [ObjectIdentifier: (LoopTimer, OpaquePointer)] = [:]
    private var watches: [ObjectIdentifier: (DescriptorWatch, OpaquePointer)] = [:]

    init(wakeDescriptor: Int32) {
        let configuration = event_config_new()
        // Every event of this base is made and freed on the loop's thread, so the base needs no locks.
        event_config_set_flag(configuration, Int32(EVENT_BASE_FLAG_NOLOCK.rawValue))
        let base = configuration.flatMap { event_base_new_with_config($0) }
        event_config_free(configuration)
        // Loops are made at start only; a process without an event base cannot serve.
        guard let base else { preconditionFailure("event_base_new_with_config failed") }
        self.base = base
        wakeEvent = event_new(base, wakeDescriptor, Int16(EV_READ | EV_PERSIST), loopWoken, nil)
        event_add(wakeEvent, nil)
    }

    func arm(_ timer: LoopTimer, delay: Duration) {
        guard !timer.isSettled else { return }
        let context = Unmanaged.passUnretained(timer).toOpaque()
        guard let event = event_new(base, -1, 0, timerFired, context) else { return }
        // The table holds the timer for as long as the event points to it.
        timers[ObjectIdentifier(timer)] = (timer, event)
        var interval = timeval(max(delay, .zero))
        event_add(event, &interval)
    }

    func disarm(_ timer: LoopTimer) {
        guard let (_, event) = timers.removeValue(forKey: ObjectIdentifier(timer)) else { return }
        event_free(event)
    }

    func arm(_ watch: DescriptorWatch, descriptor: Int32) {
        let context = Unmanaged.passUnretained(watch).toOpaque()
        let flags = Int16(EV_READ | EV_PERSIST)
        guard let event = event_new(base, descriptor, flags, descriptorReady, context) else { return }
        watches[ObjectIdentifier(watch)] = (watch, event)
        event_add(event, nil)
    }

    func disarm(_ watch: DescriptorWatch) {
        guard let (_, event) = watches.removeValue(forKey: ObjectIdentifier(watch)) else { return }
        event_free(event)
    }

    /// Starts the periodic tick that measures how late the loop runs.
    func startTick(_ loop: EventLoop) {
        let tick = LagTick(loop: loop)
        let context = Unmanaged.passRetained(tick).toOpaque()
        tickEvent = event_new(base, -1, Int16(EV_PERSIST), lagTicked, context)
        var interval = timeval(LagTick.interval)
        event_add(tickEvent, &interval)
    }

    /// Waits for events, or only looks for them, and runs their callbacks.
    func turn(blocking: Bool) {
        event_base_loop(base, blocking ? EVLOOP_ONCE : EVLOOP_ONCE | EVLOOP_NONBLOCK)
    }

    /// Frees everything registered, then the base.
    func close() {
        for (_, event) in timers.values { event_free(event) }
        for (_, event) in watches.values { event_free(event) }
        timers = [:]
        watches = [:]
        hooks = []
        if let wakeEvent { event_free(wakeEvent) }
        if let tickEvent {
            Unmanaged<LagTick>.fromOpaque(event_get_callback_arg(tickEvent)).release()
            event_free(tickEvent)
        }
        event_base_free(base)
    }
}

/// Measures how late a periodic event runs.
private final class LagTick {
    static let interval = Duration.milliseconds(500)
    private unowned let loop: EventLoop
    private var due = ContinuousClock.now + interval

    init(loop: EventLoop) {
        self.loop = loop
    }

    func ticked() {
        let now = ContinuousClock.now
        loop.record(lag: due.duration(to: now))
        due = now + Self.interval
    }
}

extension timeval {
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
    }
}

// C callbacks: file-level functions, because a closure literal may carry an isolation check.

private func loopWoken(_ descriptor: Int32, _ what: Int16, _ context: UnsafeMutableRawPointer?) {
    var count: UInt64 = 0
    read(descriptor, &count, 8)
}

private func timerFired(_ descriptor: Int32, _ what: Int16, _ context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    Unmanaged<LoopTimer>.fromOpaque(context).takeUnretainedValue().fire()
}

private func descriptorReady(_ descriptor: Int32, _ what: Int16, _ context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    Unmanaged<DescriptorWatch>.fromOpaque(context).takeUnretainedValue().ready()
}

private func lagTicked(_ descriptor: Int32, _ what: Int16, _ context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    Unmanaged<LagTick>.fromOpaque(context).takeUnretainedValue().ticked()
}
