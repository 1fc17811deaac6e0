import EventLog
import Foundation
import Snapshots
import TestSupport
import Testing
import Transparency

@Suite("Snapshots since others make up the log", .serialized)
struct ChainTests {
    /// Appends some events.
    private static func grow(_ sample: Sample, _ range: Range<Int>) async throws {
        var events: [EventDraft] = []
        for number in range {
            let json =
                "{\"specversion\":\"1.0\",\"id\":\"g\(number)\",\"source\":\"/test\",\"type\":\"sanhu.test\",\"data\":{}}"
            events.append(
                EventDraft(
                    agency: "TAX", event: Array(json.utf8),
                    disclosures: number % 3 == 0 ? [[1, 2, UInt8(number % 200)]] : []))
        }
        _ = try await sample.log.append(AppendRequest(events))
    }

    private static func fork(_ folder: String, _ signer: NoteSigner) async throws {
        let log = try Log.open(at: folder, signer: signer)
        let event = Array(#"{"specversion":"1.0","id":"fork","source":"/t","type":"t"}"#.utf8)
        _ = try await log.append(AppendRequest([EventDraft(agency: "CUS", event: event)]))
        log.close()
    }

    private static func base(_ summary: SnapshotSummary) -> SnapshotBase {
        SnapshotBase(size: summary.size, root: summary.root)
    }

    private static func code(_ body: () throws(SnapshotError) -> Void) -> SnapshotError.Code? {
        do throws(SnapshotError) {
            try body()
            return nil
        } catch {
            return error.code
        }
    }

    @Test(
        "restored together or one after another they are the same ledger, wherever they were cut",
        arguments: [3, 4, 5] as [UInt64])
    func chain(seed: UInt64) async throws {
        let sample = try await Sample(entries: 300, seed: seed)
        var dice = Dice(seed: seed)
        let exporter = SnapshotExporter(log: sample.log, signer: sample.signer)
        var files = [sample.path("0.zst")]
        var last = try exporter.export(to: files[0])
        var count = 300
        for number in 1...4 {
            let more = dice.oneIn(4) ? 0 : 1 + dice.below(600)
            if more > 0 { try await Self.grow(sample, count..<count + more) }
            count += more
            files.append(sample.path("\(number).zst"))
            let next = try exporter.export(to: files[number], since: Self.base(last))
            #expect(next.entries == UInt64(more) && next.size == Position(count))
            #expect(try SnapshotVerifier.verify(path: files[number], verifier: sample.verifier) == next)
            last = next
        }
        let together = sample.path("together")
        #expect(try SnapshotImporter.import(from: files, into: together, verifier: sample.verifier).count == 5)
        let apart = sample.path("apart")
        for file in files {
            let summary: SnapshotSummary = try SnapshotImporter.import(
                from: file, into: apart, verifier: sample.verifier)
            #expect(summary.isKeyKnown)
        }
        for folder in [together, apart] {
            let log = try Log.open(at: folder, signer: sample.signer)
            #expect(try log.checkpoint() == sample.log.checkpoint())
            #expect(try log.read(.all, ReadRange()) == sample.log.read(.all, ReadRange()))
            for position in 0..<Position(count) {
                #expect(try log.disclosures(at: position) == sample.log.disclosures(at: position))
            }
            let report = log.verify()
            #expect(report.isSound, "\(report.problems)")
            // It goes on from there.
            _ = try await log.append(
                AppendRequest([
                    EventDraft(
                        agency: "CUS", event: Array(#"{"specversion":"1.0","id":"x","source":"/t","type":"t"}"#.utf8))
                ]))
            log.close()
        }
    }

    @Test(
        "one with a gap, one that overlaps, an older one, one of another history: refused, and the ledger is as it was")
    func refusals() async throws {
        let sample = try await Sample(entries: 100, disclosing: false)
        let exporter = SnapshotExporter(log: sample.log, signer: sample.signer)
        let first = try exporter.export(to: sample.path("first.zst"))
        let ledger = sample.path("copy")
        try SnapshotImporter.import(from: sample.path("first.zst"), into: ledger, verifier: sample.verifier)
        // The copy gets a history of its own, by the same key.
        let forked = sample.path("forked")
        try SnapshotImporter.import(from: sample.path("first.zst"), into: forked, verifier: sample.verifier)
        try await Self.fork(forked, sample.signer)
        try await Self.grow(sample, 100..<101)
        let second = try exporter.export(to: sample.path("second.zst"), since: Self.base(first))
        try await Self.grow(sample, 101..<200)
        _ = try exporter.export(to: sample.path("third.zst"), since: Self.base(second))
        let since50 = SnapshotBase(size: 50, root: try sample.log.root(atSize: 50))
        _ = try exporter.export(to: sample.path("overlapping.zst"), since: since50)

        func importing(_ name: String, _ folder: String) -> SnapshotError.Code? {
            Self.code { () throws(SnapshotError) in
                try SnapshotImporter.import(from: sample.path(name), into: folder, verifier: sample.verifier)
            }
        }
        func state(_ folder: String) throws -> [UInt8] {
            try Array(Data(contentsOf: URL(fileURLWithPath: folder + "/log/data.mdb")))
        }
        let before = try state(ledger)
        #expect(importing("third.zst", ledger) == .gap)
        #expect(importing("overlapping.zst", ledger) == .overlap)
        #expect(importing("first.zst", ledger) == .older)
        #expect(importing("second.zst", sample.path("nowhere")) == .gap)
        #expect(!FileManager.default.fileExists(atPath: sample.path("nowhere")))
        #expect(try state(ledger) == before)
        #expect(importing("third.zst", forked) == .otherHistory)
        #expect(importing("second.zst", ledger) == nil && importing("second.zst", ledger) == .older)
        #expect(importing("third.zst", ledger) == nil)
        // Nor is one made that goes on from what the log never was.
        let stranger = SnapshotBase(size: 50, root: try sample.log.root(atSize: 51))
        #expect(
            Self.code { () throws(SnapshotError) in _ = try exporter.export(to: sample.path("x.zst"), since: stranger) }
                == .otherHistory)
        let ahead = SnapshotBase(size: 201, root: stranger.root)
        #expect(
            Self.code { () throws(SnapshotError) in _ = try exporter.export(to: sample.path("x.zst"), since: ahead) }
                == .gap)
        let foreigner = try await Sample(entries: 3)
        let foreign = try foreigner.export()
        #expect(
            Self.code { () throws(SnapshotError) in
                try SnapshotImporter.import(from: foreign, into: ledger)
            } == .wrongLedger)
        #expect(foreigner.refusal(foreign) == nil)
    }

    @Test("one that is changed on its way leaves the ledger that it was to go onto as it was, at any of 150 places")
    func changed() async throws {
        let sample = try await Sample(entries: 50)
        let exporter = SnapshotExporter(log: sample.log, signer: sample.signer)
        let first = try exporter.export(to: sample.path("first.zst"))
        try await Self.grow(sample, 50..<90)
        _ = try exporter.export(to: sample.path("second.zst"), since: Self.base(first))
        let ledger = sample.path("copy")
        try SnapshotImporter.import(from: sample.path("first.zst"), into: ledger, verifier: sample.verifier)
        let file = try bytes(sample.path("second.zst"))
        var dice = Dice(seed: 5)
        for turn in 0..<150 {
            var other = file
            let at = turn < 60 ? file.count - 1 - turn : dice.below(file.count)
            other[at] ^= UInt8(1 << dice.below(8))
            let path = try sample.write(other)
            #expect(
                Self.code { () throws(SnapshotError) in
                    try SnapshotImporter.import(from: path, into: ledger, verifier: sample.verifier)
                } != nil, "byte \(at)")
        }
        #expect(try Log.open(readingAt: ledger).head == 50)
        try SnapshotImporter.import(from: sample.path("second.zst"), into: ledger, verifier: sample.verifier)
        #expect(try Log.verify(at: ledger).isSound)
    }
}
