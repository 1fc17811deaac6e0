internal import Transparency

/// A request that has its place in the order: what the applying step needs, and all it needs. Given the same sequence of
/// these, every node makes the same entries, the same tree and the same receipts.
struct OrderedRequest: Sendable {
    let request: PreparedRequest
    /// When the ledger ordered it; never before that of the request before it.
    let recorded: Timestamp
    /// The leaf hashes of its events, as they will stand in the log. A function of the two above, computed ahead.
    let leafHashes: [MerkleHash]

    init(_ request: PreparedRequest, recorded: Timestamp) {
        self.request = request
        self.recorded = recorded
        let prefix = EntryText.prefix(recorded: recorded)
        var hashes: [MerkleHash] = []
        hashes.reserveCapacity(request.events.count)
        let bodies = request.bodies.span
        for event in request.events { hashes.append(MerkleHash.leaf(prefix.span, bodies.extracting(event.body))) }
        leafHashes = hashes
    }
}
