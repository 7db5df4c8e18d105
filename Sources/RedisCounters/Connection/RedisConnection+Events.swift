internal import CHiredis
internal import Reactor

/// The adapter between hiredis and the loop: reads when readable, writes once at the end of a turn.
extension RedisConnection {
    /// Hangs the descriptor of a new context onto the event base.
    ///
    /// Contexts and events point here unretained: the turn-end hook holds the connection from `start` until `close`,
    /// which frees the context first.
    func attachEvents(to context: UnsafeMutablePointer<redisAsyncContext>) {
        let descriptor = context.pointee.c.fd
        let opaque = Unmanaged.passUnretained(self).toOpaque()
        loop.withEventBase { base in
            let base = OpaquePointer(base)
            readEvent = event_new(base, descriptor, Int16(EV_READ | EV_PERSIST), readable, opaque)
            writeEvent = event_new(base, descriptor, Int16(EV_WRITE), writable, opaque)
        }
        isReading = false
        context.pointee.ev.addRead = addRead
        context.pointee.ev.delRead = deleteRead
        context.pointee.ev.addWrite = addWrite
        context.pointee.ev.delWrite = deleteWrite
        context.pointee.ev.cleanup = cleanUp
        context.pointee.ev.data = opaque
    }

    /// Writes what the turn has gathered; what the socket does not take follows when it can.
    func flush() {
        needsFlush = false
        guard let context else { return }
        isFlushing = true
        redisAsyncHandleWrite(context)
        isFlushing = false
    }

    fileprivate func wantsRead() {
        guard !isReading, let readEvent else { return }
        isReading = true
        event_add(readEvent, nil)
    }

    fileprivate func wantsNoRead() {
        guard isReading, let readEvent else { return }
        isReading = false
        event_del(readEvent)
    }

    fileprivate func wantsWrite() {
        // Before the connection is made, and when the socket is full, only the kernel knows when to go on.
        if phase == .connecting || isFlushing {
            if let writeEvent { event_add(writeEvent, nil) }
        } else {
            needsFlush = true
        }
    }

    fileprivate func wantsNoWrite() {
        needsFlush = false
        if let writeEvent { event_del(writeEvent) }
    }

    /// Frees the events of a context that ends; a second call finds none.
    fileprivate func freeEvents() {
        if let readEvent { event_free(readEvent) }
        if let writeEvent { event_free(writeEvent) }
        readEvent = nil
        writeEvent = nil
        isReading = false
    }
}

// C calls these from the loop's thread. File-level, because a closure literal may carry an isolation check.

private func connection(_ pointer: UnsafeMutableRawPointer?) -> RedisConnection? {
    pointer.map { Unmanaged<RedisConnection>.fromOpaque($0).takeUnretainedValue() }
}

private func readable(_ descriptor: Int32, _ what: Int16, _ pointer: UnsafeMutableRawPointer?) {
    guard let link = connection(pointer) else { return }
    withExtendedLifetime(link) {
        if let context = link.context { redisAsyncHandleRead(context) }
    }
}

private func writable(_ descriptor: Int32, _ what: Int16, _ pointer: UnsafeMutableRawPointer?) {
    guard let link = connection(pointer) else { return }
    withExtendedLifetime(link) { link.flush() }
}

private func addRead(_ pointer: UnsafeMutableRawPointer?) { connection(pointer)?.wantsRead() }
private func deleteRead(_ pointer: UnsafeMutableRawPointer?) { connection(pointer)?.wantsNoRead() }
private func addWrite(_ pointer: UnsafeMutableRawPointer?) { connection(pointer)?.wantsWrite() }
private func deleteWrite(_ pointer: UnsafeMutableRawPointer?) { connection(pointer)?.wantsNoWrite() }

private func cleanUp(_ pointer: UnsafeMutableRawPointer?) { connection(pointer)?.freeEvents() }

func linkMade(_ context: UnsafePointer<redisAsyncContext>?, _ status: Int32) {
    guard let link = connection(context?.pointee.data) else { return }
    withExtendedLifetime(link) {
        guard status == REDIS_OK else { return link.lost(reason: "connect refused") }
        link.greet()
    }
}

func linkEnded(_ context: UnsafePointer<redisAsyncContext>?, _ status: Int32) {
    guard let context, let link = connection(context.pointee.data) else { return }
    withExtendedLifetime(link) {
        // A context dropped from this side is noted already, and the next one may be in place.
        if link.context.map({ UnsafePointer($0) == context }) ?? false { link.lost(reason: "connection closed") }
    }
}

/// The reply callback: takes over the reference that was made when the command was sent.
func commandAnswered(
    _ context: UnsafeMutablePointer<redisAsyncContext>?, _ reply: UnsafeMutableRawPointer?,
    _ pointer: UnsafeMutableRawPointer?
) {
    guard let pointer else { return }
    let pending = Unmanaged<PendingCommand>.fromOpaque(pointer).takeRetainedValue()
    let answer = reply.map { RedisReply($0.assumingMemoryBound(to: redisReply.self).pointee) }
    guard let link = connection(context?.pointee.data) else { return }
    withExtendedLifetime(link) { link.finish(pending, answer) }
}
