import Foundation
import TestSupport
import Testing

@testable import EventLog

/// What a log says of itself in numbers is what is in it.
@Suite(.fewAtOnce)
struct StatisticsTests {
    @Test("Of an empty log everything is nothing, but for the files")
    func empty() throws {
        let ledger = try TestLedger()
        let statistics = try ledger.log.statistics()
        #expect(statistics.entries == 0 && statistics.disclosures == 0)
        #expect(statistics.firstRecorded == nil && statistics.lastRecorded == nil)
        #expect(statistics.entryBytes == 0 && statistics.treeBytes == 0 && statistics.disclosureBytes == 0)
        #expect(statistics.indexed == 0 && statistics.indexRuns == 0)
        #expect(statistics.logFileBytes > 0 && statistics.indexFileBytes > 0)
        ledger.close()
    }

    @Test("Counts entries, disclosures and runs, gives the first and the last time, and grows with what comes")
    func counts() async throws {
        var tuning = IndexTuning()
        tuning.minimumFlushEvents = 1
        let ledger = try TestLedger(tuning: tuning)
        for start in stride(from: 0, to: 300, by: 100) {
            _ = try await ledger.log.append(
                AppendRequest(
                    (start..<start + 100).map { number in
                        let sealed: [[UInt8]] = [[1], Array(repeating: 2, count: 900)]
                        return draft("e\(number)", disclosures: number % 10 == 0 ? sealed : [])
                    }))
        }
        let small = try ledger.log.statistics()
        let entries = try ledger.log.read(.all, ReadRange())
        #expect(small.entries == 300 && small.disclosures == 60)
        #expect(small.firstRecorded == entries.first?.recorded && small.lastRecorded == entries.last?.recorded)
        // A page holds several entries, never less than their bytes.
        #expect(small.entryBytes >= entries.reduce(0) { $0 + $1.bytes.count })
        #expect(small.disclosureBytes >= 30 * 900 && small.treeBytes > 0)
        try await ledger.fill(1_000..<3_000)
        ledger.close()
        // Closing has flushed what was in memory.
        let log = try Log.open(readingAt: ledger.path)
        let large = try log.statistics()
        #expect(large.entries == 2_300 && large.disclosures == 60 && large.firstRecorded == small.firstRecorded)
        #expect(large.entryBytes > small.entryBytes && large.treeBytes > small.treeBytes)
        #expect(large.indexed == 2_300 && large.indexRuns == 1)
        let file = try FileManager.default.attributesOfItem(atPath: ledger.path + "/log/data.mdb")[.size] as? Int
        #expect(large.logFileBytes <= file ?? 0 && large.logFileBytes > large.entryBytes)
        log.close()
    }

    @Test("Without an index there are no runs to count")
    func withoutIndex() async throws {
        let ledger = try TestLedger()
        try await ledger.fill(0..<5)
        ledger.close()
        try FileManager.default.removeItem(atPath: ledger.path + "/index")
        let log = try Log.open(readingAt: ledger.path)
        let statistics = try log.statistics()
        #expect(statistics.entries == 5 && statistics.indexed == 0 && statistics.indexRuns == 0)
        #expect(statistics.indexFileBytes == 0)
        log.close()
    }
}
