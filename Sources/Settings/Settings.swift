/// The settings of one process: read once at start, every value checked.
///
/// The call that reads a key is its documentation: name, default, range, unit, purpose; `reference` lists them.
package struct Settings: Sendable {
    /// Where the service listener listens.
    package let listen: ListenAddress
    /// Where the admin listener listens.
    package let adminListen: ListenAddress
    /// Where the database is.
    package let database: DatabaseLocation
    /// How to reach Redis; nil means counting in this process.
    package let redis: RedisEndpoint?
    /// The ring, never empty: the first key writes, all read.
    package let keys: [RingKey]
    /// The `iss` of assertions.
    package let issuer: String
    /// The issuer that authenticator apps show.
    package let totpIssuer: String
    /// The mail domains served, in lower case.
    package let domains: [String]
    /// The zone in which days are counted.
    package let timeZone: CivilZone
    /// The name of this instance in logs and audit.
    package let instance: String
    /// Loop threads; 0 means one per core.
    package let loops: Int
    /// `lockout`.
    package let lockout: Lockout
    /// `totp`.
    package let totp: TOTP
    /// `password`.
    package let password: Password
    /// `deadlines`.
    package let deadlines: Deadlines
    /// `hash`.
    package let hash: Hash
    /// `sign_in`.
    package let signIn: SignIn
    /// `enrolment_code`.
    package let enrolmentCode: EnrolmentCode
    /// `assertion`.
    package let assertion: Assertion
    /// `sms`.
    package let sms: SMS
    /// `throttle`.
    package let throttle: Throttle
    /// `mail`.
    package let mail: Mail
    /// `http`.
    package let http: HTTP
    /// `mail.policy_…`.
    package let policyListen: PolicyListen
    /// `sqlite`.
    package let sqlite: SQLite
    /// `callbacks`.
    package let callbacks: Callbacks
    /// `audit`.
    package let audit: Audit
    /// `log`.
    package let log: Log
    /// `testing`.
    package let testing: Testing
    /// What is allowed but worth a line in the log at start.
    package internal(set) var warnings: [String] = []

    init(reading source: SettingsSource, hostName: String) {
        let top = source.section("")
        listen = top.listener("listen", default: ListenAddress(loopbackPort: 8080), "The service listener.")
        adminListen = top.listener(
            "admin_listen", default: ListenAddress(loopbackPort: 8081), "The admin listener, for operators and metrics."
        )
        database = top.databaseLocation()
        redis = top.redisEndpoint()
        keys = top.ringKeys(
            "keys", "Files of ring keys, made by `otpd keys new`: the first seals, all of them open.")
        issuer = top.issuer()
        totpIssuer = top.totpIssuer()
        domains = top.domains()
        timeZone = top.timeZone()
        instance = top.instance(hostName: hostName)
        loops = top.integer("loops", default: 0, in: 0...256, "Loop threads; 0 for one per core.")
        lockout = Lockout(source.section("lockout"))
        totp = TOTP(source.section("totp"))
        password = Password(source.section("password"))
        deadlines = Deadlines(source.section("deadlines"))
        hash = Hash(source.section("hash"))
        signIn = SignIn(source.section("sign_in"))
        enrolmentCode = EnrolmentCode(source.section("enrolment_code"))
        assertion = Assertion(source.section("assertion"))
        sms = SMS(source.section("sms"), issuer: issuer)
        throttle = Throttle(source.section("throttle"))
        mail = Mail(source.section("mail"))
        policyListen = PolicyListen(source.section("mail"))
        http = HTTP(source.section("http"))
        sqlite = SQLite(source.section("sqlite"))
        callbacks = Callbacks(source.section("callbacks"))
        audit = Audit(source.section("audit"))
        log = Log(source.section("log"))
        testing = Testing(source.section("testing"))
    }
}
