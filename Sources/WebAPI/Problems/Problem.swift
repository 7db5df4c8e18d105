import AuthDomain
import AuthService
import JSONText

/// A refusal as the caller gets it (RFC 9457), in either language; `reason` is for the log alone.
struct Problem: Error, Sendable {
    /// What a refusal carries beside the members that all have.
    enum Extension: Sendable {
        case violations([PolicyViolation])
        case owed(SignInStatus)
        case missing([RestorationRequirement])
        case causes([LockCause])
    }

    let code: ProblemCode
    /// Says what is wrong and what to do next.
    let detail: LocalText
    /// Other than the code's own for a few refusals of the engine.
    var status: Int
    /// The clause of the regulation that applies.
    var clause: String?
    /// The field, parameter or header at fault.
    var field: String?
    var more: Extension?
    /// Seconds after which trying again makes sense.
    var retryAfter: Int?
    /// Further header fields.
    var headers: [(String, String)] = []
    /// What is down, in words for the log.
    var reason: String?

    init(
        _ code: ProblemCode, _ detail: LocalText, clause: String? = nil, field: String? = nil,
        more: Extension? = nil, retryAfter: Int? = nil, headers: [(String, String)] = [], reason: String? = nil
    ) {
        self.code = code
        self.detail = detail
        status = code.status
        self.clause = clause
        self.field = field
        self.more = more
        self.retryAfter = retryAfter
        self.headers = headers
        self.reason = reason
    }

    /// The answer in a language.
    func answer(_ language: Language) -> Answer {
        var answer = Answer(
            status: status, contentType: "application/problem+json",
            body: JSONWriter.object { writer in
                writer.field("type", code.type)
                writer.field("title", code.title(language))
                writer.field("status", status)
                writer.field("detail", detail(language))
                writer.field("code", code.rawValue)
                writer.optional("clause", clause)
                writer.optional("field", field)
                write(more, into: &writer, language)
            })
        answer.headers = headers
        if let retryAfter { answer.headers.append(("Retry-After", String(retryAfter))) }
        answer.problem = code
        answer.reason = reason
        return answer
    }

    private func write(_ more: Extension?, into writer: inout JSONWriter, _ language: Language) {
        switch more {
        case nil: break
        case .violations(let violations): writer.violations(violations, language)
        case .owed(let owed): writer.field("owed", owed.rawValue)
        case .missing(let requirements):
            writer.array("missing", requirements) { writer, requirement in
                writer.object { writer in
                    writer.field("code", requirement.rawValue)
                    writer.field("message", requirement.message(language))
                    writer.field("clause", requirement.clause)
                }
            }
        case .causes(let causes):
            writer.array("locks", causes) { writer, cause in
                writer.object { writer in
                    writer.field("cause", cause.rawValue)
                    writer.field("clause", cause.clause)
                    writer.field("wording", cause.wording(language))
                }
            }
        }
    }
}

extension JSONWriter {
    /// The member `violations`: every broken rule (R-PW-10).
    mutating func violations(_ violations: [PolicyViolation], _ language: Language) {
        array("violations", violations) { writer, violation in
            writer.object { writer in
                writer.field("code", violation.code)
                writer.field("message", violation.message(language))
                writer.nullable("clause", violation.clause)
            }
        }
    }
}
