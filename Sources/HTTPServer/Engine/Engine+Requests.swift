internal import CMicrohttpd
internal import Reactor

/// The way of one request through the engine.
extension Engine {
    /// The library has more for a request, or is ready for its answer.
    func access(_ record: ConnectionRecord, _ call: AccessCall) -> MHD_Result {
        if record.phase == .handling { return lookIn(record) }
        hasStirred = true
        return switch record.phase {
        case .header: admit(record, call)
        case .body where call.uploadSize > 0: receive(record, call)
        case .body: dispatch(record)
        case .ready: answer(record, record.response ?? HTTPResponse(status: 500))
        case .handling, .sending, .waiting, .closing: .NO
        }
    }

    /// The request line is known.
    func began(_ record: ConnectionRecord, target: UnsafeBufferPointer<UInt8>) {
        hasStirred = true
        record.target = RequestTarget(target)
        counters.requests.add(1)
        // A new connection has been reading its header since it was opened.
        if record.phase == .waiting { record.enter(.header, until: now + limits.headerDeadline) }
    }

    /// The header is complete: refuses what is malformed or too much, before any of the body is read.
    private func admit(_ record: ConnectionRecord, _ call: AccessCall) -> MHD_Result {
        record.method = String(decoding: call.method, as: UTF8.self)
        let check = EngineCallbacks.walkHeaders(of: record.connection)
        record.headers = check.headers
        guard let target = record.target, call.method.allSatisfy(ASCII.isToken) else {
            return refuse(record, .malformed)
        }
        if let reason = check.verdict(version: call.version, limits: limits) { return refuse(record, reason) }
        if census.inFlight >= limits.maxRequestsInFlight { return refuse(record, .overloaded) }
        if check.hasBody {
            record.bodyLimit = limits.bodyLimit(record.method, target.path) ?? limits.maxBodyBytes
            let declared = check.contentLength ?? 0
            if declared > UInt64(record.bodyLimit) { return refuse(record, .bodyTooLarge) }
            // A promise of the client, so believed only so far.
            record.body.reserveCapacity(min(Int(declared), 64 * 1024))
        }
        record.enter(.body, until: now + limits.bodyDeadline)
        return .YES
    }

    private func receive(_ record: ConnectionRecord, _ call: AccessCall) -> MHD_Result {
        guard record.body.count + call.uploadSize <= record.bodyLimit else { return refuse(record, .bodyTooLarge) }
        record.body.append(contentsOf: call.consumeUpload())
        return .YES
    }

    /// The request is complete: answered at once, or by a task while the connection is parked.
    private func dispatch(_ record: ConnectionRecord) -> MHD_Result {
        let request = HTTPRequest(
            method: record.method, path: record.target?.path ?? "", query: record.target?.query,
            headers: record.headers, body: record.body, peerAddress: record.peer?.host ?? "",
            peerPort: record.peer?.port ?? 0, loop: loop)
        if let response = handler.respondImmediately(to: request) { return answer(record, response) }
        record.enter(.handling, until: now + limits.handlerDeadline)
        dispatched += 1
        record.serial = dispatched
        record.isCounted = true
        counters.inFlight.add(1)
        park(record)
        let (id, serial) = (record.id, record.serial)
        record.task = Task(executorPreference: loop) { [self] in
            complete(id, serial, await handler.respond(to: request))
        }
        return .YES
    }

    /// A handler is done; its answer is dropped when the request has ended meanwhile.
    private func complete(_ id: Int, _ serial: Int, _ response: HTTPResponse) {
        if deserted.removeValue(forKey: serial) != nil { return deserterDone() }
        guard let record = connections[id], record.serial == serial, record.phase == .handling else { return }
        give(record, response)
    }

    private func give(_ record: ConnectionRecord, _ response: HTTPResponse) {
        unpark(record)
        record.response = response
        record.task = nil
        record.enter(.ready, until: now + limits.sendDeadline)
        answered.append(record)
    }

    private func answer(_ record: ConnectionRecord, _ response: HTTPResponse) -> MHD_Result {
        record.response = nil
        record.enter(.sending, until: now + limits.sendDeadline)
        return LibraryResponse.queue(
            response, on: record.connection, closing: isDraining || record.mustClose)
    }

    /// The library is through with a request, in whichever way.
    func completed(_ record: ConnectionRecord) {
        hasStirred = true
        unpark(record)
        if record.phase == .handling { desert(record) }
        if record.isCounted { counters.inFlight.add(-1) }
        record.isCounted = false
        record.task?.cancel()
        record.reset()
        guard record.phase != .closing else { return }
        record.enter(.waiting, until: now + limits.idleTimeout)
    }

    // MARK: Refusals

    /// Answers past the library and has it close the connection; from within a callback only.
    private func refuse(_ record: ConnectionRecord, _ reason: Refusal.Reason) -> MHD_Result {
        write(refusal(record, reason), to: record)
        LingeringClose.begin(record.descriptor, engine: self)
        record.phase = .closing
        return .NO
    }

    private func refusal(_ record: ConnectionRecord, _ reason: Refusal.Reason) -> HTTPResponse {
        counters.count(reason)
        return refuse(
            Refusal(
                reason: reason, method: record.method.isEmpty ? nil : record.method, path: record.target?.path,
                headers: record.headers))
    }

    private func write(_ response: HTTPResponse, to record: ConnectionRecord) {
        let bytes = RawResponse.bytes(response, withoutBody: record.method == "HEAD")
        ConnectionSocket.write(bytes, to: record.descriptor)
    }

    /// A phase has lasted too long.
    func expire(_ record: ConnectionRecord) {
        switch record.phase {
        case .header, .body:
            write(refusal(record, record.phase == .header ? .headerTimeout : .bodyTimeout), to: record)
            abandon(record)
        case .handling:
            record.task?.cancel()
            record.mustClose = true
            give(record, refusal(record, .handlerTimeout))
        case .ready: break
        case .sending, .waiting, .closing: abandon(record)
        }
    }

    /// Ends a connection whatever it does; the library notices the shut socket and cleans up.
    func abandon(_ record: ConnectionRecord) {
        record.task?.cancel()
        unpark(record)
        if record.phase == .handling { answered.append(record) }
        record.enter(.closing, until: now + limits.sendDeadline)
        ConnectionSocket.shutDown(record.descriptor)
    }
}
