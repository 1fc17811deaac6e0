import EventLog
import Exchange
import Foundation
import Glibc
import LMDB
import Synchronization
import TestSupport
import Testing

@testable import Views

/// A rebuild maps ahead of what it writes, puts rows aside, and writes them in several commits: whatever happens in between, the
/// view is the old one or the whole new one.
@Suite("Rebuilding views", .fewAtOnce)
struct RebuildTests {
    private static func options() -> ViewOptions {
        var options = ViewOptions()
        options.tasks = 3
        options.batchEntries = 2_000
        options.batchBytes = 1 << 14
        options.probe.rowsPerCommit = 1_000
        return options
    }

    /// Counts calls down; is up at the last.
    private final class Countdown: Sendable {
        private let left = Mutex(0)

        var count: Int { left.withLock { $0 } }

        func start(_ calls: Int) { left.withLock { $0 = calls } }

        func isUp() -> Bool {
            left.withLock {
                $0 -= 1
                return $0 == 0
            }
        }
    }

    /// Enough for several chunks, with entries that cannot be mapped.
    private static func filled(_ dice: inout Dice) async throws -> ViewLab {
        let lab = try await ViewLab()
        for _ in 0..<2 { try await lab.appendSome(&dice, 2_000, poisonOneIn: 100) }
        return lab
    }

    private static func names(_ lab: ViewLab) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: lab.path + "/views")
    }

    @Test("Rows that have no room in memory are put aside, and the records are the same")
    func putAside() async throws {
        var dice = LongForm.dice("views put aside")
        let lab = try await Self.filled(&dice)
        let isAside = Mutex(0)
        var rows: [String] = []
        var parked: [ParkedEntry] = []
        // From room for nothing, by room for some chunks, of which the last ones stay in memory, to room for all.
        for bytes in [1 << 14, 300_000, 600_000, 900_000, 1_200_000, 1 << 30] {
            var options = Self.options()
            options.batchBytes = bytes
            let path = lab.path + "/views/mixed.1.shadow" + ViewFolder.asideSuffix
            options.probe.committing = { () throws(LMDBError) in
                if FileManager.default.fileExists(atPath: path + "/data.mdb") { isAside.withLock { $0 += 1 } }
            }
            let keeper = try lab.keeper(options)
            defer { keeper.close() }
            let runner = try keeper.open(ViewLab.mixed())
            try await ViewLab.reach(runner, lab)
            if rows.isEmpty { (rows, parked) = (try runner.dump(), try runner.parkedEntries()) }
            #expect(parked.count > 10)
            isAside.withLock { $0 = 0 }
            try await runner.rebuildAll()
            #expect(try runner.dump() == rows, "\(bytes), seed \(dice.seed)")
            #expect(try runner.parkedEntries().map(\.position) == parked.map(\.position))
            let count = isAside.withLock { $0 }
            #expect(bytes < 1 << 16 ? count > 10 : bytes == 1 << 30 ? count == 0 : true)
            #expect(try Self.names(lab) == ["mixed.1"])
            #expect(try runner.status().position == lab.ledger.log.head)
        }
    }

    @Test(
        "Whatever chunk or commit of it fails, the old view answers, nothing is left over, and the next one comes to its end"
    )
    func failing() async throws {
        var dice = LongForm.dice("views failing rebuild")
        let lab = try await Self.filled(&dice)
        /// At which call of a probe it fails.
        let (chunk, commit) = (Countdown(), Countdown())
        var options = Self.options()
        options.probe.folding = { () throws(ViewError) in
            if chunk.isUp() { throw ViewError(.inputOutput, "A chunk failed.") }
        }
        options.probe.committing = { () throws(LMDBError) in
            if commit.isUp() { throw LMDBError(.diskFull, "commit", "no room") }
        }
        let keeper = try lab.keeper(options)
        defer { keeper.close() }
        let runner = try keeper.open(ViewLab.mixed())
        try await ViewLab.reach(runner, lab)
        let rows = try runner.dump()
        var counts = (chunks: 0, commits: 0)
        for isCommit in [false, true] {
            var call = 1
            while call < 200 {
                (isCommit ? commit : chunk).start(call)
                do throws(ViewError) {
                    try await runner.rebuildAll()
                    break
                } catch {
                    #expect(error.code == (isCommit ? .diskFull : .inputOutput))
                }
                #expect(try Self.names(lab) == ["mixed.1"])
                #expect(try runner.dump() == rows, "\(isCommit) \(call)")
                if isCommit { counts.commits += 1 } else { counts.chunks += 1 }
                call += isCommit ? 1 + dice.below(6) : 1
            }
            (isCommit ? commit : chunk).start(0)
            #expect(try runner.dump() == rows, "seed \(dice.seed)")
        }
        #expect(counts.chunks >= 4 && counts.commits >= 4, "\(counts)")
    }

    @Test("Closed while chunks are mapped, or rows are written, it ends soon, and nothing is left over")
    func closed() async throws {
        var dice = LongForm.dice("views closed rebuild")
        let lab = try await Self.filled(&dice)
        for isWriting in [false, true] {
            let calls = Mutex(0)
            let closing = Mutex<(@Sendable () -> Void)?>(nil)
            var options = Self.options()
            let call: @Sendable () -> Void = {
                calls.withLock { $0 += 1 }
                closing.withLock { $0.take() }?()
            }
            if isWriting {
                options.probe.committing = { () throws(LMDBError) in call() }
            } else {
                options.probe.folding = { () throws(ViewError) in call() }
            }
            let keeper = try lab.keeper(options)
            let runner = try keeper.open(ViewLab.mixed())
            try await ViewLab.reach(runner, lab)
            calls.withLock { $0 = 0 }
            let isClosed = DispatchSemaphore(value: 0)
            closing.withLock {
                $0 = {
                    Thread {
                        keeper.close()
                        isClosed.signal()
                    }.start()
                    while !runner.isClosing { usleep(1_000) }
                }
            }
            let error = await #expect(throws: ViewError.self) { try await runner.rebuildAll() }
            #expect(error?.code == .closed)
            await withCheckedContinuation { done in
                Thread {
                    isClosed.wait()
                    done.resume()
                }.start()
            }
            #expect(calls.withLock { $0 } <= 2)
            #expect(try Self.names(lab) == ["mixed.1"])
        }
    }

    @Test("More entries than may be parked end a rebuild, and the old view answers")
    func tooManyParked() async throws {
        var dice = LongForm.dice("views parked rebuild")
        let lab = try await Self.filled(&dice)
        let isBroken = Mutex(false)
        var options = Self.options()
        options.maximumParked = 500
        let keeper = try lab.keeper(options)
        defer { keeper.close() }
        // What stands in the third chunk cannot be mapped any more.
        let runner = try keeper.open(
            ViewLab.mixed { position, isPoison in isPoison || position > 2_500 && isBroken.withLock { $0 } })
        try await ViewLab.reach(runner, lab)
        let (rows, parked) = (try runner.dump(), try runner.parkedEntries())
        isBroken.withLock { $0 = true }
        let error = await #expect(throws: ViewError.self) { try await runner.rebuildAll() }
        #expect(error?.code == .tooManyParked)
        #expect(try runner.dump() == rows && Self.names(lab) == ["mixed.1"])
        isBroken.withLock { $0 = false }
        try await runner.rebuildAll()
        #expect(try runner.dump() == rows)
        #expect(try runner.parkedEntries().map(\.position) == parked.map(\.position))
    }

    @Test(
        "The position comes with the last row and not before it, in the view that is followed and in one that is made")
    func positionLast() async throws {
        var dice = LongForm.dice("views position last")
        let lab = try await ViewLab()
        try await lab.appendSome(&dice, 600, poisonOneIn: 50)
        for isMade in [true, false] {
            var commits = 0
            // The first time none fails.
            for failing in 0..<200 where failing <= commits || failing == 0 {
                let done = try Self.write(lab, isMade, failing)
                if failing == 0 { commits = done }
            }
            #expect(isMade ? commits > 2 : commits == 1, "seed \(dice.seed): \(commits) commits")
        }
    }

    /// Writes the two halves of a log; of the second a commit fails.
    ///
    /// - Returns: How many commits the second half took.
    private static func write(_ lab: ViewLab, _ isMade: Bool, _ failing: Int) throws -> Int {
        let (log, definition) = (lab.ledger.log, ViewLab.mixed())
        let head = try log.head
        let mapping = ParallelMapping(
            definition, log, .standard, SchemaCatalog(try lab.ledger.foldTerms()), tasks: 1, pacer: nil)
        let folder = try TemporaryFolder()
        let store = try ViewStore(path: folder.path, title: definition.title, isReadOnly: false)
        let commits = Countdown()
        var probe = ViewProbe()
        probe.rowsPerCommit = 200
        probe.committing = { () throws(LMDBError) in
            if commits.isUp() { throw LMDBError(.diskFull, "commit", "no room") }
        }
        var writer = BatchWriter(store, pacer: isMade ? Pacer(log) : nil, probe: probe)
        let first = try ViewMeta(title: definition.title, origin: "", lines: []).moved(to: head / 2, of: log)
        try writer.write(try mapping.map(0..<head / 2), first)
        let rows = try store.dump()
        commits.start(failing)
        let mapped = try mapping.map(head / 2..<head)
        do {
            try writer.write(mapped, try first.moved(to: head, of: log))
            #expect(failing == 0)
            #expect(try store.readMeta()?.position == head)
            #expect(try store.dump().count > rows.count)
        } catch let error as LMDBError {
            #expect(error.code == .diskFull && failing > 0)
            #expect(try store.readMeta() == first, "\(failing)")
            // What is followed has all of a batch or nothing.
            if !isMade { #expect(try store.dump() == rows) }
        }
        return -commits.count
    }
}
