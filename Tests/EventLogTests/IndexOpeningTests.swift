import Foundation
import LMDB
import TestSupport
import Testing
import Transparency

@testable import EventLog

/// The index is derived: whatever is wrong with it when a ledger is opened, it is made anew or the log is at fault.
@Suite(.fewAtOnce)
struct IndexOpeningTests {
    /// A closed ledger of a hundred events, all in runs on disk, which are merged when it is opened or are not.
    private static func filled(merging: Bool = true) async throws -> TestLedger {
        var tuning = IndexTuning.small
        if !merging { tuning.fanIn = 1_000 }
        let ledger = try TestLedger(tuning: tuning)
        for start in stride(from: 0, to: 100, by: 10) {
            try await ledger.fill(start..<start + 10, tags: { ["box:\($0 % 4)"] })
        }
        ledger.close()
        return ledger
    }

    private static func withIndex(_ ledger: TestLedger, _ body: (IndexStore) throws -> Void) throws {
        try body(try IndexStore(path: ledger.path + "/index", isReadOnly: false))
    }

    private static func manifest(_ ledger: TestLedger) throws -> IndexManifest {
        var found: IndexManifest?
        try withIndex(ledger) { found = try IndexLoader.manifest(of: $0) }
        return try #require(found)
    }

    /// Opens a ledger and expects everything to be found.
    private static func expectSound(_ ledger: TestLedger, _ comment: Comment) throws {
        try ledger.open()
        for box in 0..<4 {
            let positions = try ledger.log.read(.tagged("box:\(box)"), ReadRange()).map(\.position)
            #expect(positions == (0..<100).filter { $0 % 4 == Position(box) }, comment)
        }
        let report = ledger.log.verify()
        #expect(report.isSound, "\(report.problems)")
        ledger.close()
    }

    @Test("A sound index is used as it is")
    func sound() async throws {
        let ledger = try await Self.filled()
        let before = try Self.manifest(ledger)
        #expect(before.size == 100)
        try Self.expectSound(ledger, "sound")
        #expect(try Self.manifest(ledger).hasher == before.hasher)
    }

    @Test("An index that is missing, damaged, or of another log is made anew", arguments: 0..<7)
    func madeAnew(kind: Int) async throws {
        let ledger = try await Self.filled()
        let before = try Self.manifest(ledger)
        let meta = IndexManifest.key
        switch kind {
        case 0: try ledger.deleteIndex()
        case 1: try FileManager.default.removeItem(atPath: ledger.path + "/index")
        case 2:
            let garbage = Data(repeating: 0x5A, count: 40_000)
            try garbage.write(to: URL(fileURLWithPath: ledger.path + "/index/data.mdb"))
        case 3: try Self.withIndex(ledger) { try $0.environment.set($0.meta, meta, nil) }
        case 4: try Self.withIndex(ledger) { try $0.environment.set($0.meta, meta, Array("{\"format\":2}".utf8)) }
        case 5:
            var changed = before
            changed.root = MerkleHash.leaf([1].span)
            try Self.withIndex(ledger) { try $0.environment.set($0.meta, meta, changed.bytes) }
        default:
            let other = try TestLedger(name: "other.example/ledger")
            try await other.fill(0..<60)
            other.close()
            try FileManager.default.removeItem(atPath: ledger.path + "/index")
            try FileManager.default.copyItem(atPath: other.path + "/index", toPath: ledger.path + "/index")
        }
        try Self.expectSound(ledger, "kind \(kind)")
        let after = try Self.manifest(ledger)
        #expect(after.hasher != before.hasher)
        #expect(after.size == 100)
    }

    @Test("An index that knows more entries than the log holds tells that the log has lost some")
    func aheadOfLog() async throws {
        let ledger = try await Self.filled()
        var manifest = try Self.manifest(ledger)
        manifest.runs.append(
            IndexManifest.Run(
                id: manifest.nextRun, base: 100, count: 7, keys: 1, checksum: RunChecksum()))
        manifest.nextRun += 1
        try Self.withIndex(ledger) { try $0.environment.set($0.meta, IndexManifest.key, manifest.bytes) }
        let error = refusal { try ledger.open() }
        #expect(error?.code == .corrupted)
        #expect(error?.reason.contains("107") == true)
        #expect(error?.reason.contains("100") == true)
        #expect(error?.reason.contains("sanhu index rebuild") == true)
        try Log.rebuildIndex(at: ledger.path)
        try Self.expectSound(ledger, "rebuilt")
    }

    @Test("What a merge that was cut off left behind is removed")
    func orphans() async throws {
        let ledger = try await Self.filled(merging: false)
        let manifest = try Self.manifest(ledger)
        for id in [UInt32(0), manifest.nextRun, manifest.nextRun + 5, .max] {
            try Self.withIndex(ledger) { store in
                for hash: UInt64 in [0, 7, .max] {
                    try store.environment.set(store.blocks, RunBlock.key(run: id, hash: hash, offset: 0), [0, 0, 0, 0])
                }
                try store.environment.set(store.filters, IndexStore.filterKey(id), [1])
            }
        }
        try Self.expectSound(ledger, "orphans")
        try Self.withIndex(ledger) { store in
            let known = Set(manifest.runs.map { IndexStore.filterKey($0.id) })
            let blocks = Set(try store.environment.keys(of: store.blocks).map { Array($0.prefix(4)) })
            let filters = Set(try store.environment.keys(of: store.filters))
            #expect(blocks == known && filters == known)
        }
    }

    @Test("A manifest is read as it was written, and a damaged one is not read")
    func manifestRoundTrip() throws {
        var manifest = IndexManifest(hasher: IndexHasher(first: .max, second: 0))
        var dice = Dice(seed: 8)
        for id in 1...20 {
            var checksum = RunChecksum()
            checksum.add(dice.next(), 5)
            manifest.runs.append(
                IndexManifest.Run(
                    id: UInt32(id), base: manifest.size, count: dice.within(1..<100_000), keys: dice.below(1000),
                    checksum: checksum))
        }
        manifest.nextRun = 21
        manifest.root = MerkleHash.leaf([1, 2, 3].span)
        #expect(IndexManifest(manifest.bytes) == manifest)
        #expect(IndexManifest([]) == nil)
        #expect(IndexManifest(Array(manifest.bytes.dropLast())) == nil)
        var gap = manifest
        gap.runs.remove(at: 3)
        #expect(IndexManifest(gap.bytes) == nil)
        var reused = manifest
        reused.nextRun = 20
        #expect(IndexManifest(reused.bytes) == nil)
    }

    @Test("The index is made anew from the first entry on, with word of how far it is")
    func rebuild() async throws {
        let ledger = try await Self.filled()
        let before = try Self.manifest(ledger)
        var told: [Position] = []
        try Log.rebuildIndex(at: ledger.path) { told.append($0) }
        #expect(told.last == 100)
        let after = try Self.manifest(ledger)
        #expect(after.hasher != before.hasher)
        try Self.expectSound(ledger, "rebuilt")
        // Who writes the ledger must stop first.
        try ledger.open()
        #expect(refusal { try Log.rebuildIndex(at: ledger.path) }?.code == .inUse)
        #expect(try ledger.log.read(.tagged("box:0"), ReadRange()).count == 25)
        ledger.close()
    }
}

/// Finding events by what they are known by.
@Suite(.fewAtOnce)
struct IdentityLookUpTests {
    @Test("Events are found by source and id, in memory and in runs, and nothing else is")
    func finds() async throws {
        let ledger = try TestLedger()
        for start in stride(from: 0, to: 60, by: 5) { try await ledger.fill(start..<start + 5) }
        _ = try await ledger.log.append(
            AppendRequest([draft("e7", source: "//tax"), draft("e\\u0038", source: "//tax")]))
        let wanted =
            (0..<60).map { EventIdentity(source: "//cus", id: "e\($0)") } + [
                EventIdentity(source: "//tax", id: "e7"), EventIdentity(source: "//tax", id: "e8"),
                EventIdentity(source: "//tax", id: "e9"), EventIdentity(source: "//cus", id: "e60"),
                EventIdentity(source: "//cuse", id: "1"), EventIdentity(source: "", id: ""),
            ]
        func expectFound(_ log: Log) throws {
            let found = try log.entries(of: wanted)
            #expect(
                found.mapValues(\.position) == Dictionary(uniqueKeysWithValues: (0..<62).map { ($0, Position($0)) }))
            #expect(try log.entries(of: []).isEmpty)
        }
        try expectFound(ledger.log)
        ledger.close()
        let reading = try Log.open(readingAt: ledger.path)
        try expectFound(reading)
        reading.close()
    }
}
