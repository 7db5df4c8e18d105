import AuthService
import Testing

extension CounterTests {
    @Suite("Sign-in store, the same for every adapter")
    struct SignInStoreTests {
        @Test("A record comes back byte for byte, with its version", arguments: Adapter.allCases)
        func roundTrip(_ adapter: Adapter) async throws {
            try await CounterWorld.with(adapter) { world async throws in
                let record = (0...255).map { UInt8($0) } + Array("\r\n$-1\r\n".utf8)
                try await world.signIns.create(id: "si_1", record: record, lifetime: .seconds(60))
                let found = try #require(try await world.signIns.find(id: "si_1"))
                #expect(found.record == record)
                #expect(found.version == 1)
                #expect(try await world.signIns.find(id: "si_2") == nil)
            }
        }

        @Test("A replacement needs the version that was read", arguments: Adapter.allCases)
        func replacement(_ adapter: Adapter) async throws {
            try await CounterWorld.with(adapter) { world async throws in
                let store = world.signIns
                try await store.create(id: "si", record: [1], lifetime: .seconds(60))
                #expect(try await store.replace(id: "si", version: 1, record: [2], lifetime: .seconds(60)))
                #expect(try await store.replace(id: "si", version: 1, record: [3], lifetime: .seconds(60)) == false)
                #expect(try await store.replace(id: "si", version: 2, record: [], lifetime: .seconds(60)))
                let found = try #require(try await store.find(id: "si"))
                #expect(found.record == [])
                #expect(found.version == 3)
                #expect(try await store.replace(id: "none", version: 1, record: [3], lifetime: .seconds(60)) == false)
                #expect(try await store.replace(id: "none", version: 0, record: [3], lifetime: .seconds(60)) == false)
            }
        }

        @Test("Of 100 replacements at once one wins", arguments: Adapter.allCases)
        func oneWinner(_ adapter: Adapter) async throws {
            try await CounterWorld.with(adapter) { world async throws in
                try await world.signIns.create(id: "si", record: [0], lifetime: .seconds(60))
                let results = try await world.together(100) { index in
                    try await world.signIns.replace(
                        id: "si", version: 1, record: [UInt8(index)], lifetime: .seconds(60))
                }
                #expect(results.count(of: true) == 1)
                #expect(try await world.signIns.find(id: "si")?.version == 2)
            }
        }

        @Test("A sign-in expires and is not brought back", arguments: Adapter.allCases)
        func expiry(_ adapter: Adapter) async throws {
            try await CounterWorld.with(adapter) { world async throws in
                try await world.signIns.create(id: "si", record: [1], lifetime: .milliseconds(40))
                try await world.pass(.milliseconds(60))
                #expect(try await world.signIns.find(id: "si") == nil)
                #expect(
                    try await world.signIns.replace(id: "si", version: 1, record: [2], lifetime: .seconds(9)) == false)
                #expect(try await world.signIns.find(id: "si") == nil)
            }
        }

        @Test("A removed sign-in is gone", arguments: Adapter.allCases)
        func removal(_ adapter: Adapter) async throws {
            try await CounterWorld.with(adapter) { world async throws in
                try await world.signIns.create(id: "si", record: [1], lifetime: .seconds(60))
                try await world.signIns.remove(id: "si")
                try await world.signIns.remove(id: "si")
                #expect(try await world.signIns.find(id: "si") == nil)
                #expect(
                    try await world.signIns.replace(id: "si", version: 1, record: [2], lifetime: .seconds(9)) == false)
            }
        }
    }
}
