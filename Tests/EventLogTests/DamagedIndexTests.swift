import Foundation
import LMDB
import TestSupport
import Testing
import Transparency

@testable import EventLog

/// Appends trust the index to know every id, so a writer must not take a damaged one for a whole one.
@Suite(.fewAtOnce)
struct DamagedIndexTests {
    /// A part of the index's environment to damage.
    enum Part: CaseIterable {
        case blockBytes, filterBytes, missingBlock
    }

    @Test("Ids are known again after the index was damaged while the ledger was closed", arguments: Part.allCases)
    func idsAreKnown(part: Part) async throws {
        var tuning = IndexTuning.small
        tuning.flushEvents = 1_000
        let ledger = try TestLedger(tuning: tuning)
        try await ledger.fill(0..<2_000)
        ledger.close()
        try Self.damage(part, ledger)
        try ledger.open()
        let receipts = try await ledger.fill(0..<2_000)
        #expect(receipts == (0..<2_000).map { Receipt.duplicate(Position($0)) })
        #expect(try ledger.log.read(.tagged("number:1234"), ReadRange()).map(\.position) == [1_234])
        let report = ledger.log.verify()
        #expect(report.isSound, "\(report.problems)")
    }

    private static func damage(_ part: Part, _ ledger: TestLedger) throws {
        let store = try IndexStore(path: ledger.path + "/index", isReadOnly: false)
        let database = part == .filterBytes ? store.filters : store.blocks
        var records: [(key: [UInt8], value: [UInt8])] = []
        do {
            let reader = try store.environment.beginRead()
            var cursor = try reader.cursor(over: database)
            while try cursor.moveToNext() { records.append((cursor.key.copied, cursor.value.copied)) }
        }
        try #require(!records.isEmpty)
        var transaction = try store.environment.beginWrite()
        for (key, value) in records {
            if part == .missingBlock {
                try transaction.delete(key.span, in: database)
            } else {
                let nothing = [UInt8](repeating: 0, count: value.count)
                try transaction.put(nothing.span, for: key.span, in: database)
            }
        }
        try transaction.commit()
    }

    @Test("A block that is damaged while the log is written refuses only what needs it, and opening again mends it")
    func damagedWhileWriting() async throws {
        var tuning = IndexTuning.small
        tuning.flushEvents = 1_000
        let ledger = try TestLedger(tuning: tuning)
        try await ledger.fill(0..<4_000)
        try Self.damageWhileOpen(ledger, indexed: 4_000)
        // Retries of what is known, each on its own: some need a damaged block, most do not.
        let requests = (0..<400).map { AppendRequest([draft("e\($0 * 10)", tags: ["number:\($0 * 10)"])]) }
        var refused = 0
        for (number, result) in await ledger.log.append(each: requests).enumerated() {
            switch result {
            case .success(let receipts):
                #expect(receipts == [.duplicate(Position(number * 10))])
            case .failure(let error):
                #expect(error.code == .indexDamaged, "\(error)")
                refused += 1
            }
        }
        #expect(refused > 0 && refused < 400)
        // What is new goes on being taken, and nothing is poisoned.
        var taken = 0
        for number in 4_000..<4_400 where (try? await ledger.fill(number..<number + 1)) != nil { taken += 1 }
        #expect(taken > 200)
        try ledger.reopen()
        #expect(try await ledger.fill(0..<4_000) == (0..<4_000).map { Receipt.duplicate(Position($0)) })
        #expect(ledger.log.verify().isSound)
    }

    /// Flips a bit in a block and spoils a filter of a log that is open for writing, once so much is in runs.
    private static func damageWhileOpen(_ ledger: TestLedger, indexed: Position) throws {
        let store = try #require(ledger.log.reader.index?.store)
        while (try IndexLoader.manifest(of: store)?.size ?? 0) < indexed { Thread.sleep(forTimeInterval: 0.005) }
        let keys = try store.environment.keys(of: store.blocks)
        let key = keys[keys.count / 2]
        var value = try #require(try store.environment.value(store.blocks, key))
        value[value.count / 2] ^= 1
        try store.environment.set(store.blocks, key, value)
        let filters = try store.environment.keys(of: store.filters)
        try store.environment.set(store.filters, filters[0], [1, 2, 3])
    }

    @Test(
        "A reader of a damaged index finds what is there or says that it is damaged, and never less", arguments: 1...3)
    func readersAreNotMisled(seed: Int) async throws {
        var dice = Dice(seed: UInt64(seed))
        var tuning = IndexTuning.small
        tuning.flushEvents = 3_000
        let ledger = try TestLedger(tuning: tuning)
        try await ledger.fill(0..<6_000)
        ledger.close()
        var refused = 0
        for _ in 0..<40 {
            let undo = try Self.damageSomewhere(ledger, &dice)
            do {
                let log = try Log.open(readingAt: ledger.path)
                defer { log.close() }
                for _ in 0..<40 {
                    let number = dice.below(6_000)
                    for isBackwards in [false, true] {
                        let range = ReadRange(isBackwards: isBackwards)
                        do throws(LogError) {
                            let found = try log.read(.tagged("number:\(number)"), range).map(\.position)
                            #expect(found == [Position(number)], "seed \(seed)")
                        } catch {
                            #expect(error.code == .indexDamaged, "seed \(seed): \(error)")
                            refused += 1
                        }
                    }
                }
            }
            try undo()
        }
        #expect(refused > 0)
        let report = try Log.verify(at: ledger.path)
        #expect(report.isSound, "\(report.problems)")
    }

    /// Flips a bit of a block or of a filter, or takes a block away. Returns what puts it right again.
    private static func damageSomewhere(_ ledger: TestLedger, _ dice: inout Dice) throws -> () throws -> Void {
        let path = ledger.path + "/index"
        let isFilter = dice.oneIn(4)
        let isGone = !isFilter && dice.oneIn(3)
        func change(_ body: (IndexStore) throws -> Void) throws {
            try body(try IndexStore(path: path, isReadOnly: false))
        }
        var key: [UInt8] = []
        var value: [UInt8] = []
        try change { store in
            let database = isFilter ? store.filters : store.blocks
            key = dice.pick(try store.environment.keys(of: database))
            value = try #require(try store.environment.value(database, key))
            var damaged = value
            damaged[dice.below(damaged.count)] ^= 1 << UInt8(dice.below(8))
            try store.environment.set(database, key, isGone ? nil : damaged)
        }
        return { try change { try $0.environment.set(isFilter ? $0.filters : $0.blocks, key, value) } }
    }

    @Test("A reader that is open while the index is made anew says so, instead of filing all in memory")
    func rebuiltUnderReader() async throws {
        let ledger = try TestLedger(tuning: .small)
        try await ledger.fill(0..<500)
        ledger.close()
        try Self.followReplaced(ledger)
    }

    private static func followReplaced(_ ledger: TestLedger) throws {
        let folder = try LedgerFolder(opening: ledger.path)
        let log = try LogStore(path: folder.logPath, isReadOnly: true)
        let (store, manifest) = try #require(try IndexLoader.openReadOnly(folder, log: log))
        let index = LogIndex(store: store, manifest: manifest)
        let follower = IndexFollower(log: log, index: index)
        try follower.refresh(to: 500)
        // Another file under the same name, though its content is the same.
        try FileManager.default.moveItem(atPath: folder.indexPath, toPath: folder.indexPath + ".old")
        try FileManager.default.copyItem(atPath: folder.indexPath + ".old", toPath: folder.indexPath)
        // Nothing came meanwhile: what it has open still answers.
        try follower.refresh(to: 500)
        #expect(refusal { try follower.refresh(to: 501) }?.code == .closed)
    }

    @Test("Of many who make a ledger in one folder at once one succeeds, and what it made is sound")
    func creatorsDoNotUndoEachOther() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("ledger")
        let verifiers = await withTaskGroup(of: NoteVerifier?.self) { group in
            for number in 0..<8 {
                group.addTask { try? Self.make(path, number) }
            }
            return await group.reduce(into: [NoteVerifier]()) { if let made = $1 { $0.append(made) } }
        }
        #expect(verifiers.count <= 1)
        let description = try LedgerFolder(opening: path)
        let report = try Log.verify(at: path)
        #expect(report.isSound, "\(report.problems) \(description.verifier)")
    }

    private static func make(_ path: String, _ number: Int) throws -> NoteVerifier {
        let seed = [UInt8](repeating: UInt8(number + 1), count: 32)
        let signer = try NoteSigner(name: "port.example/\(number)", seed: seed)
        try Log.create(at: path, signer: signer).close()
        return signer.verifier
    }
}
