import AuthService
import JSONText

/// Liveness, readiness, metrics and public keys: what is asked without a key.
struct HealthRoutes: Sendable {
    static let livenessPath = "/livez"
    /// The answer to the question whether the process runs; it depends on nothing.
    static let alive = Answer.json { $0.field("status", "alive") }

    let readiness: Readiness
    let signer: any TokenSigner
    let metrics: @Sendable () async -> [UInt8]

    /// On both listeners.
    var shared: [Route] {
        [
            Route(.get, Self.livenessPath, .open) { (_) throws(Problem) in Self.alive },
            Route(.get, "/readyz", .open, action: ready),
        ]
    }

    /// The keys that assertions are checked with.
    var keySet: Route {
        Route(.get, "/.well-known/jwks.json", .open) { [signer] (_) throws(Problem) in
            Answer(status: 200, contentType: "application/jwk-set+json", body: signer.keySet())
        }
    }

    /// The figures for Prometheus.
    var figures: Route {
        Route(.get, "/metrics", .open) { [metrics] (_) async throws(Problem) in
            Answer(status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8", body: await metrics())
        }
    }

    /// 503 names the failing parts: a balancer needs the status, an operator the names (principle 3).
    private func ready(_ call: Call) async throws(Problem) -> Answer {
        let failing = await readiness.failing()
        guard !failing.isEmpty else { return .json { $0.field("status", "ready") } }
        var answer = Answer.json(503) { writer in
            writer.field("status", "unavailable")
            writer.array("failing", failing) { writer, part in
                writer.object { writer in
                    writer.field("part", part.name)
                    writer.field("problem", part.problem)
                }
            }
        }
        answer.headers = [("Retry-After", "1")]
        answer.problem = .unavailable
        answer.reason = "not ready: " + failing.map(\.name).joined(separator: " ")
        return answer
    }
}
