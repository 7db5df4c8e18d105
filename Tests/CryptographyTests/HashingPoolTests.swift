import AuthDomain
import AuthService
import Cryptography
import Reactor
import Testing

@Suite("The hashing pool")
struct HashingPoolTests {
    private static let cost = PasswordCost.argon2id(memoryKiB: 4096, passes: 3, lanes: 1)

    @Test("A full queue sheds load before work starts, and what was taken is right")
    func overload() async throws {
        let hasher = try Argon2PasswordHasher(cost: Self.cost, threads: 1, queueLimit: 1, random: SystemRandom())
        defer { hasher.shutdown() }
        let password = SecretBytes(text: "Mật khẩu@1")
        let record = try await hasher.hash(password)
        let outcomes = await withTaskGroup(of: Bool?.self, returning: [Bool?].self) { group in
            for _ in 0..<32 { group.addTask { try? await hasher.verify(password, record: record) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let shed = outcomes.count { $0 == nil }
        #expect(shed > 0)
        #expect(outcomes.count { $0 == true } == 32 - shed)
        #expect(hasher.statistics.shed == shed)
        #expect(hasher.statistics.completed == 33 - shed)
    }

    @Test("Many tasks on several threads get each their own verdict")
    func parallel() async throws {
        let hasher = try Argon2PasswordHasher(cost: Self.cost, threads: 3, queueLimit: 64, random: SystemRandom())
        defer { hasher.shutdown() }
        let records = [
            try await hasher.hash(SecretBytes(text: "mot")), try await hasher.hash(SecretBytes(text: "hai")),
            "{SSHA512}hIa4qw8C/60yXtLu77+g4xNjJnQugvoS9EkWjBokK5FHFWn7OeR5aKUS4g+uJUHHD4irTBE5poWuFjI+vVSWQ3NhbHRzYWx0",
            "$2y$05$abcdefghijklmnopqrstuu6LR8b/xm7TxMsD4eWBlCXPyDcZLHR5y",
        ]
        let passwords = ["mot", "hai", "Mật khẩu@1"]
        try await withThrowingTaskGroup(of: (Bool, Bool).self) { group in
            for round in 0..<48 {
                let record = round % records.count
                let password = round % passwords.count
                group.addTask {
                    let verdict = try await hasher.verify(
                        SecretBytes(text: passwords[password]), record: records[record])
                    return (verdict, min(record, 2) == password)
                }
            }
            for try await (verdict, expected) in group { #expect(verdict == expected) }
        }
    }

    @Test("After the shutdown nothing is taken")
    func shutDown() async throws {
        let hasher = try Argon2PasswordHasher(cost: Self.cost, threads: 1, queueLimit: 1, random: SystemRandom())
        hasher.shutdown()
        await #expect(throws: Overloaded.self) { try await hasher.hash(SecretBytes(text: "a")) }
    }
}
