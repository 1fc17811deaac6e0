/// Finds things by their digests.
struct DigestTable: Sendable {
    private struct Row {
        let digest: DisclosureDigest
        let index: Int
    }

    private var rows: [Row] = []

    /// The table of some digests, each found as its index.
    ///
    /// - Complexity: O(*n* log *n*).
    init(_ digests: some Sequence<DisclosureDigest>) {
        rows = digests.enumerated().map { Row(digest: $0.element, index: $0.offset) }
        if rows.count > 1 { rows.sort { ($0.digest, $0.index) < ($1.digest, $1.index) } }
    }

    /// The index of a digest, or nil; one of them if there are several.
    ///
    /// - Complexity: O(log *n*).
    func index(of digest: DisclosureDigest) -> Int? {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].digest < digest { low = middle + 1 } else { high = middle }
        }
        return low < rows.count && rows[low].digest == digest ? rows[low].index : nil
    }

    /// The index of a digest that was there before, or nil.
    var repeated: Int? {
        rows.indices.dropFirst().first { rows[$0].digest == rows[$0 - 1].digest }.map { rows[$0].index }
    }
}
