import Foundation
import LMDB
import Synchronization
import TestSupport
import Testing

@Suite("Reading while others commit")
final class MonotonicReadTests: FolderSuite {
    /// The newest value that anyone has read.
    private final class Newest: Sendable {
        let value = Atomic<UInt64>(0)
        let steps = Atomic<Int>(0)
        let isOver = Atomic<Bool>(false)
    }

    private static func number(in environment: LMDBEnvironment, _ database: LMDBDatabase) throws -> UInt64 {
        let reader = try environment.beginRead()
        return try reader.copy([1], database)?.reduce(0) { $0 << 8 | UInt64($1) } ?? 0
    }

    private static func write(_ number: UInt64, to environment: LMDBEnvironment, _ database: LMDBDatabase) throws {
        let bytes = (0..<8).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
        try environment.write([Record(key: [1], value: bytes)], to: database)
    }

    /// Reads until the writer is done, and counts how often what was read is older than what somebody had read before.
    private static func read(_ environment: LMDBEnvironment, _ database: LMDBDatabase, _ newest: Newest) throws {
        while !newest.isOver.load(ordering: .acquiring) {
            let before = newest.value.load(ordering: .sequentiallyConsistent)
            let number = try number(in: environment, database)
            if number < before { newest.steps.add(1, ordering: .relaxed) }
            newest.value.max(number, ordering: .sequentiallyConsistent)
        }
    }

    @Test("no transaction sees less than one that was begun before it", .timeLimit(.minutes(5)))
    func monotonic() throws {
        var options = LMDBEnvironment.Options()
        options.isSyncedLater = true
        let environment = try LMDBEnvironment(path: folder.path, options: options)
        let (database, newest) = (try environment.database(), Newest())
        let commits = LongForm.scaled(30_000, full: 1_000_000)
        // Threads of their own: readers that go on and on would leave the writer none of the pool's.
        let done = DispatchSemaphore(value: 0)
        let work: [@Sendable () throws -> Void] =
            Array(repeating: { try Self.read(environment, database, newest) }, count: 3) + [
                {
                    defer { newest.isOver.store(true, ordering: .releasing) }
                    for number in 1...commits { try Self.write(UInt64(number), to: environment, database) }
                }
            ]
        for step in work {
            Thread.detachNewThread {
                #expect(throws: Never.self) { try step() }
                done.signal()
            }
        }
        for _ in work { done.wait() }
        #expect(newest.steps.load(ordering: .relaxed) == 0)
        #expect(newest.value.load(ordering: .relaxed) > 0)
    }
}
