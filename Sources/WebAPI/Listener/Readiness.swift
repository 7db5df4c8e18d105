internal import Synchronization

/// Asks one part that the service needs whether it works.
package struct ReadinessProbe: Sendable {
    /// The part, from a closed list: `database`, `redis`, `clock`.
    package let name: String
    /// What is wrong with it, without addresses or secrets; nil when it works.
    package let check: @Sendable () async -> String?

    /// Makes a probe.
    package init(name: String, check: @escaping @Sendable () async -> String?) {
        self.name = name
        self.check = check
    }
}

/// Whether the service can do its work: asks every part at once and waits a bounded time (api.md, `readyz`).
package final class Readiness: Sendable {
    /// One part that does not work.
    struct Failing: Equatable, Sendable {
        let name: String
        let problem: String
    }

    private let probes: [ReadinessProbe]
    private let patience: Duration
    private let running = Mutex<[String: FirstAnswer]>([:])

    /// Makes a check of all parts.
    ///
    /// - Parameters:
    ///   - probes: The parts; their names differ.
    ///   - patience: How long one may take; one second by default.
    package init(probes: [ReadinessProbe], patience: Duration = .seconds(1)) {
        self.probes = probes
        self.patience = patience
    }

    /// The parts that do not work or do not answer, in the order of the probes.
    func failing() async -> [Failing] {
        await withTaskGroup(of: (Int, String?).self) { group in
            for (index, probe) in probes.enumerated() {
                group.addTask { (index, await self.problem(of: probe)) }
            }
            var problems: [Int: String] = [:]
            for await (index, problem) in group where problem != nil { problems[index] = problem }
            return probes.indices.compactMap { index in
                problems[index].map { Failing(name: probes[index].name, problem: $0) }
            }
        }
    }

    /// Whoever asks while a probe runs gets its answer, and one that hangs is not asked again before it ends: so no
    /// more than one of each runs, however often readiness is asked for.
    private func problem(of probe: ReadinessProbe) async -> String? {
        let (answer, isNew) = running.withLock { running in
            if let answer = running[probe.name] { return (answer, false) }
            let answer = FirstAnswer()
            running[probe.name] = answer
            return (answer, true)
        }
        if isNew { start(probe, answer) }
        return await answer.value()
    }

    /// Not structured: a probe may wait on something that cannot be cancelled, and the answer must not wait with it.
    private func start(_ probe: ReadinessProbe, _ answer: FirstAnswer) {
        let patience = self.patience
        let timer = Task {
            try await Task.sleep(for: patience)
            answer.give(Self.noAnswer)
        }
        Task {
            let problem = await probe.check()
            timer.cancel()
            _ = running.withLock { $0.removeValue(forKey: probe.name) }
            answer.give(problem)
        }
    }

    private static let noAnswer = "no answer in time"
}

/// The first of several answers, for all who wait; later ones are dropped.
private final class FirstAnswer: Sendable {
    private enum State {
        case open([CheckedContinuation<String?, Never>])
        case given(String?)
    }

    private let state = Mutex(State.open([]))

    func give(_ problem: String?) {
        let waiting = state.withLock { state -> [CheckedContinuation<String?, Never>] in
            guard case .open(let waiting) = state else { return [] }
            state = .given(problem)
            return waiting
        }
        for continuation in waiting { continuation.resume(returning: problem) }
    }

    func value() async -> String? {
        await withCheckedContinuation { continuation in
            let given: String?? = state.withLock { state in
                switch state {
                case .given(let problem): return .some(problem)
                case .open(let waiting):
                    state = .open(waiting + [continuation])
                    return .none
                }
            }
            if case .some(let problem) = given { continuation.resume(returning: problem) }
        }
    }
}
