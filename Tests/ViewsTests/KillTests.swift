import EventLog
import Exchange
import Foundation
import Glibc
import LMDB
import TestSupport
import Testing

@testable import Views

/// A process is killed while it follows, rebuilds, puts the new view in the place of the old one, and tries parked entries again.
@Suite("kill -9 of views", .serialized)
struct KillTests {
    @Test("Killed at any moment, there is the old view or the new one, never a mix", .timeLimit(.minutes(15)))
    func kills() async throws {
        let kills = LongForm.scaled(6, full: 110)
        LongForm.report("kill", "plan", "", count: kills)
        let folder = try TemporaryFolder()
        var dice = LongForm.dice("views kills")
        let made = try await ViewLab()
        try await made.appendSome(&dice, 3_000, poisonOneIn: 60)
        made.ledger.close()
        let path = folder.path("ledger")
        for suffix in ["", ".wrapping"] {
            try FileManager.default.copyItem(atPath: made.path + suffix, toPath: path + suffix)
        }
        var reached: [Int: Position] = [:]
        for kill in 0..<kills {
            // In micro-seconds; the process takes some tenths of a second to open the ledger.
            let delay = dice.below(400_000)
            let seed = dice.next()
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [path = path as String, delay = delay as Int, seed = seed as UInt64] in
                try await Self.work(path, delay, seed)
            }
            try Self.check(path, "kill \(kill) after \(delay) µs, seed \(dice.seed)", &reached)
            LongForm.report("kill", "views", "old or new")
        }
    }

    /// What the process does that is killed.
    private static func work(_ path: String, _ delay: Int, _ seed: UInt64) async throws {
        var dice = Dice(seed: seed)
        let lab = try ViewLab(opening: path)
        // From here on, so that kills fall into the work.
        let killer = Thread {
            usleep(UInt32(delay))
            kill(getpid(), SIGKILL)
        }
        killer.start()
        var options = ViewOptions()
        options.batchEntries = 500
        // Rows of a rebuild have no room in memory then, and take several commits.
        if dice.oneIn(2) { options.batchBytes = 1 << 14 }
        if dice.oneIn(2) { options.probe.rowsPerCommit = 3_000 }
        // On half of the file systems two folders cannot be exchanged at once.
        if dice.oneIn(2) { options.probe.exchange = { _, _ in EINVAL } }
        let keeper = try lab.keeper(options)
        let runner = try keeper.open(ViewLab.mixed())
        let mended = try keeper.open(mendable)
        while true {
            try await lab.appendSome(&dice, 20, poisonOneIn: 10)
            switch dice.below(3) {
            case 0: try await runner.rebuildAll()
            case 1:
                for entry in try mended.parkedEntries().prefix(5) { _ = try await mended.retry(entry.position) }
            default: _ = await runner.reached(try lab.ledger.log.head, timeout: .milliseconds(20))
            }
        }
    }

    /// Cannot map the poison when it comes, and can when it is tried again: each entry fails once in a process.
    private static var mendable: ViewDefinition {
        let tried = TriedPositions()
        return ViewLab.mixed(version: 2) { position, isPoison in isPoison && tried.insert(position) }
    }

    private final class TriedPositions: @unchecked Sendable {
        private let lock = NSLock()
        private var positions: Set<Position> = []

        func insert(_ position: Position) -> Bool { lock.withLock { positions.insert(position).inserted } }
    }

    /// Looks at what is there as it was left, before anything is brought on.
    ///
    /// - Parameter reached: How far the versions had come before: neither the old view nor the new one is behind that.
    private static func check(_ path: String, _ note: String, _ reached: inout [Int: Position]) throws {
        let lab = try ViewLab(opening: path)
        defer { lab.ledger.close() }
        let parked = try ParkedStore(ledger: path)
        for version in [1, 2] {
            let definition = ViewLab.mixed(version: version)
            let folder = ViewFolder(ledger: path, title: definition.title)
            guard FileManager.default.fileExists(atPath: folder.path) else { continue }
            try folder.recover()
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.base)
            #expect(!names.contains { $0.contains("shadow") || $0.contains("old") }, "\(note): \(names)")
            let store = try ViewStore(path: folder.path, title: definition.title, isReadOnly: false)
            guard let meta = try store.readMeta() else {
                #expect(try store.dump().isEmpty && reached[version] == nil, "\(note)")
                continue
            }
            #expect(meta.position >= reached[version] ?? 0, "\(note)")
            reached[version] = meta.position
            #expect(try lab.ledger.log.root(atSize: meta.position) == meta.root, "\(note)")
            let skipped = Set(try store.skippedPositions())
            let wanted = try expected(lab, version, meta.position, skipped)
            #expect(try store.dump() == wanted, "\(note): version \(version) at \(meta.position)")
            // The list may have one too many, which opening puts right.
            let folding = ViewFolding(definition, lab.ledger, ViewOptions(), parked, pacer: nil)
            let listed = Set(try parked.list(definition.title).map(\.position))
            #expect(skipped.isSubset(of: listed), "\(note)")
            try folding.reconcile(store, meta)
            let kept = try parked.list(definition.title).map(\.position).filter { $0 < meta.position }
            #expect(Set(kept) == skipped, "\(note)")
        }
    }

    /// The records that all entries below a position come to, some of which are skipped.
    private static func expected(
        _ lab: ViewLab, _ version: Int, _ end: Position, _ skipped: Set<Position>
    ) throws -> [String] {
        let definition = ViewLab.mixed(version: version) { position, _ in skipped.contains(position) }
        let folder = try TemporaryFolder()
        let store = try ViewStore(path: folder.path, title: definition.title, isReadOnly: false)
        let catalog = SchemaCatalog(try lab.ledger.foldTerms())
        let mapping = ParallelMapping(definition, lab.ledger.log, .standard, catalog, tasks: 1, pacer: nil)
        var writer = BatchWriter(store, pacer: nil)
        let meta = ViewMeta(title: definition.title, origin: "", lines: [])
        try writer.write(try mapping.map(0..<end), meta)
        return try store.dump()
    }
}
