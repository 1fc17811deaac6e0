import Foundation
import LMDB
import TestSupport
import Testing

@Suite("Transactions")
final class TransactionTests: FolderSuite {
    @Test("what was committed is there when the environment is opened again, in each of its databases")
    func durable() throws {
        do {
            let environment = try LMDBEnvironment(path: folder.path)
            let databases = try environment.databases(["a", "b"])
            try environment.write([Record("k", "in a")], to: databases[0])
            try environment.write([Record("k", "in b"), Record("empty", "")], to: databases[1])
        }
        let environment = try LMDBEnvironment(path: folder.path)
        let databases = try environment.databases(["b", "a"])
        #expect(try environment.committed(databases[1]) == [Record("k", "in a")])
        #expect(try environment.committed(databases[0]) == [Record("empty", ""), Record("k", "in b")])
        #expect(databases.map(\.name) == ["b", "a"])
    }

    @Test("an environment that is synced later is read and written as any other, and is one when it is synced")
    func syncedLater() throws {
        var options = LMDBEnvironment.Options()
        options.isSyncedLater = true
        do {
            let environment = try LMDBEnvironment(path: folder.path, options: options)
            let database = try environment.database()
            try environment.write([Record("a", "1")], to: database)
            try environment.sync()
            try environment.write([Record("b", "2")], to: database)
            try environment.syncFromNowOn()
            try environment.write([Record("c", "3")], to: database)
        }
        let environment = try LMDBEnvironment(path: folder.path)
        let records = try environment.committed(environment.database())
        #expect(records == [Record("a", "1"), Record("b", "2"), Record("c", "3")])
    }

    @Test("what was committed, and only that, is in the file while the environment is still open")
    func inTheFile() throws {
        let environment = try LMDBEnvironment(path: folder.path)
        let database = try environment.database()
        try environment.write([Record("committed", "1")], to: database)
        var open = try environment.beginWrite()
        try open.put(Array("2".utf8).span, for: Array("open".utf8).span, in: database)
        let copy = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: folder.path("data.mdb"), toPath: copy.path("data.mdb"))
        let second = try LMDBEnvironment(path: copy.path)
        #expect(try second.committed(second.database()) == [Record("committed", "1")])
        try open.commit()
    }

    @Test("a transaction reads what it wrote; others read it only after the commit")
    func ownReads() throws {
        let environment = try LMDBEnvironment(path: folder.path)
        let database = try environment.database()
        let key = Array("k".utf8)
        var transaction = try environment.beginWrite()
        try transaction.put([1].span, for: key.span, in: database)
        try transaction.put([2, 3].span, for: key.span, in: database)
        let (own, count) = (try transaction.copy(key, database), try transaction.count(of: database))
        #expect(own == [2, 3])
        #expect(count == 1)
        #expect(try environment.committed(database).isEmpty)
        try transaction.commit()
        #expect(try environment.committed(database) == [Record(key: key, value: [2, 3])])
    }

    @Test("a transaction that is not committed leaves nothing, and the next can begin")
    func abort() throws {
        let environment = try LMDBEnvironment(path: folder.path)
        let database = try environment.database()
        try environment.write([Record("a", "1")], to: database)
        do {
            var transaction = try environment.beginWrite()
            try transaction.put([9].span, for: Array("a".utf8).span, in: database)
            try transaction.put([9].span, for: Array("b".utf8).span, in: database)
            try transaction.removeAll(of: database)
        }
        #expect(try environment.committed(database) == [Record("a", "1")])
        try environment.write([Record("c", "3")], to: database)
        #expect(try environment.committed(database) == [Record("a", "1"), Record("c", "3")])
    }

    @Test("a reader sees the state it began with while a writer commits, value for value, in place")
    func isolation() throws {
        let environment = try LMDBEnvironment(path: folder.path)
        let database = try environment.database()
        var dice = Dice(seed: 1)
        let before = (0..<50).map {
            Record(key: Array("k\(100 + $0)".utf8), value: dice.bytes(dice.pick([3, 700, 20_000])))
        }
        try environment.write(before, to: database)
        let reader = try environment.beginRead()
        let key = before[7].key
        let value = try #require(try reader.copy(key, database))
        guard let inPlace = try reader.value(for: key.span, in: database) else {
            Issue.record("the value is not there")
            return
        }
        for round in 0..<100 {
            let records = before.map { Record(key: $0.key, value: dice.bytes(300 + round)) }
            try environment.write(records, to: database)
        }
        #expect(array(inPlace) == value)
        #expect(value == before[7].value)
        let (seen, latest) = (try reader.all(database), try environment.committed(database))
        #expect(seen == before)
        #expect(latest.map(\.value.count) == Array(repeating: 399, count: 50))
    }

    @Test("many readers on many threads each see one whole commit, never a part of one")
    func threads() throws {
        let environment = try LMDBEnvironment(path: folder.path)
        let database = try environment.database()
        func round(_ number: UInt8) throws(LMDBError) {
            try environment.write((0..<20).map { Record(key: [$0], value: [number]) }, to: database)
        }
        try round(0)
        let threads = (0..<4).map { _ in
            Worker {
                var last: UInt8 = 0
                while last < 200 {
                    let values = Set(try environment.committed(database).map(\.value))
                    guard values.count == 1, let number = values.first?.first, number >= last else {
                        return "\(values)"
                    }
                    last = number
                }
                return nil
            }
        }
        for number in 1...200 as ClosedRange<UInt8> { try round(number) }
        for thread in threads { #expect(thread.result() == nil) }
    }

    @Test("a writer on another thread commits what this thread then reads")
    func otherThread() throws {
        let environment = try LMDBEnvironment(path: folder.path)
        let database = try environment.database()
        let writer = Worker {
            try environment.write([Record("from", "another thread")], to: database)
            return nil
        }
        #expect(writer.result() == nil)
        #expect(try environment.committed(database) == [Record("from", "another thread")])
        try environment.write([Record("and", "back")], to: database)
        #expect(try environment.committed(database).count == 2)
    }

    @Test("an environment stays open for as long as one of its transactions does")
    func lifetime() throws {
        func begin() throws -> (LMDBReadTransactionBox, LMDBDatabase) {
            let environment = try LMDBEnvironment(path: folder.path)
            let database = try environment.database()
            try environment.write([Record("k", "v")], to: database)
            return (LMDBReadTransactionBox(try environment.beginRead()), database)
        }
        do {
            let (box, database) = try begin()
            #expect(try box.transaction.copy(Array("k".utf8), database) == Array("v".utf8))
            #expect(fault { () throws(LMDBError) in _ = try LMDBEnvironment(path: folder.path) } == .alreadyOpen)
        }
        #expect(fault { () throws(LMDBError) in _ = try LMDBEnvironment(path: folder.path) } == nil)
    }

    @Test("any puts, deletes, commits and aborts leave what a dictionary would hold", arguments: 1...20)
    func model(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        var environment: LMDBEnvironment? = try LMDBEnvironment(path: folder.path)
        var expected: [[UInt8]: [UInt8]] = [:]
        for _ in 0..<25 {
            if dice.oneIn(6) {
                environment = nil
                environment = try LMDBEnvironment(path: folder.path)
            }
            let open = try #require(environment)
            let database = try open.database()
            var next = expected
            var transaction = try open.beginWrite()
            for _ in 0..<dice.below(40) {
                let key = dice.bytes(dice.pick([1, 1, 2, 8, 511]))
                if dice.oneIn(4) {
                    let existed = try transaction.delete(key.span, in: database)
                    #expect(existed == (next.removeValue(forKey: key) != nil), "seed \(seed)")
                } else {
                    let value = dice.bytes(dice.pick([0, 1, 100, 5000]))
                    try transaction.put(value.span, for: key.span, in: database)
                    next[key] = value
                }
            }
            if dice.oneIn(10) {
                try transaction.removeAll(of: database)
                next = [:]
            }
            if dice.oneIn(3) {
                _ = consume transaction
            } else {
                try transaction.commit()
                expected = next
            }
            let records = expected.map { Record(key: $0.key, value: $0.value) }
                .sorted { $0.key.lexicographicallyPrecedes($1.key) }
            #expect(try open.committed(database) == records, "seed \(seed)")
        }
    }
}

/// A read transaction that can be returned in a tuple.
private final class LMDBReadTransactionBox {
    let transaction: LMDBReadTransaction

    init(_ transaction: consuming LMDBReadTransaction) {
        self.transaction = transaction
    }
}

/// A thread of the operating system's that does one thing.
private final class Worker: @unchecked Sendable {
    private let done = DispatchSemaphore(value: 0)
    private var outcome: String?

    /// - Parameter body: Returns what went wrong, or nil.
    init(_ body: @escaping @Sendable () throws -> String?) {
        Thread { [self] in
            do {
                outcome = try body()
            } catch {
                outcome = "\(error)"
            }
            done.signal()
        }.start()
    }

    func result() -> String? {
        done.wait()
        return outcome
    }
}
