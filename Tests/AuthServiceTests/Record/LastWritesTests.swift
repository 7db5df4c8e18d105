import AuthService
import Synchronization
import Testing

@Suite("What is written before the process ends")
struct LastWritesTests {
    @Test("one that cannot be written takes nothing else with it", arguments: 0..<3)
    func each(broken: Int) async {
        let written = Mutex<[Int]>([])
        let writes = LastWrites(
            (0..<3).map { index in
                (
                    "part \(index)",
                    { () async throws(StoreUnavailable) in
                        if index == broken { throw StoreUnavailable(reason: "disk full") }
                        written.withLock { $0.append(index) }
                    }
                )
            })
        let losses = await writes()
        #expect(losses.map(\.name) == ["part \(broken)"] && losses.map(\.reason) == ["disk full"])
        #expect(written.withLock { $0 } == [0, 1, 2].filter { $0 != broken })
    }
}
