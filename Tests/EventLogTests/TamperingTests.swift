import LMDB
import TestSupport
import Testing
import Transparency

@testable import EventLog

/// Verifying finds whatever is changed on disk, one byte is enough, and says where.
@Suite(.fewAtOnce, .timeLimit(.minutes(15)))
struct TamperingTests {
    private static let size = 600

    /// A closed ledger with two full tiles and an open one, disclosures at every tenth entry, all indexed but the last.
    private static func filled() async throws -> TestLedger {
        var tuning = IndexTuning()
        tuning.flushEvents = 150
        let ledger = try TestLedger(tuning: tuning)
        for start in stride(from: 0, to: size, by: 50) {
            _ = try await ledger.log.append(
                AppendRequest(
                    (start..<start + 50).map { number in
                        draft(
                            "e\(number)", type: "t.\(number % 3)", tags: ["box:\(number % 7)", "number:\(number)"],
                            disclosures: number % 10 == 0 ? [[1, 2, 3], [4]] : [])
                    }))
        }
        ledger.close()
        return ledger
    }

    private static func verify(_ ledger: TestLedger) throws -> VerificationReport {
        try Log.verify(at: ledger.path)
    }

    private static func withStore<Result>(_ ledger: TestLedger, _ body: (LogStore) throws -> Result) throws -> Result {
        try body(try LogStore(path: ledger.path + "/log", isReadOnly: false))
    }

    private static func withIndex<Result>(_ ledger: TestLedger, _ body: (IndexStore) throws -> Result) throws -> Result
    {
        try body(try IndexStore(path: ledger.path + "/index", isReadOnly: false))
    }

    @Test("An untouched ledger is sound, and the report says what was verified")
    func sound() async throws {
        var tuning = IndexTuning()
        tuning.minimumFlushEvents = 1
        let ledger = try TestLedger(tuning: tuning)
        for start in stride(from: 0, to: 3_000, by: 500) {
            try await ledger.fill(start..<start + 500, tags: { ["box:\($0 % 9)", "number:\($0)"] })
        }
        var told: [Position] = []
        let open = ledger.log.verify { done, of in if of == 3_000 { told.append(done) } }
        #expect(open.isSound, "\(open.problems)")
        #expect(told.last == 3_000)
        let root = try ledger.log.root(atSize: 3_000)
        ledger.close()
        let report = try Self.verify(ledger)
        #expect(report.isSound, "\(report.problems)")
        #expect(report.entries == 3_000)
        #expect(report.indexed == 3_000)
        #expect(report.root == root)
    }

    @Test("A changed byte of an entry or of its header is found at its position")
    func entries() async throws {
        let ledger = try await Self.filled()
        var dice = Dice(seed: 21)
        for trial in 0..<16 {
            // Eight entries at once, each with one byte changed; half of them in the header.
            let positions = Set((0..<8).map { _ in Position(dice.below(Self.size)) })
            var before: [Position: [UInt8]] = [:]
            try Self.withStore(ledger) { store in
                for position in positions {
                    before[position] = try store.change(.entries, LogStore.entryKey(position)) { bytes in
                        let at = dice.oneIn(2) ? dice.below(EntryHeader.byteCount) : dice.below(bytes.count)
                        bytes[at] ^= UInt8(1 << dice.below(8))
                    }
                }
            }
            let report = try Self.verify(ledger)
            let found = Set(report.problems.filter { $0.part == .entries }.compactMap(\.position))
            #expect(found.isSuperset(of: positions), "trial \(trial)")
            // Where a time was changed to a later one, the entry after it seems to go back.
            #expect(found.subtracting(positions).allSatisfy { positions.contains($0 - 1) }, "trial \(trial)")
            #expect(!report.concernsOnlyIndex)
            try Self.withStore(ledger) { store in
                for (position, bytes) in before {
                    try store.change(.entries, LogStore.entryKey(position)) { $0 = bytes }
                }
            }
        }
        #expect(try Self.verify(ledger).isSound)
    }

    @Test("A changed byte of a tree node is found, with the node")
    func nodes() async throws {
        let ledger = try await Self.filled()
        let keys = try Self.withStore(ledger) { try $0.environment.keys(of: $0.nodes) }
        #expect(keys.count == 4)
        var dice = Dice(seed: 22)
        for trial in 0..<24 {
            let key = keys[trial % keys.count]
            let before = try Self.withStore(ledger) { store in
                try store.change(.nodes, key) { $0[dice.below($0.count)] ^= UInt8(1 << dice.below(8)) }
            }
            let report = try Self.verify(ledger)
            let index = key[8]
            let name = key[0] == 0 ? "tile \(index) of leaf hashes" : "node \(index) of level 1"
            let last = Position(index) * 256 + 255
            #expect(report.problems.map(\.part) == [.tree], "trial \(trial)")
            #expect(report.problems.first?.position == last, "trial \(trial)")
            #expect(report.problems.first?.reason.contains(name) == true, "trial \(trial)")
            try Self.withStore(ledger) { store in _ = try store.change(.nodes, key) { $0 = before } }
        }
    }

    @Test("A changed byte of the state record or of the checkpoint is found")
    func state() async throws {
        let ledger = try await Self.filled()
        let length = try Self.withStore(ledger) { try $0.change(.state, LogState.key) { _ in } }.count
        var dice = Dice(seed: 23)
        for trial in 0..<90 {
            // All of what stands before the frontier's hashes, then anything.
            let place = trial < 50 ? trial : dice.within(50..<length)
            let before = try Self.withStore(ledger) { store in
                try store.change(.state, LogState.key) { $0[place] ^= UInt8(1 << dice.below(8)) }
            }
            let report = try Self.verify(ledger)
            let parts = Set(report.problems.map(\.part))
            #expect(!parts.isEmpty && parts.isSubset(of: [.state, .checkpoint]), "byte \(place)")
            try Self.withStore(ledger) { store in _ = try store.change(.state, LogState.key) { $0 = before } }
        }
        #expect(try Self.verify(ledger).isSound)
    }

    @Test("A changed byte of a block or a filter of the index is found, as damage to the index only")
    func index() async throws {
        let ledger = try await Self.filled()
        var dice = Dice(seed: 24)
        for trial in 0..<60 {
            let isFilter = trial % 2 == 0
            let before: (key: [UInt8], value: [UInt8]) = try Self.withIndex(ledger) { store in
                let database = isFilter ? store.filters : store.blocks
                let key = dice.pick(try store.environment.keys(of: database))
                let value = try store.environment.change(database, key) { bytes in
                    let place = trial < 16 ? trial / 2 : dice.below(bytes.count)
                    bytes[place] ^= UInt8(1 << dice.below(8))
                }
                return (key, value)
            }
            let report = try Self.verify(ledger)
            #expect(!report.isSound, "trial \(trial)")
            #expect(report.concernsOnlyIndex, "trial \(trial): \(report.problems)")
            try Self.withIndex(ledger) { store in
                try store.environment.set(isFilter ? store.filters : store.blocks, before.key, before.value)
            }
        }
        #expect(try Self.verify(ledger).isSound)
    }

    @Test("A block under another key, a missing one, a lost filter, another manifest: damage to the index only")
    func indexRecords() async throws {
        func first(_ store: IndexStore, _ database: LMDBDatabase) throws -> [UInt8] {
            try #require(try store.environment.keys(of: database).first)
        }
        func changeManifest(_ store: IndexStore, _ change: (inout IndexManifest) -> Void) throws {
            var manifest = try #require(try IndexLoader.manifest(of: store))
            change(&manifest)
            try store.environment.set(store.meta, IndexManifest.key, manifest.bytes)
        }
        let changes: [(IndexStore) throws -> Void] = [
            { try $0.environment.set($0.blocks, try first($0, $0.blocks), nil) },
            { try $0.environment.set($0.filters, try first($0, $0.filters), nil) },
            { try $0.environment.set($0.filters, try first($0, $0.filters), [1, 2, 3]) },
            { store in
                var key = try first(store, store.blocks)
                let value = try store.environment.change(store.blocks, key) { _ in }
                try store.environment.set(store.blocks, key, nil)
                key[15] ^= 1
                try store.environment.set(store.blocks, key, value)
            },
            { try changeManifest($0) { $0.root = .emptyTree } },
            { try changeManifest($0) { $0.hasher = .random() } },
            { try changeManifest($0) { $0.runs.removeAll() } },
            { try $0.environment.set($0.meta, IndexManifest.key, nil) },
        ]
        for (number, change) in changes.enumerated() {
            let ledger = try await Self.filled()
            try Self.withIndex(ledger, change)
            let report = try Self.verify(ledger)
            #expect(!report.isSound, "change \(number)")
            #expect(report.concernsOnlyIndex, "change \(number): \(report.problems)")
            try Log.rebuildIndex(at: ledger.path)
            #expect(try Self.verify(ledger).isSound, "change \(number)")
        }
    }

    private static func flip(_ store: LogStore, _ key: [UInt8], byte: Int) throws {
        var row = try #require(try store.environment.value(store.disclosures, key))
        row[byte] ^= 4
        try store.environment.set(store.disclosures, key, row)
    }

    private static func move(_ store: LogStore, _ key: [UInt8], to other: [UInt8]) throws {
        try store.environment.set(store.disclosures, other, store.environment.value(store.disclosures, key))
    }

    @Test("An entry that has changed on disk is not handed out")
    func changedEntry() async throws {
        let ledger = try await Self.filled()
        try Self.withStore(ledger) { store in
            var row = try #require(try store.environment.value(store.entries, LogStore.entryKey(300)))
            row[row.count - 20] ^= 1
            try store.environment.set(store.entries, LogStore.entryKey(300), row)
        }
        let log = try Log.open(readingAt: ledger.path)
        defer { log.close() }
        #expect(refusal { _ = try log.entry(at: 300) }?.code == .corrupted)
        #expect(refusal { _ = try log.read(.all, ReadRange(from: 295, to: 310)) }?.reason.contains("300") == true)
        #expect(try log.entry(at: 301).position == 301)
    }

    @Test(
        "Entries that are missing or too many, and disclosures of no entry, out of number, changed or put in the place of another, are found"
    )
    func records() async throws {
        let ledger = try await Self.filled()
        typealias Change = (
            environment: (LogStore) throws -> Void, part: VerificationReport.Problem.Part, position: Position?
        )
        func disclosure(_ position: Position, _ ordinal: Int) -> [UInt8] {
            LogStore.disclosureKey(position: position, ordinal: ordinal)
        }
        let size = Position(Self.size)
        let changes: [Change] = [
            ({ try $0.environment.set($0.entries, LogStore.entryKey(0), nil) }, .entries, 0),
            ({ try $0.environment.set($0.entries, LogStore.entryKey(300), nil) }, .entries, 300),
            ({ try $0.environment.set($0.entries, LogStore.entryKey(size - 1), nil) }, .entries, size - 1),
            ({ try $0.environment.set($0.entries, LogStore.entryKey(size), [1]) }, .entries, nil),
            ({ try $0.environment.set($0.nodes, LogStore.nodeKey(level: 0, index: 9), [1]) }, .tree, nil),
            ({ try $0.environment.set($0.nodes, LogStore.nodeKey(level: 1, index: 0), nil) }, .tree, 255),
            ({ try $0.environment.set($0.disclosures, disclosure(size, 0), [1]) }, .disclosures, size),
            ({ try $0.environment.set($0.disclosures, disclosure(40, 0), nil) }, .disclosures, 40),
            ({ try $0.environment.set($0.disclosures, disclosure(41, 1), [1]) }, .disclosures, 41),
            ({ try $0.environment.set($0.disclosures, disclosure(50, 3), [1]) }, .disclosures, 50),
            ({ try $0.environment.set($0.disclosures, [1, 2], [1]) }, .disclosures, nil),
            ({ try Self.flip($0, disclosure(60, 0), byte: 9) }, .disclosures, 60),
            ({ try Self.flip($0, disclosure(70, 1), byte: 2) }, .disclosures, 70),
            ({ try Self.move($0, disclosure(80, 0), to: disclosure(90, 0)) }, .disclosures, 90),
            ({ try $0.environment.set($0.state, LogState.key, nil) }, .checkpoint, nil),
        ]
        for (number, change) in changes.enumerated() {
            let damaged = try await number == 0 ? ledger : Self.filled()
            try Self.withStore(damaged, change.environment)
            let report = try Self.verify(damaged)
            let problem = report.problems.first { $0.part == change.part }
            #expect(problem != nil, "change \(number): \(report.problems)")
            #expect(problem?.position == change.position, "change \(number): \(report.problems)")
            #expect(!report.concernsOnlyIndex)
        }
    }
}
