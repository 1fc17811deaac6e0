internal import EventLog

/// A set of positions as sorted ranges that neither overlap nor touch.
struct PositionRanges {
    private(set) var ranges: [ClosedRange<Position>] = []

    /// - Complexity: O(*n* log *n*), O(*n*) if they are sorted.
    init(_ ranges: [ClosedRange<Position>]) {
        let isSorted = zip(ranges, ranges.dropFirst()).allSatisfy { $0.lowerBound <= $1.lowerBound }
        for range in isSorted ? ranges : ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) { append(range) }
    }

    /// - Complexity: O(log *n*).
    func contains(_ position: Position) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = low + (high - low) / 2
            if ranges[middle].upperBound < position { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].lowerBound <= position
    }

    /// What of other sorted ranges is in these.
    ///
    /// - Complexity: O(*n* + *m*).
    func intersection(_ others: [ClosedRange<Position>]) -> [ClosedRange<Position>] {
        var result: [ClosedRange<Position>] = []
        var at = 0
        for other in others {
            while at < ranges.count, ranges[at].upperBound < other.lowerBound { at += 1 }
            var next = at
            while next < ranges.count, ranges[next].lowerBound <= other.upperBound {
                result.append(ranges[next].clamped(to: other))
                next += 1
            }
        }
        return result
    }

    /// Adds a range that begins where the last one does, or later.
    private mutating func append(_ range: ClosedRange<Position>) {
        guard let last = ranges.last, range.lowerBound <= last.upperBound || range.lowerBound - 1 == last.upperBound
        else {
            ranges.append(range)
            return
        }
        ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
    }
}
