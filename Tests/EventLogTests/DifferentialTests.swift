import EventLog
import TestSupport
import Testing

/// The log does what the model does, whatever comes: random requests and reads, with an index that flushes and merges
/// all the time, opened again now and then, at times without its index.
@Suite(.fewAtOnce)
struct DifferentialTests {
    private static let steps = 500

    @Test("The log answers as the model does, whatever is asked of it", arguments: UInt64(1)...12)
    func agrees(seed: UInt64) async throws {
        let ledger = try TestLedger()
        let model = ModelStore()
        var random = RandomOperations(dice: Dice(seed: seed))
        for step in 0..<Self.steps {
            let here = "seed \(seed), step \(step)"
            switch random.dice.below(20) {
            case 0..<8: try await append(&random, ledger.log, model, here)
            case 8..<18: try read(&random, ledger.log, model, here)
            case 18 where random.dice.oneIn(6):
                ledger.close()
                if random.dice.oneIn(3) { try ledger.deleteIndex() }
                try ledger.open()
            default: try readTime(&random, ledger.log, here)
            }
        }
        try compareAll(ledger.log, model, "seed \(seed), at the end")
        let report = ledger.log.verify()
        #expect(report.isSound, "seed \(seed): \(report.problems)")
        ledger.close()
        try ledger.deleteIndex()
        try ledger.open()
        try compareAll(ledger.log, model, "seed \(seed), with an index made anew")
        ledger.close()
    }

    private func append(
        _ random: inout RandomOperations, _ log: Log, _ model: ModelStore, _ here: String
    ) async throws {
        let request = random.request(head: model.head)
        let expected = await outcome(request, model)
        let found = await outcome(request, log)
        #expect(found == expected, "\(here): \(request)")
        #expect(try log.head == model.head, "\(here)")
    }

    private func outcome(_ request: AppendRequest, _ store: any EventStore) async -> Outcome {
        do throws(LogError) {
            return Outcome(receipts: try await store.append(request))
        } catch {
            return Outcome(code: error.code, conflicts: error.conflicts)
        }
    }

    private struct Outcome: Equatable {
        var receipts: [Receipt] = []
        var code: LogError.Code?
        var conflicts: [AppendConflict] = []
    }

    private func read(_ random: inout RandomOperations, _ log: Log, _ model: ModelStore, _ here: String) throws {
        let query = random.query()
        let range = random.range(head: model.head)
        var expected: [Entry] = []
        let expectedError = refusal { expected = try model.read(query, range) }
        var found: [Entry] = []
        let error = refusal { found = try log.read(query, range) }
        #expect(error?.code == expectedError?.code, "\(here): \(query), \(range)")
        #expect(found.map(\.position) == expected.map(\.position), "\(here): \(query), \(range)")
        #expect(found.map(\.body) == expected.map(\.body), "\(here): \(query), \(range)")
        #expect(try log.last(query)?.position == model.last(query)?.position, "\(here): last of \(query)")
    }

    private func readTime(_ random: inout RandomOperations, _ log: Log, _ here: String) throws {
        let times = try log.read(.all, ReadRange()).map(\.recorded.microseconds)
        guard let first = times.first, let last = times.last else { return }
        let wanted = first - 2 + Int64(random.dice.below(Int(last - first) + 5))
        let expected = times.firstIndex { $0 >= wanted } ?? times.count
        let found = try log.position(recordedAtOrAfter: Timestamp(microseconds: wanted))
        #expect(found == Position(expected), "\(here): \(wanted)")
    }

    /// Compares every entry, in both directions, and every query over one name.
    private func compareAll(_ log: Log, _ model: ModelStore, _ here: String) throws {
        #expect(try log.head == model.head, "\(here)")
        let queries =
            [Query.all] + ["t.a", "t.b", "t.c", "t.d"].map { Query(types: [$0]) }
            + ["box:1", "box:2", "box:3", "row:1", "row:2", "lot:1"].map { .tagged($0) }
        for query in queries {
            for isBackwards in [false, true] {
                let range = ReadRange(isBackwards: isBackwards)
                let expected = try model.read(query, range)
                let found = try log.read(query, range)
                #expect(found.map(\.position) == expected.map(\.position), "\(here): \(query)")
                #expect(found.map(\.body) == expected.map(\.body), "\(here): \(query)")
            }
        }
    }
}
