import AuthDomain
import AuthService
import Foundation
import Testing

@testable import SQLStore

@Suite("SQLite: group commit")
struct GroupCommitTests {
    @Test("a unit that throws is undone alone; its neighbours and the chain stay whole")
    func isolation() async throws {
        try await withDatabase { path in
            let batches = Record<Int>()
            let observer = StoreObserver(batch: { size, _ in batches.append(size) })
            let store = try openStore(path, observer: observer)
            defer { store.close() }
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for index in 0..<200 {
                    group.addTask {
                        // Every third takes an address that the others do not have, twice.
                        let name = index.isMultiple(of: 3) ? "shared" : "a\(index)"
                        let account = newAccount("id\(index)").account
                        let new = NewAccount(account: account.at(mailbox(name)))
                        do {
                            try await store.provision(new, event: event(.accountProvisioned, account.id))
                            return true
                        } catch {
                            return false
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.filter { $0 }.count == 134)
            let rows = try withRawDatabase(path) { connection in
                try (
                    connection.first("SELECT count(*) FROM accounts") { $0.integer() },
                    connection.first("SELECT count(*) FROM addresses") { $0.integer() },
                    connection.first("SELECT count(*) FROM audit") { $0.integer() }
                )
            }
            #expect(rows == (134, 134, 135))
            #expect((batches.all.max() ?? 0) > 1)
            try await expectCleanAudit(store)
        }
    }

    @Test("a batch whose commit fails fails every unit and leaves no gap in the chain")
    func failedBatch() async throws {
        try await withDatabase { path in
            let file = DatabaseFile(path: path)
            try openStore(path).close()
            let identity = AuditChainIdentity(instance: "node", chain: "node/x", digest: TestDigest())
            var writer = Writer(
                connection: try file.writer(), identity: identity, patience: .seconds(60), observer: StoreObserver())
            func unit(_ body: @escaping @Sendable (inout Transaction) throws -> Void) -> WriteUnit {
                WriteUnit(body: body)
            }
            let good = unit { try $0.append(event(.accountChanged)) }
            // A foreign key that is checked only at COMMIT.
            let fatal = unit { transaction in
                try transaction.append(event(.accountChanged))
                try transaction.connection.run(script: "PRAGMA defer_foreign_keys = ON")
                try transaction.execute("INSERT INTO addresses (address, account_id, is_main) VALUES ('a', 'x', 1)")
            }
            writer.commit([good, fatal])
            #expect(throws: SQLFailure.self) { try good.check() }
            #expect(throws: SQLFailure.self) { try fatal.check() }
            let later = unit { try $0.append(event(.accountChanged)) }
            writer.commit([later])
            try later.check()
            let store = try openStore(path)
            defer { store.close() }
            let result = try await AuditVerifier(store: store, digest: TestDigest()).verify { _ in }
            #expect(result.isClean && result.rows == 2)
        }
    }

    @Test("a full queue refuses at once, and what waited too long is not run")
    func bounds() async throws {
        try await withDatabase { path in
            let store = try openStore(
                path,
                settings: {
                    $0.writeQueueLimit = 4; $0.patience = .milliseconds(20)
                })
            defer { store.close() }
            let reasons = Record<String>()
            // Holds the write lock, so that the writer waits.
            let blocker = SQLiteConnection(handle: try SQLiteHandle(path: path))
            try blocker.execute("BEGIN IMMEDIATE")
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        do throws(StoreUnavailable) {
                            try await store.append(event(.accountChanged))
                        } catch {
                            reasons.append(error.reason)
                        }
                    }
                }
                // Four wait for the writer, at most four more are with it.
                while reasons.all.count < 32 { await Task.yield() }
                try? await Task.sleep(for: .milliseconds(100))
                _ = try? blocker.execute("COMMIT")
            }
            let told = Set(reasons.all)
            #expect(told == ["the write queue is full", "the write queue is too slow"])
            let rows = try withRawDatabase(path) { try $0.first("SELECT count(*) FROM audit") { $0.integer() } }
            #expect(rows == 0)
        }
    }

    @Test("a full disk refuses writes, keeps what was there, and heals when there is room again")
    func diskFull() async throws {
        try await withDatabase { path in
            let directory = URL(filePath: path).deletingLastPathComponent().path
            guard try mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", directory) else { return }
            defer { _ = try? unmount(directory) }
            let store = try openStore(path)
            var count = 0
            var reason = ""
            while reason.isEmpty, count < 10_000 {
                do throws(StoreUnavailable) {
                    try await store.append(event(.accountChanged, detail: String(repeating: "x", count: 2000)))
                    count += 1
                } catch {
                    reason = error.reason
                }
            }
            #expect(reason == "disk full")
            _ = try mount("-o", "remount,size=16m", directory)
            try await store.append(event(.accountChanged))
            let result = try await AuditVerifier(store: store, digest: TestDigest()).verify { finding in
                Issue.record("\(finding)")
            }
            #expect(result.rows == Int64(count) + 2)
            store.close()
        }
    }

    @Test("a database that may not grow refuses with the same words")
    func pageLimit() async throws {
        try await withDatabase { path in
            try openStore(path).close()
            let connection = try DatabaseFile(path: path).writer()
            let pages = try connection.first("PRAGMA page_count") { $0.integer() } ?? 0
            try connection.run(script: "PRAGMA max_page_count = \(pages + 20)")
            var writer = Writer(
                connection: connection,
                identity: AuditChainIdentity(instance: "node", chain: "node/x", digest: TestDigest()),
                patience: .seconds(60), observer: StoreObserver())
            let failures = (0..<40).flatMap { _ -> [String] in
                let units = (0..<2).map { _ in
                    WriteUnit { try $0.append(event(.accountChanged, detail: String(repeating: "x", count: 5000))) }
                }
                writer.commit(units)
                return units.compactMap { unit in
                    do {
                        try unit.check()
                        return nil
                    } catch {
                        return StoreUnavailable(error).reason
                    }
                }
            }
            #expect(Set(failures) == ["disk full"])
            let store = try openStore(path)
            defer { store.close() }
            try await expectCleanAudit(store)
        }
    }
}

extension Account {
    /// The same account under another address.
    func at(_ address: MailboxAddress) -> Account {
        Account(
            id: id, address: address, aliases: aliases, kind: kind, displayName: displayName,
            organisation: organisation, lifecycle: lifecycle, password: password, budgets: budgets, locks: locks,
            authenticators: authenticators, recoveryCodesLeft: recoveryCodesLeft, enrolmentCode: enrolmentCode,
            sealedPhone: sealedPhone, maskedPhone: maskedPhone, notifiedAt: notifiedAt, createdAt: createdAt,
            lastSignInAt: lastSignInAt)
    }
}
