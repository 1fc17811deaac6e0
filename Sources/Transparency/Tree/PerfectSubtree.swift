/// A perfect subtree by its place: 2^`level` leaves from leaf `index` · 2^`level` on.
package struct PerfectSubtree: Hashable, Sendable {
    package let level: Int
    package let index: UInt64

    package init(level: Int, index: UInt64) {
        (self.level, self.index) = (level, index)
    }

    /// The leaves.
    package var leaves: Range<UInt64> { index << UInt64(level)..<(index + 1) << UInt64(level) }

    /// The largest perfect subtrees that a range of leaves is made of, from left to right: at most two of a level.
    ///
    /// - Complexity: O(log *n*).
    package static func parts(of range: Range<UInt64>) -> [PerfectSubtree] {
        var parts: [PerfectSubtree] = []
        var at = range.lowerBound
        while at < range.upperBound {
            let fits = 63 - (range.upperBound - at).leadingZeroBitCount
            let level = min(fits, at == 0 ? fits : at.trailingZeroBitCount)
            parts.append(PerfectSubtree(level: level, index: at >> UInt64(level)))
            at += 1 << UInt64(level)
        }
        return parts
    }
}
