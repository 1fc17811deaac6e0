import EventLog
import TestSupport
import Testing

@testable import Exchange

@Suite("The stretches of the log that access records are filed under")
struct PositionBucketsTests {
    @Test("A record about a position is filed under a stretch that is looked under for it", arguments: 0..<200)
    func found(_ seed: UInt64) {
        var dice = Dice(seed: seed)
        let bound = [40, 5_000, 10_000_000, 1 << 52][dice.below(4)]
        let ranges = (0..<1 + dice.below(30)).map { _ -> ClosedRange<Position> in
            let first = Position(dice.below(bound))
            return first...first + Position(dice.below([1, 20, 3_000][dice.below(3)]))
        }
        let sorted = PositionRanges(ranges).ranges
        let filed = PositionBuckets.covering(sorted)
        #expect((1...PositionBuckets.maximumPerRecord).contains(filed.count), "seed \(seed)")
        for range in sorted {
            for position in [range.lowerBound, range.upperBound] {
                let looked = PositionBuckets.containing([position...position], atMost: 100)
                #expect(looked.map { !Set($0).isDisjoint(with: filed) } == true, "seed \(seed), \(position)")
            }
        }
        let all = PositionBuckets.containing(sorted, atMost: 1_000)
        #expect(all.map { Set($0).isSuperset(of: filed) } ?? true, "seed \(seed)")
    }

    @Test("What is about a few neighbours is not found by whoever asks for positions far away")
    func apart() {
        let filed = Set(PositionBuckets.covering([1_000...1_005]))
        #expect(PositionBuckets.containing([900_000...900_000], atMost: 100).map(filed.isDisjoint) == true)
        #expect(PositionBuckets.containing([0...1_000_000], atMost: 100) == nil)
    }

    @Test("Positions are in a set of ranges if one of the ranges has them")
    func contains() {
        let ranges = PositionRanges([2...3, 7...7, 9...12])
        let inside = (0..<16).filter { ranges.contains(Position($0)) }
        #expect(inside == [2, 3, 7, 9, 10, 11, 12])
    }
}
