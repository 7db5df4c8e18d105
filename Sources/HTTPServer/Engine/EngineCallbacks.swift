internal import CMicrohttpd
internal import Glibc

/// One call of the library's access handler.
struct AccessCall {
    let method: UnsafeBufferPointer<UInt8>
    let version: UnsafeBufferPointer<UInt8>
    fileprivate let upload: UnsafePointer<CChar>?
    fileprivate let uploadCount: UnsafeMutablePointer<Int>?

    /// How many bytes of the body this call brings.
    var uploadSize: Int { uploadCount?.pointee ?? 0 }

    /// Takes the bytes of the body; valid during the call only.
    func consumeUpload() -> UnsafeRawBufferPointer {
        let bytes = UnsafeRawBufferPointer(start: upload, count: uploadSize)
        uploadCount?.pointee = 0
        return bytes
    }
}

/// The functions the library calls, all on the engine's loop and within `MHD_run`.
///
/// File-level functions, because a closure literal may carry an isolation check that fails when C calls it; the
/// context is the engine, unretained, which outlives its daemon.
enum EngineCallbacks {
    static func install(in settings: inout mhd_settings) {
        settings.accept_policy = acceptPolicy
        settings.access = accessed
        settings.target = targetRead
        settings.unescape = unescaped
        settings.completed = requestCompleted
        settings.connection = connectionChanged
    }

    /// Reads all header fields of a request into a framing check.
    static func walkHeaders(of connection: OpaquePointer) -> FramingCheck {
        var check = FramingCheck()
        withUnsafeMutablePointer(to: &check) { pointer in
            _ = MHD_get_connection_values_n(connection, .HEADER_KIND, headerRead, pointer)
        }
        return check
    }
}

private func engine(_ context: UnsafeMutableRawPointer?) -> Engine? {
    context.map { Unmanaged<Engine>.fromOpaque($0).takeUnretainedValue() }
}

/// The record that `connectionChanged` attached; the engine's table holds it until the connection is closed.
private func record(_ pointer: UnsafeMutableRawPointer?) -> ConnectionRecord? {
    pointer.map { Unmanaged<ConnectionRecord>.fromOpaque($0).takeUnretainedValue() }
}

private func bytes(_ text: UnsafePointer<CChar>?) -> UnsafeBufferPointer<UInt8> {
    guard let text else { return UnsafeBufferPointer(start: nil, count: 0) }
    let count = strlen(text)
    return UnsafeBufferPointer(start: UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self), count: count)
}

private func acceptPolicy(
    _ context: UnsafeMutableRawPointer?, _ address: UnsafePointer<sockaddr>?, _ length: socklen_t
) -> MHD_Result {
    guard let engine = engine(context), let address else { return .NO }
    guard let reason = engine.census.objection(to: SocketAddress(address).host) else { return .YES }
    engine.counters.count(reason)
    return .NO
}

private func connectionChanged(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
    _ slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ code: MHD_ConnectionNotificationCode
) {
    guard let engine = engine(context), let connection, let slot else { return }
    if code == .CONNECTION_NOTIFY_STARTED {
        slot.pointee = Unmanaged.passUnretained(engine.opened(connection)).toOpaque()
    } else if let record = record(slot.pointee) {
        slot.pointee = nil
        engine.closed(record)
    }
}

/// Called with the target as sent, before the library splits it; what it returns is the request's context.
private func targetRead(
    _ context: UnsafeMutableRawPointer?, _ target: UnsafePointer<CChar>?, _ connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    let pointer = mhd_connection_context(connection)
    guard let engine = engine(context), let record = record(pointer) else { return nil }
    engine.began(record, target: bytes(target))
    return pointer
}

/// Leaves the text as it is: handlers see the path as it was sent.
private func unescaped(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ text: UnsafeMutablePointer<CChar>?
) -> Int {
    text.map { strlen($0) } ?? 0
}

private func accessed(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ url: UnsafePointer<CChar>?,
    _ method: UnsafePointer<CChar>?, _ version: UnsafePointer<CChar>?, _ upload: UnsafePointer<CChar>?,
    _ uploadCount: UnsafeMutablePointer<Int>?, _ slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let engine = engine(context), let record = record(slot?.pointee) else { return .NO }
    let call = AccessCall(
        method: bytes(method), version: bytes(version), upload: upload, uploadCount: uploadCount)
    return engine.access(record, call)
}

private func requestCompleted(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
    _ slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ code: MHD_RequestTerminationCode
) {
    guard let engine = engine(context), let record = record(slot?.pointee) else { return }
    slot?.pointee = nil
    engine.completed(record)
}

private func headerRead(
    _ context: UnsafeMutableRawPointer?, _ kind: MHD_ValueKind, _ name: UnsafePointer<CChar>?, _ nameCount: Int,
    _ value: UnsafePointer<CChar>?, _ valueCount: Int
) -> MHD_Result {
    guard let check = context?.assumingMemoryBound(to: FramingCheck.self) else { return .NO }
    let goesOn = check.pointee.add(
        name: UnsafeRawBufferPointer(start: name, count: nameCount),
        value: UnsafeRawBufferPointer(start: value, count: valueCount))
    return goesOn ? .YES : .NO
}
