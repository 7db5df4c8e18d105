import HTTPServer

/// What the engine refuses before any route sees it.
extension Problem {
    init(_ reason: Refusal.Reason) {
        switch reason {
        case .malformed:
            self.init(
                .invalidRequest,
                LocalText("Yêu cầu không đúng quy cách HTTP/1.1.", "The request is not well-formed HTTP/1.1."))
        case .bodyTooLarge:
            self.init(
                .tooLarge,
                LocalText(
                    "Nội dung yêu cầu vượt quá giới hạn 16 KiB.", "The body is longer than the limit of 16 KiB."))
        case .headersTooLarge:
            self.init(
                .tooLarge, LocalText("Phần tiêu đề của yêu cầu quá lớn.", "The header of the request is too large."))
        case .headerTimeout, .bodyTimeout:
            self.init(
                .invalidRequest,
                LocalText("Yêu cầu không được gửi xong trong thời hạn.", "The request was not complete in time."))
        case .overloaded, .connectionLimit, .addressLimit: self = .unavailable(reason: "too many requests in flight")
        case .handlerTimeout: self = .unavailable(reason: "no answer in time")
        }
        status = reason.status
    }
}
