import EventLog
import LMDB
import TestSupport
import Testing

@testable import Views

/// Rows are packed chunk by chunk, merged, put aside and merged again: what comes out is what a sorted list has.
@Suite("Sorted rows")
struct PackedRowsTests {
    private struct Row: Comparable {
        let key: [UInt8]
        let value: [UInt8]

        static func < (one: Row, other: Row) -> Bool { one.key.lexicographicallyPrecedes(other.key) }
    }

    /// Chunks of rows about a few objects, whose names begin alike, in the order of positions.
    private static func chunks(_ dice: inout Dice, _ rows: inout [Row]) -> [MappedRange] {
        var position: UInt64 = 0
        return (0..<1 + dice.below(7)).map { _ in
            var sink = FactSink()
            let start = position
            for _ in 0..<dice.below(200) {
                sink.begin(position, .init(microseconds: 7), origin: 3, mayTally: true)
                let isDropped = dice.oneIn(9)
                for ordinal in 0..<dice.below(4) {
                    let name = "a:" + String(repeating: "ab", count: dice.below(9)) + ["", "a", "b"][dice.below(3)]
                    let text = String(repeating: "x", count: dice.oneIn(4) ? 4_000 : dice.below(40))
                    sink.fact(about: name, kind: 1)
                    sink.add(text: text)
                    guard !isDropped else { continue }
                    var key: [UInt8] = []
                    FactRow.writeKey(.fact, name.utf8Span.span, position, UInt16(ordinal), to: &key)
                    var value: [UInt8] = [3, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 1, 1]
                    FactRow.append(.text, text.utf8Span.span, to: &value)
                    rows.append(Row(key: key, value: value))
                }
                if isDropped { sink.drop() } else { sink.keep() }
                position += 1
            }
            return sink.take(of: start..<position, [], [])
        }
    }

    @Test("Merged from chunks, and from chunks put aside, in any portions: sorted, and none lost; 60 by chance")
    func merged() throws {
        var dice = LongForm.dice("views packed rows")
        var most = 0
        for _ in 0..<60 {
            var rows: [Row] = []
            let chunks = Self.chunks(&dice, &rows)
            let folder = try TemporaryFolder()
            let spill = try RowSpill(path: folder.path, pacer: nil)
            // The first chunks are put aside, in one run or in two.
            let aside = [dice.below(chunks.count + 1), dice.below(chunks.count + 1)].sorted()
            var pieces: UInt64 = 0
            var cursors: [RowCursor] = []
            for part in [chunks[..<aside[0]], chunks[aside[0]..<aside[1]]] {
                let stored = try spill.put(RowMerge(.fact, Array(part)), from: pieces)
                pieces = stored.upperBound
                most = max(most, stored.count)
                cursors.append(RowCursor(stored, in: spill))
            }
            cursors += chunks[aside[1]...].map { RowCursor($0.facts) }
            var merge = RowMerge(.fact, cursors)
            var found: [Row] = []
            var isDone = false
            while !isDone {
                var room = 1 + dice.below(100)
                let wanted = found.count + room
                try merge.giveRows(&room) { key, value, _ in found.append(Row(key: key.copied, value: value.copied)) }
                #expect(found.count + room == wanted)
                isDone = room > 0
            }
            #expect(found == rows.sorted(), "seed \(dice.seed)")
        }
        #expect(most > 3, "there were rows for several pieces")
    }
}
