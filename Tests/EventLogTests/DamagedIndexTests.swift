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
