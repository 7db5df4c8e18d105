internal import CMicrohttpd

/// Turns an answer into the library's form.
enum LibraryResponse {
    /// Queues an answer; the library sends it, with `Date` and `Content-Length` added.
    static func queue(_ response: HTTPResponse, on connection: OpaquePointer, closing: Bool) -> MHD_Result {
        guard let made = make(response) ?? make(HTTPResponse(status: 500)) else { return .NO }
        defer { MHD_destroy_response(made.handle) }
        if closing { MHD_add_response_header(made.handle, "Connection", "close") }
        return MHD_queue_response(connection, UInt32(made.status), made.handle)
    }

    private static func make(_ response: HTTPResponse) -> (handle: OpaquePointer, status: Int)? {
        guard (200...599).contains(response.status) else { return nil }
        let handle = response.body.withUnsafeBytes { body in
            // Copied by the library at once, so the pointer need not be mutable in truth nor outlive the call.
            MHD_create_response_from_buffer(
                body.count, UnsafeMutableRawPointer(mutating: body.baseAddress), .RESPMEM_MUST_COPY)
        }
        guard let handle else { return nil }
        for (name, value) in response.headers where MHD_add_response_header(handle, name, value) == .NO {
            MHD_destroy_response(handle)
            return nil
        }
        return (handle, response.status)
    }
}
