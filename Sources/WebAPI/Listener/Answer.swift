import JSONText
/// What a route answers, before the fields that every answer has.
struct Answer: Sendable {
    var status: Int
    /// Nil for an answer without content.
    var contentType: String?
    var headers: [(String, String)] = []
    var body: [UInt8]
    /// Which problem it is, for log and metrics.
    var problem: ProblemCode?
    /// What is down, for the log alone.
    var reason: String?
    /// Whether it is sent as it is, without the fields that every other answer has.
    var isBare = false

    init(status: Int, contentType: String?, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    /// An object in JSON.
    static func json(_ status: Int = 200, _ body: (inout JSONWriter) -> Void) -> Answer {
        Answer(status: status, contentType: "application/json", body: JSONWriter.object(body))
    }

    /// Nothing but the status 204.
    static let noContent = Answer(status: 204, contentType: nil, body: [])
}
