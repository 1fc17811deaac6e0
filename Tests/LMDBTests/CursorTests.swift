import LMDB
import TestSupport
import Testing

@Suite("Cursors")
final class CursorTests: EnvironmentSuite {
    @Test("walk all records in key order, forwards and backwards")
    func bothWays() throws {
        let records = (0..<500).map { Record(key: Array("key \(1000 + $0)".utf8), value: Array("\($0)".utf8)) }
        try environment.write(records.shuffled(), to: database)
        let transaction = try environment.beginRead()
        let forwards = try transaction.all(database)
        #expect(forwards == records)
        var cursor = try transaction.cursor(over: database)
        var backwards: [Record] = []
        while try cursor.moveToPrevious() {
            backwards.append(Record(key: array(cursor.key), value: array(cursor.value)))
        }
        #expect(backwards == records.reversed())
    }

    @Test("find nothing in an empty database")
    func empty() throws {
        let transaction = try environment.beginRead()
        var cursor = try transaction.cursor(over: database)
        let found = [
            try cursor.moveToFirst(), try cursor.moveToLast(), try cursor.moveToNext(), try cursor.moveToPrevious(),
            try cursor.move(toOrAfter: [0].span), try cursor.move(toOrAfter: 0),
        ]
        #expect(found == Array(repeating: false, count: 6))
        let isBlank = cursor.key.isEmpty && cursor.value.isEmpty && cursor.position == nil
        #expect(isBlank)
    }

    @Test("move to a position or the next one after it")
    func positions() throws {
        var writer = try environment.beginWrite()
        for position: UInt64 in [0, 1, 255, 256, 65_536, .max] {
            try writer.append([UInt8(truncatingIfNeeded: position)], [], [], at: position, in: database)
        }
        try writer.commit()
        let transaction = try environment.beginRead()
        var cursor = try transaction.cursor(over: database)
        for (wanted, expected) in [
            (0, 0), (1, 1), (2, 255), (255, 255), (256, 256), (257, 65_536), (65_537, .max), (.max, .max),
        ]
            as [(UInt64, UInt64)]
        {
            let found = try cursor.move(toOrAfter: wanted)
            let position = cursor.position
            #expect(found && position == expected, "\(wanted)")
        }
    }

    @Test("after a move that found nothing, show nothing, not what was asked for")
    func nothingFound() throws {
        try environment.write([Record("a", "1"), Record("12345678", "2")], to: database)
        let transaction = try environment.beginRead()
        var cursor = try transaction.cursor(over: database)
        let found = try cursor.move(toOrAfter: Array("zzzzzzzz".utf8).span)
        let (key, value, position) = (array(cursor.key), array(cursor.value), cursor.position)
        #expect(!found && key.isEmpty && value.isEmpty && position == nil)
        let foundPosition = try cursor.move(toOrAfter: UInt64.max)
        let positionAfter = cursor.position
        #expect(!foundPosition && positionAfter == nil)
        let last = try cursor.moveToPrevious()
        let lastKey = array(cursor.key)
        #expect(last && lastKey == Array("a".utf8))
        let next = try cursor.moveToNext()
        let end = array(cursor.key)
        #expect(!next && end.isEmpty)
    }

    @Test("go where a sorted list says, from any record by any move", arguments: 1...30)
    func model(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let keys = Set((0..<dice.pick([1, 5, 300, 3000])).map { _ in dice.bytes(dice.within(1..<5)) })
            .sorted { $0.lexicographicallyPrecedes($1) }
        try environment.write(keys.map { Record(key: $0, value: $0.reversed()) }, to: database)
        let transaction = try environment.beginRead()
        var cursor = try transaction.cursor(over: database)
        /// Where the cursor stands; where it found nothing, only a move that does not start from there is made.
        var place: Int?
        for _ in 0..<300 {
            let found: Bool
            switch dice.below(place == nil ? 3 : 5) {
            case 0: (found, place) = (try cursor.moveToFirst(), 0)
            case 1: (found, place) = (try cursor.moveToLast(), keys.count - 1)
            case 2:
                let wanted = dice.oneIn(2) ? dice.pick(keys) : dice.bytes(dice.within(1..<6))
                found = try cursor.move(toOrAfter: wanted.span)
                place = keys.firstIndex { !$0.lexicographicallyPrecedes(wanted) }
            case 3: (found, place) = (try cursor.moveToNext(), place.flatMap { $0 + 1 < keys.count ? $0 + 1 : nil })
            default: (found, place) = (try cursor.moveToPrevious(), place.flatMap { $0 > 0 ? $0 - 1 : nil })
            }
            #expect(found == (place != nil), "seed \(seed)")
            let (key, value) = (array(cursor.key), array(cursor.value))
            #expect(key == place.map { keys[$0] } ?? [], "seed \(seed)")
            #expect(value == key.reversed(), "seed \(seed)")
        }
    }

    @Test("see what their own write transaction wrote")
    func inWriteTransaction() throws {
        var transaction = try environment.beginWrite()
        try transaction.put([1].span, for: [1].span, in: database)
        let first = try transaction.all(database)
        try transaction.put([2].span, for: [0].span, in: database)
        let second = try transaction.all(database)
        try transaction.commit()
        #expect(first.map(\.key) == [[1]])
        #expect(second.map(\.key) == [[0], [1]])
    }
}
