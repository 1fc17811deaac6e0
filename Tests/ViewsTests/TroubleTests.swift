import EventLog
import Exchange
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Views

/// What may fail around a view: the disk, the file system, and being closed at the wrong moment.
@Suite("Views in trouble", .fewAtOnce)
struct TroubleTests {
    private static func wait(_ isSo: () throws -> Bool) async throws {
        for _ in 0..<1_000 where try !isSo() { try await Task.sleep(for: .milliseconds(10)) }
        #expect(try isSo())
    }

    @Test("A full disk holds it up; it says so, tries again, and goes on without being opened again")
    func fullDisk() async throws {
        let lab = try await ViewLab()
        let isFull = Mutex(true)
        let tries = Mutex(0)
        var options = ViewOptions()
        options.probe.folding = { () throws(ViewError) in
            guard isFull.withLock({ $0 }) else { return }
            tries.withLock { $0 += 1 }
            throw ViewError(.diskFull, "There is no room.")
        }
        let keeper = try lab.keeper(options)
        defer { keeper.close() }
        let runner = try keeper.open(StandardViews.timeline).runner
        let position = try await lab.ledger.append([ViewLab.declaration(1, id: "a")], as: "CUS")[0].position
        try await Self.wait { runner.state == .retrying(ViewError(.diskFull, "There is no room.")) }
        let folder = ViewFolder(ledger: lab.path, title: runner.definition.title)
        try await Self.wait { folder.keeping?.state == "retrying" }
        #expect(folder.keeping?.reason == "diskFull: There is no room.")
        // Whoever waits goes on waiting.
        async let reached = runner.reached(position + 1, timeout: .seconds(30))
        try await Self.wait { tries.withLock { $0 } >= 3 }
        isFull.withLock { $0 = false }
        #expect(await reached)
        try await Self.wait { runner.state == .live && folder.keeping?.state == "live" }
        #expect(tries.withLock { $0 } < 8, "it tries again after pauses")
    }

    @Test("Pauses grow, and are bounded")
    func pauses() {
        var pause = GrowingPause()
        #expect((0..<10).map { _ in pause.next() } == [0.25, 0.5, 1, 2, 4, 8, 16, 32, 60, 60])
    }

    @Test("Closed while what a rebuild came to waits for its turn, it ends")
    func closing() async throws {
        let lab = try await ViewLab()
        let keeper = try lab.keeper()
        let runner = try keeper.open(ViewLab.mixed())
        try await ViewLab.reach(runner, lab)
        let began = Mutex(false)
        let gate = DispatchSemaphore(value: 0)
        let busy = Task {
            try await runner.perform { () throws(ViewError) in
                began.withLock { $0 = true }
                gate.wait()
            }
        }
        try await Self.wait { began.withLock { $0 } }
        let rebuild = Task { try await runner.rebuildAll() }
        try await Self.wait { runner.condition.withLock { runner.jobs.count == 1 } }
        let isClosed = Mutex(false)
        Thread {
            keeper.close()
            isClosed.withLock { $0 = true }
        }.start()
        try await Self.wait { runner.isClosing }
        gate.signal()
        try await Self.wait { isClosed.withLock { $0 } }
        try await busy.value
        let error = await #expect(throws: ViewError.self) { try await rebuild.value }
        #expect(error?.code == .closed)
    }

    @Test("What a process says of a view it keeps is believed as long as it lives")
    func keeping() async throws {
        let lab = try await ViewLab()
        let keeper = try lab.keeper()
        let runner = try keeper.open(ViewLab.mixed())
        let folder = ViewFolder(ledger: lab.path, title: "mixed.1")
        try await Self.wait { folder.keeping?.state == "live" }
        #expect(folder.keeping?.process == Int(getpid()) && folder.keeping?.reason == nil)
        try await runner.rebuildAll()
        try await Self.wait { folder.keeping?.state == "live" }
        keeper.close()
        #expect(folder.keeping == nil)
        let left = Data(#"{"state":"live","process":2147483000}"#.utf8)
        try left.write(to: URL(fileURLWithPath: folder.path + "/keeping.json"))
        #expect(folder.keeping == nil)
        let overview = try ViewOverview.all(inLedgerAt: lab.path)
        #expect(overview.map(\.title) == ["mixed.1"] && overview.first?.keeping == nil)
    }

    // MARK: Without RENAME_EXCHANGE

    @Test("Where a file system cannot exchange two folders, a rebuild takes the view's place all the same")
    func twoRenames() async throws {
        let lab = try await ViewLab()
        var options = ViewOptions()
        let asked = Mutex(0)
        options.probe.exchange = { _, _ in
            asked.withLock { $0 += 1 }
            return EINVAL
        }
        var dice = LongForm.dice("views two renames")
        try await lab.appendSome(&dice, 100)
        let keeper = try lab.keeper(options)
        let runner = try keeper.open(ViewLab.mixed())
        try await ViewLab.reach(runner, lab)
        let rows = try runner.dump()
        for _ in 0..<3 {
            try await runner.rebuildAll()
            #expect(try runner.dump() == rows)
            #expect(try FileManager.default.contentsOfDirectory(atPath: lab.path + "/views") == ["mixed.1"])
        }
        #expect(asked.withLock { $0 } == 3)
        keeper.close()
        let again = try lab.keeper()
        defer { again.close() }
        let reopened = try again.open(ViewLab.mixed())
        #expect(try reopened.dump() == rows)
        #expect(try reopened.status().position == lab.ledger.log.head)
    }

    /// A folder with an old view and a new one, in each of which a file says which it is.
    private struct Pair {
        let base: TemporaryFolder
        let folder: ViewFolder
        let shadow: String

        init(_ exchange: @escaping @Sendable (String, String) -> Int32) throws {
            base = try TemporaryFolder()
            folder = ViewFolder(ledger: base.path("ledger"), title: "a.1", exchanging: exchange)
            try FileManager.default.createDirectory(
                atPath: base.path("ledger"), withIntermediateDirectories: true)
            try folder.recover()
            shadow = try folder.makeShadow(0)
            try Data("old".utf8).write(to: URL(fileURLWithPath: folder.path + "/data.mdb"))
            try Data("new".utf8).write(to: URL(fileURLWithPath: shadow + "/data.mdb"))
        }

        var content: String? {
            FileManager.default.contents(atPath: folder.path + "/data.mdb").map { String(decoding: $0, as: UTF8.self) }
        }
        var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder.base).sorted()) ?? [] }
    }

    @Test("A kill between two renames leaves the old view or the new one, which opening puts in its place")
    func killedBetween() throws {
        for (steps, kept) in [(0, "old"), (1, "old"), (2, "new"), (3, "new")] {
            let pair = try Pair { _, _ in EINVAL }
            let old = pair.folder.path + ".old"
            let renames = [(pair.folder.path, old), (pair.shadow, pair.folder.path), (old, pair.shadow)]
            for (from, to) in renames.prefix(steps) { #expect(rename(from, to) == 0) }
            try pair.folder.recover()
            #expect(pair.content == kept && pair.names == ["a.1"], "\(steps): \(pair.names)")
        }
    }

    @Test("If the second of two renames fails, the old view stays where it was")
    func secondFails() throws {
        let pair = try Pair { shadow, _ in
            try? FileManager.default.removeItem(atPath: shadow)
            return EINVAL
        }
        // The shadow is gone when it is to be renamed.
        #expect(throws: ViewError.self) { try pair.folder.exchange(with: pair.shadow) }
        #expect(pair.content == "old" && pair.names == ["a.1"])
        let other = try Pair { _, _ in EACCES }
        #expect(throws: ViewError.self) { try other.folder.exchange(with: other.shadow) }
        #expect(other.content == "old")
    }
}
