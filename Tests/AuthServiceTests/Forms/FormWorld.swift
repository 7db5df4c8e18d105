import AuthDomain
import AuthService
import Cryptography
import Synchronization

/// Secrets that were stored, part by part, as an operator would open them.
final class MemoryDelivery: SecretDelivery {
    private let parts = Mutex<[Int: [IssuedSecrets]]>([:])
    /// The part whose storing fails, once.
    private let failing = Mutex<Int?>(nil)

    func fail(_ part: Int) { failing.withLock { $0 = part } }

    func store(_ secrets: [IssuedSecrets], part: Int) throws(DeliveryFailure) {
        let fails = failing.withLock { failing in
            defer { if failing == part { failing = nil } }
            return failing == part
        }
        guard !fails else { throw DeliveryFailure(reason: "disk full") }
        parts.withLock { $0[part] = secrets.isEmpty ? nil : secrets }
    }

    var all: [IssuedSecrets] {
        parts.withLock { parts in parts.keys.sorted().flatMap { parts[$0] ?? [] } }
    }

    var partNumbers: [Int] { parts.withLock { $0.keys.sorted() } }
}

/// A store that fails once a number of batches were carried out: the crash in the middle of an import.
struct InterruptedStore: FormStore {
    let base: any FormStore
    let batches: Int
    private let count = Counter()

    private final class Counter: Sendable {
        let value = Mutex(0)
    }

    init(base: any FormStore, batches: Int) {
        self.base = base
        self.batches = batches
    }

    func journal(of file: FormFileIdentity) async throws(StoreUnavailable) -> [FormJournalEntry] {
        try await base.journal(of: file)
    }

    func taken(_ addresses: [MailboxAddress]) async throws(StoreUnavailable) -> Set<MailboxAddress> {
        try await base.taken(addresses)
    }

    func carryOut(
        _ writes: [FormWrite], of file: FormFileIdentity, now: WallInstant
    ) async throws(StoreUnavailable) -> [OperatorRefusal?] {
        let number = count.value.withLock { value in
            value += 1
            return value
        }
        guard number <= batches else { throw StoreUnavailable(reason: "interrupted") }
        return try await base.carryOut(writes, of: file, now: now)
    }
}

extension World {
    static let formFile = FormFileIdentity(digest: [1, 2, 3], form: .person)

    func formPorts(_ store: (any FormStore)? = nil) -> FormPorts {
        FormPorts(
            store: store ?? self.store, recorder: SaltedDigestRecorder(random: ports.random), box: ports.box,
            digest: ports.digest, random: ports.random, clock: clock)
    }

    func judge(
        _ form: FormKind, _ entries: [FormEntry], options: FormOptions = FormOptions(), file: FormFileIdentity? = nil
    ) async throws -> [JudgedRow] {
        let judge = JudgeForm(accounts: store, store: store, policy: policy, form: form, options: options)
        return try await judge(entries, of: file ?? FormFileIdentity(digest: [1, 2, 3], form: form))
    }

    func carryOut(
        _ form: FormKind, _ rows: [JudgedRow], to delivery: MemoryDelivery, options: FormOptions = FormOptions(),
        store: (any FormStore)? = nil
    ) async throws -> FormImportResult {
        try await ImportForm(ports: formPorts(store), policy: policy, options: options)(
            rows, of: FormFileIdentity(digest: [1, 2, 3], form: form), delivery: delivery, provenance: desk)
    }
}

/// A row of a form.
func entry(_ row: Int, _ part: FormPart, _ cells: [FormField: String]) -> FormEntry {
    FormEntry(
        position: FormPosition(sheet: 1, row: row), part: part, cells: cells, columns: Set(cells.keys))
}

/// A right row of Mẫu 03, part 2.
func newPerson(_ row: Int, _ address: String?, phone: String = "0912345678", name: String = "Nguyễn Văn An")
    -> FormEntry
{
    var cells: [FormField: String] = [
        .person: name, .organisation: "Sở TTTT", .document: "QĐ 10", .phone: phone,
    ]
    cells[.address] = address
    return entry(row, .issue, cells)
}
