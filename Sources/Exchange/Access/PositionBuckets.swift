internal import EventLog

/// Stretches of the log under which access records are filed, so that those about a position are found without looking at
/// all. Six layers of stretches, each so many positions long; a record stands under the stretches that its positions touch,
/// in the finest layer in which these are few.
enum PositionBuckets {
    /// The binary logarithms of the stretches' lengths; positions are below 2^53.
    private static let shifts: [UInt64] = [4, 8, 14, 22, 32, 53]
    /// The most stretches of one record.
    static let maximumPerRecord = 8

    /// A stretch of a layer.
    struct Bucket: Hashable {
        let layer: Int
        let number: UInt64

        /// How it is written in a tag.
        var name: String { "\(layer).\(number)" }
    }

    /// The stretches under which a record about some ranges is filed.
    ///
    /// - Parameter ranges: Sorted, and apart from one another.
    /// - Complexity: O(*n*) in the ranges.
    static func covering(_ ranges: [ClosedRange<Position>]) -> [Bucket] {
        for layer in shifts.indices {
            if let buckets = touched(ranges, layer, atMost: maximumPerRecord) { return buckets }
        }
        return []
    }

    /// The stretches under which a record about any of some ranges may be filed, or nil if these are too many to look under.
    ///
    /// - Complexity: O(*n*) in the ranges and stretches.
    static func containing(_ ranges: [ClosedRange<Position>], atMost limit: Int) -> [Bucket]? {
        var all: [Bucket] = []
        for layer in shifts.indices {
            guard let buckets = touched(ranges, layer, atMost: limit - all.count) else { return nil }
            all += buckets
        }
        return all
    }

    private static func touched(_ ranges: [ClosedRange<Position>], _ layer: Int, atMost limit: Int) -> [Bucket]? {
        var buckets: [Bucket] = []
        for range in ranges {
            var number = range.lowerBound >> shifts[layer]
            if let last = buckets.last, last.number >= number { number = last.number + 1 }
            let end = range.upperBound >> shifts[layer]
            guard number <= end else { continue }
            guard end - number < UInt64(max(0, limit - buckets.count)) else { return nil }
            for number in number...end { buckets.append(Bucket(layer: layer, number: number)) }
        }
        return buckets
    }
}
