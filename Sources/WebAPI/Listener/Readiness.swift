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
    private let unfinished = Mutex<Set<String>>([])

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

    /// A probe that hangs is not asked again before it ends, so that no more than one of each can hang.
    private func problem(of probe: ReadinessProbe) async -> String? {
        guard unfinished.withLock({ $0.insert(probe.name).inserted }) else { return await settled(probe) }
        let answer = FirstAnswer()
        // Not structured: a probe may wait on something that cannot be cancelled, and the answer must not wait with it.
        Task {
            let problem = await probe.check()
            _ = unfinished.withLock { $0.remove(probe.name) }
            answer.give(problem)
        }
        return await withTimeLimit(answer)
    }

    /// Somebody else is asking right now: waits for the same time, then believes that the part hangs.
    private func settled(_ probe: ReadinessProbe) async -> String? {
        let deadline = ContinuousClock.now + patience
        while ContinuousClock.now < deadline {
            do {
                try await Task.sleep(for: .milliseconds(10))
            } catch {
                break
            }
            if !unfinished.withLock({ $0.contains(probe.name) }) { return await problem(of: probe) }
        }
        return Self.noAnswer
    }

    private func withTimeLimit(_ answer: FirstAnswer) async -> String? {
        let patience = self.patience
        let timer = Task {
            try await Task.sleep(for: patience)
            answer.give(Self.noAnswer)
        }
        defer { timer.cancel() }
        return await answer.value()
    }

    private static let noAnswer = "no answer in time"
}

/// The first of several answers; later ones are dropped.
private final class FirstAnswer: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<String?, Never>)
        case given(String?)
    }

    private let state = Mutex(State.open)

    func give(_ problem: String?) {
        let waiting: CheckedContinuation<String?, Never>? = state.withLock { state in
            switch state {
            case .open:
                state = .given(problem)
                return nil
            case .awaited(let continuation):
                state = .given(problem)
                return continuation
            case .given: return nil
            }
        }
        waiting?.resume(returning: problem)
    }

    /// Waits for it; called once.
    func value() async -> String? {
        await withCheckedContinuation { continuation in
            let given: String?? = state.withLock { state in
                if case .given(let problem) = state { return .some(problem) }
                state = .awaited(continuation)
                return .none
            }
            if case .some(let problem) = given { continuation.resume(returning: problem) }
        }
    }
}
