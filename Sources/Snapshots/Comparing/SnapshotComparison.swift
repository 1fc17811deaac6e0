internal import EventLog
public import Transparency

/// Compares two snapshots of one ledger, and verifies both on the way.
public enum SnapshotComparison {
    /// Compares two snapshots.
    ///
    /// - Parameters:
    ///   - verifier: The ledger's key; nil takes that of the first.
    ///   - change: Gets each position at which they differ and that both logs have, in its order.
    /// - Throws: ``SnapshotError``: as ``SnapshotVerifier``, for either.
    /// - Complexity: O(*n*) in the bytes of both; memory does not grow with them.
    public static func compare(
        _ first: String, _ second: String, verifier: NoteVerifier? = nil,
        change: (SnapshotDifference.Change) -> Void = { _ in }
    ) throws(SnapshotError) -> SnapshotDifference {
        let one = try SnapshotReader(path: first, verifier: verifier, threads: 1).manifest
        let other = try SnapshotReader(path: second, verifier: one.verifier, threads: 1).manifest
        let common = min(one.checkpoint.size, other.checkpoint.size)
        var left = try SnapshotWalk(first, verifier: one.verifier, rootAt: common)
        var right = try SnapshotWalk(second, verifier: one.verifier, rootAt: common)
        var counts: [SnapshotDifference.Change.Kind: UInt64] = [:]
        func note(_ kind: SnapshotDifference.Change.Kind, _ position: UInt64) {
            counts[kind, default: 0] += 1
            change(.init(position: position, kind: kind))
        }
        var (a, b) = (try left.next(), try right.next())
        while let x = a, let y = b {
            switch (x, y) {
            case (.entry(let position, let leaf, let beside), .entry(_, let otherLeaf, let otherBeside)):
                if leaf != otherLeaf {
                    note(.entry, position)
                } else if beside != otherBeside {
                    note(.beside, position)
                }
            case (.entry(let position, _, _), .leftOut): note(.onlyInFirst, position)
            case (.leftOut, .entry(let position, _, _)): note(.onlyInSecond, position)
            case (.leftOut, .leftOut): break
            }
            // Both begin at one position, or one has begun before and is still there.
            let end = min(x.range.upperBound, y.range.upperBound)
            if x.range.upperBound == end { a = try left.next() }
            if y.range.upperBound == end { b = try right.next() }
        }
        while a != nil { a = try left.next() }
        while b != nil { b = try right.next() }
        var difference = SnapshotDifference(
            first: left.summary, second: right.summary, relation: .unknown, counts: counts)
        if let root = left.root, let otherRoot = right.root {
            let sizes = (one.checkpoint.size, other.checkpoint.size)
            difference.relation =
                root != otherRoot ? .forked : sizes.0 == sizes.1 ? .same : sizes.0 < sizes.1 ? .grown : .earlier
        }
        return difference
    }
}
