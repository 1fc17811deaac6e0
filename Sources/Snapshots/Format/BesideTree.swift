internal import EventLog
internal import LMDB
internal import Transparency

/// The tree of what stands beside the entries of a snapshot, or in their place: for which of them are there the checkpoint does
/// not vouch, nor for what is given of them.
///
/// Source: RFC 6962, section 2.1. A leaf is SHA-256 of `00` and, of a sealed disclosure, its position (8 bytes, big-endian), its
/// ordinal (2, big-endian) and its bytes; of what a recipient was given, and of entries that are left out, the line. Positions are below 2^53, so the one never
/// begins as the other does.
struct BesideTree {
    private(set) var frontier = MerkleFrontier()

    /// The leaf of a sealed disclosure.
    static func leaf(_ disclosure: Span<UInt8>, at place: DisclosurePlace) -> MerkleHash {
        var key: InlineArray<10, UInt8> = .init(repeating: 0)
        for step in 0..<8 { key[step] = UInt8(truncatingIfNeeded: place.position >> UInt64(56 - step * 8)) }
        key[8] = UInt8(truncatingIfNeeded: place.ordinal >> 8)
        key[9] = UInt8(truncatingIfNeeded: place.ordinal)
        return MerkleHash.leaf(key.span, disclosure)
    }

    mutating func append(_ leaf: MerkleHash) { frontier.append(leaf) }

    /// What the last line says of it.
    var end: SnapshotEnd { SnapshotEnd(count: frontier.size, root: frontier.root) }
}
