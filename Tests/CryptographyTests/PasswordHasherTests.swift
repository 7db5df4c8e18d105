import AuthDomain
import AuthService
import Glibc
import Reactor
import Testing

@testable import Cryptography

@Suite("Password records")
struct PasswordHasherTests {
    private static let cheap = PasswordCost.argon2id(memoryKiB: 1024, passes: 2, lanes: 1)
    private static let password = "Mật khẩu@1"

    /// Records of one password made by other programs: `argon2`, `openssl passwd`, Python's `crypt` and `hashlib`.
    static let foreignRecords = [
        "$argon2id$v=19$m=1024,t=2,p=1$c29tZXNhbHQ$Y4066HUd5ZJQaqFBASak/uYmvPCgFDzR4pLXk6dQjPE",
        "{ARGON2ID}$argon2id$v=19$m=1024,t=2,p=1$c29tZXNhbHQ$Y4066HUd5ZJQaqFBASak/uYmvPCgFDzR4pLXk6dQjPE",
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$YtEKzU7EW51UFsQ7RN4am2Tx0xaWc6kJR09BJOamg1s",
        "$argon2id$v=19$m=2048,t=3,p=4$c29tZXNhbHQ$b/PVG6XiUhnwCpUpe0TbwJB7Qz0OZ1yZjJBAtjCNwIU",
        "$pbkdf2-sha256$i=1000$MDEyMzQ1Njc4OWFiY2RlZg$mYloiVvfJ65ZCS63N3oFIHiK91nCtaDMUlmqLksWK6c",
        "{SSHA}5qUtV0QVopnkwd4fWIfGf57+jadzYWx0c2FsdA==",
        "{SSHA512}hIa4qw8C/60yXtLu77+g4xNjJnQugvoS9EkWjBokK5FHFWn7OeR5aKUS4g+uJUHHD4irTBE5poWuFjI+vVSWQ3NhbHRzYWx0",
        "{SHA512-CRYPT}$6$abcdefgh$69XxOAKU3lRA5IL9UImPHDONVI6VVDMAsPmjlGWWSjY7SIiUdRlZBG3nKqWlqD4Sy5Gwpc3shJL.Fo4M6LOsw.",
        "$6$rounds=10000$abcdefgh$YXcZxsTdqpopMebFEf0re8CobIwZoiiI0fMhhaY50mAUJ8qbrnNqTLI2JSkOiAfQjcYE7UnAHuOs0cD5PwwD3/",
        "{BLF-CRYPT}$2y$05$abcdefghijklmnopqrstuu6LR8b/xm7TxMsD4eWBlCXPyDcZLHR5y",
        "$2b$05$abcdefghijklmnopqrstuu6LR8b/xm7TxMsD4eWBlCXPyDcZLHR5y",
        "$2a$05$abcdefghijklmnopqrstuu6LR8b/xm7TxMsD4eWBlCXPyDcZLHR5y",
    ]

    private func withHasher<Result>(
        _ cost: PasswordCost = cheap, _ body: (Argon2PasswordHasher) async throws -> Result
    ) async throws -> Result {
        let hasher = try Argon2PasswordHasher(cost: cost, threads: 1, queueLimit: 16, random: SystemRandom())
        defer { hasher.shutdown() }
        return try await body(hasher)
    }

    @Test("T-16: records of every scheme verify as their makers meant", arguments: foreignRecords)
    func foreign(record: String) async throws {
        try await withHasher { hasher in
            let fits = try await hasher.verify(SecretBytes(text: Self.password), record: record)
            #expect(fits)
            for wrong in ["Mật khẩu@2", "mật khẩu@1", "Mật khẩu@1 ", "", "Mật khẩu@"] {
                let alsoFits = try await hasher.verify(SecretBytes(text: wrong), record: record)
                #expect(!alsoFits, "\(wrong)")
            }
        }
    }

    @Test("T-16: `openssl passwd -6` with its own salt")
    func opensslPasswd() async throws {
        let record =
            "$6$saltsalt$t8RCYfMxtGVef8Ra0Im2el4fCVnmqzLZGmbUsTIESnIZ/R1LHKZOhsdg1GBi7G//rBgVEUhWk.gq6e8bPFuiH1"
        try await withHasher { hasher in
            let fits = try await hasher.verify(SecretBytes(text: "Mat khau 1!"), record: record)
            #expect(fits)
        }
    }

    @Test("The argon2 program makes the same record of the same salt")
    func argon2Program() async throws {
        let hasher = try Argon2PasswordHasher(
            cost: .argon2id(memoryKiB: 512, passes: 3, lanes: 2), threads: 1, queueLimit: 1, random: CountingRandom())
        defer { hasher.shutdown() }
        let record = try await hasher.hash(SecretBytes(text: "Mật khẩu@1"))
        // The record that no password fits has taken 48 numbers before: the salt is the 16 that follow.
        let salt = String(decoding: UInt8(49)...UInt8(64), as: UTF8.self)
        let script = "printf %s 'Mật khẩu@1' | argon2 '\(salt)' -id -t 3 -k 512 -p 2 -l 32 -e"
        #expect(try ExternalTool.run("sh", ["-c", script]) == record + "\n")
    }

    @Test(
        "New records verify, differ from each other and are not outdated",
        arguments: [cheap, .pbkdf2SHA256(iterations: 1000)])
    func fresh(cost: PasswordCost) async throws {
        try await withHasher(cost) { hasher in
            let password = SecretBytes(text: Self.password)
            let record = try await hasher.hash(password)
            let fits = try await hasher.verify(password, record: record)
            #expect(fits)
            #expect(try await hasher.hash(password) != record)
            #expect(!hasher.isOutdated(record: record))
            #expect(!hasher.isOutdated(record: hasher.unfittingRecord))
            let alsoFits = try await hasher.verify(password, record: hasher.unfittingRecord)
            #expect(!alsoFits)
        }
    }

    @Test("T-16: another scheme or cost is outdated", arguments: foreignRecords + ["", "rác", "$6$"])
    func outdated(record: String) async throws {
        try await withHasher { #expect($0.isOutdated(record: record)) }
    }

    @Test("A salt or hash shorter than ours is outdated, too")
    func outdatedLengths() async throws {
        try await withHasher { hasher in #expect(hasher.isOutdated(record: Self.foreignRecords[0])) }
        try await withHasher(.pbkdf2SHA256(iterations: 1000)) { hasher in
            #expect(!hasher.isOutdated(record: Self.foreignRecords[4]))
        }
    }

    @Test(
        "Malformed records and costs out of bounds fit nothing and cost nothing",
        arguments: [
            "", "rác", "{PLAIN}Mật khẩu@1", "{SSHA}", "$6$",
            "$2y$31$abcdefghijklmnopqrstuu6LR8b/xm7TxMsD4eWBlCXPyDcZLHR5y",
            "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$Y4066HUd5ZJQaqFBASak/uYmvPCgFDzR4pLXk6dQjPE",
            "$argon2id$v=19$m=1024,t=4000000,p=1$c29tZXNhbHQ$Y4066HUd5ZJQaqFBASak/uYmvPCgFDzR4pLXk6dQjPE",
            "$6$rounds=999999999$abcdefgh$YXcZxsTdqpopMebFEf0re8CobIwZoiiI0fMhhaY50mAUJ8qbrnNqTLI2JSkOiAfQjcYE7UnAHuOs0cD5PwwD3/",
            "$pbkdf2-sha256$i=2000000000$MDEyMzQ1Njc4OWFiY2RlZg$mYloiVvfJ65ZCS63N3oFIHiK91nCtaDMUlmqLksWK6c",
        ])
    func malformed(record: String) async throws {
        try await withHasher { hasher in
            let fits = try await hasher.verify(SecretBytes(text: Self.password), record: record)
            #expect(!fits)
            #expect(hasher.statistics.completed == 0)
        }
    }

    @Test("A NUL is a byte like any for Argon2 and PBKDF2; crypt refuses what it would cut off")
    func nul() async throws {
        let whole = SecretBytes(text: "Mật khẩu@1\0thêm")
        for cost in [Self.cheap, .pbkdf2SHA256(iterations: 1000)] {
            try await withHasher(cost) { hasher in
                let record = try await hasher.hash(whole)
                let fits = try await hasher.verify(whole, record: record)
                #expect(fits)
                let alsoFits = try await hasher.verify(SecretBytes(text: Self.password), record: record)
                #expect(!alsoFits)
            }
        }
        try await withHasher { hasher in
            for record in Self.foreignRecords {
                let lastFits = try await hasher.verify(whole, record: record)
                #expect(!lastFits)
            }
            let long = SecretBytes([UInt8](repeating: 0x61, count: 5000))
            for record in Self.foreignRecords {
                let moreFits = try await hasher.verify(long, record: record)
                #expect(!moreFits)
            }
        }
    }

    @Test("A fast imported record takes the time of one that no password fits", arguments: [5, 6, 7, 10])
    func ballast(index: Int) throws {
        let bench = try HashingBench(cost: .standard)
        let unfitting = PasswordCost.standard.record(salt: Array(1...16), hash: Array(1...32))
        // Time of this thread on a processor, the least of several: other tests run beside.
        func leastTime(_ record: HashRecord) throws -> Int {
            var times: [Int] = []
            for _ in 0..<5 {
                let start = threadNanoseconds()
                _ = try bench.verify(SecretBytes(text: "sai"), record)
                times.append(threadNanoseconds() - start)
            }
            return times.min() ?? 0
        }
        let expected = try leastTime(HashRecord(parsing: unfitting))
        let imported = try leastTime(HashRecord(parsing: Self.foreignRecords[index]))
        // Without the ballast it would be a tenth or less.
        #expect(imported > expected * 2 / 3)
    }

    private func threadNanoseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    @Test("PBKDF2-HMAC-SHA-256: RFC 7914 §11")
    func pbkdf2() {
        let first = PBKDF2.hash(SecretBytes(text: "passwd"), salt: Array("salt".utf8), iterations: 1, count: 64)
        #expect(
            first.exposed
                == hex(
                    "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
                        + "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"))
        let second = PBKDF2.hash(
            SecretBytes(text: "Password"), salt: Array("NaCl".utf8), iterations: 80_000, count: 64)
        #expect(
            second.exposed
                == hex(
                    "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
                        + "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d"))
    }

    @Test("Nothing derived from a password stays in the arena")
    func arenaIsCleared() throws {
        let function = Argon2id(memoryKiB: 256, passes: 1, lanes: 1)
        let arena = try MemoryArena(byteCount: function.arenaByteCount)
        memsetPattern(arena)
        _ = try function.hash(SecretBytes(text: "a"), salt: Array("12345678".utf8), count: 32, in: arena)
        let bytes = UnsafeRawBufferPointer(start: arena.base, count: arena.byteCount)
        #expect(bytes.allSatisfy { $0 == 0 })
    }

    @Test("An arena that is too small is no verdict")
    func arenaTooSmall() throws {
        let function = Argon2id(memoryKiB: 256, passes: 1, lanes: 1)
        let arena = try MemoryArena(byteCount: 1024)
        #expect(throws: OutOfMemory.self) {
            try function.hash(SecretBytes(text: "a"), salt: Array("12345678".utf8), count: 32, in: arena)
        }
    }

    @Test(
        "Costs out of bounds are refused at the start",
        arguments: [
            PasswordCost.argon2id(memoryKiB: 7, passes: 1, lanes: 1),
            .argon2id(memoryKiB: 262_145, passes: 1, lanes: 1),
            .argon2id(memoryKiB: 1024, passes: 0, lanes: 1), .argon2id(memoryKiB: 1024, passes: 1, lanes: 0),
            .argon2id(memoryKiB: 1024, passes: 1, lanes: 5), .pbkdf2SHA256(iterations: 999),
        ])
    func bounds(cost: PasswordCost) {
        #expect(throws: PasswordHasherError.costOutOfBounds) {
            try Argon2PasswordHasher(cost: cost, threads: 1, queueLimit: 1, random: SystemRandom())
        }
    }

    private func memsetPattern(_ arena: borrowing MemoryArena) {
        UnsafeMutableRawBufferPointer(start: arena.base, count: arena.byteCount).initializeMemory(
            as: UInt8.self, repeating: 0xA5)
    }
}
