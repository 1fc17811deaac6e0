import LMDB
import TestSupport
import Testing

@Suite("Appending and deleting")
final class AppendAndDeleteTests: EnvironmentSuite {
    @Test("keys are appended in order, also over commits; one that is not after all the others is refused as existing")
    func order() throws {
        var transaction = try environment.beginWrite()
        try transaction.append([1].span, for: [5].span, in: database)
        try transaction.append([2].span, for: [5, 0].span, in: database)
        try transaction.commit()
        var next = try environment.beginWrite()
        for key: [UInt8] in [[5, 0], [5], [4, 255], [0]] {
            var code: LMDBError.Code?
            do throws(LMDBError) { try next.append([9].span, for: key.span, in: database) } catch { code = error.code }
            #expect(code == .keyExists, "\(key)")
        }
        try next.append([3].span, for: [6].span, in: database)
        try next.commit()
        #expect(
            try environment.committed(database) == [
                Record(key: [5], value: [1]), Record(key: [5, 0], value: [2]), Record(key: [6], value: [3]),
            ])
    }

    @Test("a value of three pieces is appended under its position, and found there")
    func pieces() throws {
        var dice = Dice(seed: 3)
        let values = (0..<300).map { _ in (0..<3).map { _ in dice.bytes(dice.pick([0, 1, 32, 700, 9000])) } }
        let positions = (0..<300 as Range<UInt64>).map { $0 * $0 * 1_000_003 }
        var transaction = try environment.beginWrite()
        for (position, pieces) in zip(positions, values) {
            try transaction.append(pieces[0], pieces[1], pieces[2], at: position, in: database)
        }
        try transaction.commit()
        let reader = try environment.beginRead()
        for (position, pieces) in zip(positions, values) {
            let found = try reader.copy(at: position, database)
            #expect(found == pieces[0] + pieces[1] + pieces[2], "position \(position)")
        }
        let missing = try reader.value(at: 1, in: database) == nil
        #expect(missing)
        let count = try reader.count(of: database)
        #expect(count == 300)
    }

    @Test(
        "what appenders write to two databases in turns, over commits and page splits, is what puts would have written")
    func appenders() throws {
        var dice = Dice(seed: 11)
        let databases = try environment.databases(["first", "second"])
        var expected: [[Record]] = [[], []]
        var number = 0
        for _ in 0..<12 {
            var transaction = try environment.beginWrite()
            for _ in 0..<dice.within(1..<4) {
                do {
                    var first = try transaction.appender(to: databases[0])
                    var second = try transaction.appender(to: databases[1])
                    for _ in 0..<dice.below(200) {
                        number += 1
                        let key = Array(String(1_000_000 + number).utf8) + dice.bytes(dice.below(20))
                        let record = Record(key: key, value: dice.bytes(dice.pick([0, 3, 40, 700, 5_000])))
                        if dice.oneIn(3) {
                            try first.append(record.value.span, for: record.key.span)
                            expected[0].append(record)
                        } else {
                            try second.append(record.value.span, for: record.key.span)
                            expected[1].append(record)
                        }
                    }
                    var code: LMDBError.Code?
                    do throws(LMDBError) { try first.append([1].span, for: [0x30].span) } catch {
                        code = error.code
                    }
                    #expect(expected[0].isEmpty || code == .keyExists)
                    if expected[0].isEmpty { expected[0].append(Record(key: [0x30], value: [1])) }
                }
                // Between appenders anything else may be written.
                if let last = expected[1].last, dice.oneIn(2) {
                    try transaction.delete(last.key.span, in: databases[1])
                    expected[1].removeLast()
                }
            }
            try transaction.commit()
        }
        for (database, records) in zip(databases, expected) {
            #expect(try environment.committed(database) == records)
        }
        #expect(number > 1_000)
    }

    @Test("a position that was passed is refused, and what stands there stays")
    func position() throws {
        var transaction = try environment.beginWrite()
        try transaction.append([1], [2], [3], at: 256, in: database)
        for position: UInt64 in [256, 255, 0] {
            var code: LMDBError.Code?
            do throws(LMDBError) {
                try transaction.append([7], [8], [9], at: position, in: database)
            } catch {
                code = error.code
            }
            #expect(code == .keyExists)
        }
        try transaction.append([], [], [], at: .max, in: database)
        try transaction.commit()
        let expected = [
            Record(key: [0, 0, 0, 0, 0, 0, 1, 0], value: [1, 2, 3]),
            Record(key: [UInt8](repeating: 255, count: 8), value: []),
        ]
        #expect(try environment.committed(database) == expected)
    }

    @Test("deleting a key says whether it was there")
    func delete() throws {
        try environment.write([Record("a", "1"), Record("b", "2")], to: database)
        var transaction = try environment.beginWrite()
        let first = try transaction.delete(Array("a".utf8).span, in: database)
        let again = try transaction.delete(Array("a".utf8).span, in: database)
        let prefix = try transaction.delete(Array("bb".utf8).span, in: database)
        try transaction.commit()
        #expect(first && !again && !prefix)
        #expect(try environment.committed(database) == [Record("b", "2")])
    }

    @Test("deleting by prefix takes every key with it and no other", arguments: 1...20)
    func deleteByPrefix(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        var keys: Set<[UInt8]> = []
        for _ in 0..<dice.pick([0, 1, 40, 2000]) {
            keys.insert((0..<dice.within(1..<6)).map { _ in dice.pick([0, 1, 0x61, 0xFE, 0xFF]) })
        }
        try environment.write(keys.map { Record(key: $0, value: dice.bytes(dice.pick([0, 30]))) }, to: database)
        let prefix = (0..<dice.within(1..<4)).map { _ in dice.pick([0, 1, 0x61, 0xFE, 0xFF] as [UInt8]) }
        let matching = keys.filter { $0.starts(with: prefix) }
        var transaction = try environment.beginWrite()
        let deleted = try transaction.deleteAll(prefixedBy: prefix, in: database)
        let again = try transaction.deleteAll(prefixedBy: prefix, in: database)
        try transaction.commit()
        #expect(deleted == matching.count, "seed \(seed), prefix \(prefix)")
        #expect(again == 0)
        #expect(Set(try environment.committed(database).map(\.key)) == keys.subtracting(matching), "seed \(seed)")
    }

    @Test("every key begins with the empty prefix")
    func deleteByEmptyPrefix() throws {
        try environment.write([Record("a", "1"), Record("b", "2")], to: database)
        var transaction = try environment.beginWrite()
        let deleted = try transaction.deleteAll(prefixedBy: [], in: database)
        try transaction.commit()
        #expect(deleted == 2)
        #expect(try environment.committed(database).isEmpty)
    }

    @Test("emptying a database leaves it usable and others as they are")
    func removeAll() throws {
        let other = try environment.database("other")
        try environment.write([Record("a", "1")], to: database)
        try environment.write([Record("a", "2")], to: other)
        var transaction = try environment.beginWrite()
        try transaction.removeAll(of: database)
        try transaction.put([3].span, for: Array("b".utf8).span, in: database)
        try transaction.commit()
        #expect(try environment.committed(database) == [Record(key: Array("b".utf8), value: [3])])
        #expect(try environment.committed(other) == [Record("a", "2")])
    }
}
