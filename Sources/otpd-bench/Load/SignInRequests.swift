/// The first step of a sign-in, each of another mailbox: a right password, or a wrong one that a commit counts.
struct SignInRequests: RequestSource {
    private let key: String
    private let password: String
    private var number: Int
    let expected: Int

    init(key: String, first: Int, isRight: Bool) {
        self.key = key
        password = isRight ? BenchSecrets.password : BenchSecrets.password + "x"
        number = first
        expected = isRight ? 201 : 401
    }

    mutating func make() -> [UInt8] {
        defer { number += 1 }
        let body = """
            {"account":"\(BenchSecrets.address(number))","password":"\(password)","client":{"ip":"10.1.2.3"}}
            """
        return Self.post("/v1/sign-ins", key: key, body)
    }
}
