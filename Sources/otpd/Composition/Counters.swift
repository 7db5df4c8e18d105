import AuthDomain
import AuthService
import MemoryCounters
import Reactor
import RedisCounters
import Settings
import Telemetry

/// The fast shared counters: Redis, or their in-process twins, or both by `lockout.redis_down`.
struct Counters: Sendable {
    let budget: AttemptReservation
    let signIns: any SignInStore
    let throttle: any Throttle
    let redis: RedisClient?

    init(_ settings: Settings, loops: [EventLoop], metrics: StandardMetrics, log: JSONLog) {
        let clock = SystemMonotonicClock()
        let twinBudget = MemoryAttemptBudget(clock: clock)
        let twinSignIns = MemorySignInStore(clock: clock)
        let twinThrottle = MemoryThrottle(clock: clock)
        let shared: any AttemptBudget
        if let endpoint = settings.redis {
            let client = RedisClient(
                settings: RedisSettings(
                    endpoint.address, database: endpoint.database, user: endpoint.user, password: endpoint.password),
                loops: loops, observer: .reporting(to: metrics, log))
            let usesTwin = settings.lockout.redisDown == .inProcess
            let budget = RedisAttemptBudget(client: client)
            let signIns = RedisSignInStore(client: client)
            let throttle = RedisThrottle(client: client)
            shared = usesTwin ? FailoverAttemptBudget(primary: budget, twin: twinBudget) : budget
            self.signIns = usesTwin ? FailoverSignInStore(primary: signIns, twin: twinSignIns) : signIns
            self.throttle = usesTwin ? FailoverThrottle(primary: throttle, twin: twinThrottle) : throttle
            redis = client
        } else {
            log.warning("single instance: counting in this process, since no Redis is set")
            shared = twinBudget
            signIns = twinSignIns
            throttle = twinThrottle
            redis = nil
        }
        budget = AttemptReservation(budget: shared, clock: clock, busyWait: settings.lockout.busyWait)
    }
}

extension RedisSettings {
    fileprivate init(_ address: RedisAddress, database: Int, user: String?, password: SecretBytes?) {
        switch address {
        case .tcp(let host, let port): self.init(endpoint: .tcp(host: host, port: port))
        case .unix(let path): self.init(endpoint: .unix(path: path))
        }
        self.database = database
        username = user
        self.password = password
    }
}

extension RedisObserver {
    fileprivate static func reporting(to metrics: StandardMetrics, _ log: JSONLog) -> RedisObserver {
        RedisObserver(
            answered: { command, duration in metrics.redisSeconds[command].observe(duration) },
            happened: { event in
                switch event {
                case .connected(let loop):
                    log.info("redis connected", ["loop": .number(loop)])
                case .lost(let loop, let reason):
                    log.warning("redis connection lost", ["loop": .number(loop), "reason": .string(reason)])
                case .refused(let command, let code):
                    log.error("redis refused a command", ["command": .string(command), "error_code": .string(code)])
                case .evictionPolicy(let policy):
                    log.warning(
                        "redis may evict keys under memory pressure; set maxmemory-policy noeviction",
                        ["policy": .string(policy)])
                }
            })
    }
}
