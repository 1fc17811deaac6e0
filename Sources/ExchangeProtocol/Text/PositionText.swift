package import EventLog

/// Positions as people write them.
package enum PositionText {
    /// A position, or a range of them: `17` or `17-20`; nil if the text is neither.
    package static func range(_ text: String) -> ClosedRange<Position>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Position($0) }
        guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first <= last else {
            return nil
        }
        return first...last
    }
}
