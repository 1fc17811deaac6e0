import EventLog
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
}
