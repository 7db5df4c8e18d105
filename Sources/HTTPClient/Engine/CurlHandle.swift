internal import AuthDomain
internal import CCurl

/// One easy handle of libcurl with its connections; made, used and dropped on one thread.
struct CurlHandle: ~Copyable {
    private let raw: UnsafeMutableRawPointer

    private static let libraryStart: CURLcode = curl_start_library()

    init() throws(OutgoingFailure) {
        guard Self.libraryStart == CURLE_OK, let handle = curl_easy_init() else {
            throw OutgoingFailure(.other, .notSent)
        }
        raw = handle
    }

    deinit {
        curl_easy_cleanup(raw)
    }

    /// Sends one request, waiting no longer than the deadline.
    func perform(_ request: OutgoingRequest, deadline: ContinuousClock.Instant) -> Result<
        OutgoingResponse, OutgoingFailure
    > {
        let remaining = ContinuousClock.now.duration(to: deadline).wholeMilliseconds
        guard remaining > 0 else { return .failure(OutgoingFailure(.timeout, .notSent)) }
        let transfer = CurlTransfer(body: request.body, responseLimit: request.limits.responseBytes)
        let fields = HeaderList(request.headers)
        // A reset forgets every option of the last request but keeps the connections.
        curl_easy_reset(raw)
        defer { curl_easy_reset(raw) }
        let isSet =
            fields.isComplete && setTarget(request) && setSafety(request)
            && setTimes(request.limits, remaining: remaining)
            && setTransfer(transfer, fields, request)
        guard isSet else { return .failure(OutgoingFailure(.invalidRequest, .notSent)) }
        let code = withExtendedLifetime(transfer) { withExtendedLifetime(fields) { _ in curl_easy_perform(raw) } }
        guard code == CURLE_OK else { return .failure(failure(code, transfer)) }
        guard let response = transfer.response(status: curl_read_long(raw, CURLINFO_RESPONSE_CODE)) else {
            return .failure(OutgoingFailure(.malformed, .ambiguous))
        }
        return .success(response)
    }

    private func setTarget(_ request: OutgoingRequest) -> Bool {
        let hasBody = request.method != .get || !request.body.isEmpty
        return text(CURLOPT_URL, request.url)
            && text(CURLOPT_PROTOCOLS_STR, "http,https")
            && long(hasBody ? CURLOPT_POST : CURLOPT_HTTPGET, 1)
            && text(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
            && (!hasBody || size(CURLOPT_POSTFIELDSIZE_LARGE, request.body.count))
            // The library repeats a request by itself when a kept connection ends without an answer. With a body it
            // cannot, for it has no way to read the body twice; without one, only a fresh connection prevents it.
            && long(CURLOPT_FRESH_CONNECT, request.body.isEmpty ? 1 : 0)
            && long(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
            && setCredentials(request.credentials)
    }

    private func setCredentials(_ credentials: BasicCredentials?) -> Bool {
        guard let credentials else { return true }
        let isSet = credentials.password.withBytes { bytes in
            !bytes.contains(0) && text(CURLOPT_PASSWORD, String(decoding: bytes, as: UTF8.self))
        }
        return isSet && text(CURLOPT_USERNAME, credentials.user)
            && long(CURLOPT_HTTPAUTH, 1 /* CURLAUTH_BASIC, whose macro is not imported */)
    }

    private func setSafety(_ request: OutgoingRequest) -> Bool {
        var isSet =
            long(CURLOPT_NOSIGNAL, 1)
            && long(CURLOPT_FOLLOWLOCATION, 0)
            // Set, but empty: the environment's proxies are not looked at.
            && text(CURLOPT_PROXY, "") && text(CURLOPT_NOPROXY, "*")
            && long(CURLOPT_SSL_VERIFYPEER, 1) && long(CURLOPT_SSL_VERIFYHOST, 2)
            && long(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
            // Without it a timeout while a name is looked up waits for the resolver's own, longer timeout.
            && long(CURLOPT_QUICK_EXIT, 1)
            && long(CURLOPT_MAXCONNECTS, 4) && long(CURLOPT_MAXAGE_CONN, 20)
        if let file = request.authorityFile {
            // The system's folder would be trusted beside the file.
            isSet = isSet && text(CURLOPT_CAINFO, file) && curl_set_text(raw, CURLOPT_CAPATH, nil) == CURLE_OK
        }
        return isSet
    }

    private func setTimes(_ limits: OutgoingLimits, remaining: Int64) -> Bool {
        let connect = min(max(limits.connect.wholeMilliseconds, 1), remaining)
        return long(CURLOPT_TIMEOUT_MS, Int(remaining)) && long(CURLOPT_CONNECTTIMEOUT_MS, Int(connect))
    }

    private func setTransfer(_ transfer: CurlTransfer, _ fields: borrowing HeaderList, _ request: OutgoingRequest)
        -> Bool
    {
        // The transfer outlives the call, and the library calls back only during it, on this thread.
        let context = Unmanaged.passUnretained(transfer).toOpaque()
        return curl_set_list(raw, CURLOPT_HTTPHEADER, fields.first) == CURLE_OK
            && curl_set_callback(raw, CURLOPT_READFUNCTION, readRequestBody) == CURLE_OK
            && curl_set_context(raw, CURLOPT_READDATA, context) == CURLE_OK
            && curl_set_callback(raw, CURLOPT_WRITEFUNCTION, writeResponseBody) == CURLE_OK
            && curl_set_context(raw, CURLOPT_WRITEDATA, context) == CURLE_OK
            && curl_set_callback(raw, CURLOPT_HEADERFUNCTION, writeResponseHeader) == CURLE_OK
            && curl_set_context(raw, CURLOPT_HEADERDATA, context) == CURLE_OK
    }

    private func failure(_ code: CURLcode, _ transfer: CurlTransfer) -> OutgoingFailure {
        // Counts what the kernel took, over every connection that was tried for this request.
        let sent = curl_read_long(raw, CURLINFO_REQUEST_SIZE)
        let delivery: OutgoingFailure.Delivery = sent == 0 && !transfer.hasSentBody ? .notSent : .ambiguous
        if transfer.isOverLimit { return OutgoingFailure(.tooLarge, delivery) }
        return OutgoingFailure(Self.reason(code), delivery)
    }

    static func reason(_ code: CURLcode) -> OutgoingFailure.Reason {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST: .resolve
        case CURLE_COULDNT_CONNECT: .connect
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR:
            .tls
        case CURLE_OPERATION_TIMEDOUT: .timeout
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_SEND_FAIL_REWIND: .reset
        case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE: .truncated
        // An answer that is no HTTP/1 counts as an unsupported protocol.
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING: .malformed
        case CURLE_URL_MALFORMAT: .invalidRequest
        default: .other
        }
    }

    private func long(_ option: CURLoption, _ value: Int) -> Bool {
        curl_set_long(raw, option, value) == CURLE_OK
    }

    private func size(_ option: CURLoption, _ value: Int) -> Bool {
        curl_set_size(raw, option, Int64(value)) == CURLE_OK
    }

    private func text(_ option: CURLoption, _ value: String) -> Bool {
        curl_set_text(raw, option, value) == CURLE_OK
    }
}
