import EventLog
import TestSupport
import Testing

/// Every store does the same: the log on disk, and the model in memory that other tests hold it against.
@Suite(.fewAtOnce)
struct ConformanceTests {
    enum Kind: CaseIterable, Sendable {
        /// The log with an index that stays in memory.
        case log
        /// The log with an index that goes to disk every few events.
        case flushingLog
        case model
    }

    @Test("Every store", arguments: Kind.allCases, StoreBehaviour.all)
    func behaves(_ kind: Kind, _ behaviour: StoreBehaviour) async throws {
        switch kind {
        case .log, .flushingLog:
            let ledger = try TestLedger(tuning: kind == .log ? .standard : .small)
            try await behaviour.check(ledger.log)
            ledger.close()
        case .model:
            try await behaviour.check(ModelStore())
        }
    }

    @Test("An entry is written as a line with its position before the rest")
    func line() async throws {
        let store = ModelStore()
        _ = try await store.append(AppendRequest([draft("a"), draft("b")]))
        let entry = try #require(try store.last(.all))
        var line: [UInt8] = []
        entry.appendLine(to: &line)
        #expect(String(decoding: line, as: UTF8.self) == "{\"position\":1," + entry.text.dropFirst())
    }
}
