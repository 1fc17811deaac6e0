internal import LMDB
internal import Transparency

/// The applying step: judges ordered requests against the log and each other, assigns positions, and commits.
///
/// It is deterministic: the same ordered requests on the same log give the same entries, tree and receipts, whatever
/// the clock and however they are grouped into commits.
struct Applier: Sendable {
    let store: LogStore
    let index: LogIndex
    let maintainer: IndexMaintainer?
    private let signer: NoteSigner
    private(set) var state: LogState
    /// The leaf hashes of the tile that is not full yet.
    private var openTile: [MerkleHash]
    private var packing: EntryPacking
    /// After so many entries what was written is read back, while its pages are still in the processor's cache: that halves
    /// what it costs.
    private static let readBackEntries: Position = 64
    /// Why the log takes no more, after a failure that left the state of the disk unknown.
    private var poison: LogError?

    /// The position that the next entry gets.
    var head: Position { state.frontier.size }

    /// Takes up a log where its last commit left it.
    @available(*, noasync)
    init(
        store: LogStore, index: LogIndex, maintainer: IndexMaintainer?, signer: NoteSigner, compresses: Bool = true
    ) throws(LogError) {
        self.store = store
        self.index = index
        self.maintainer = maintainer
        self.signer = signer
        let transaction = try store.beginRead()
        state = try store.readState(in: transaction)
        packing = try compresses ? EntryPacking(of: store, in: transaction) : EntryPacking(due: .max)
        let size = state.frontier.size
        openTile = []
        for position in size - size % UInt64(TilePath.fullWidth)..<size {
            openTile.append(try store.header(at: position, in: transaction).leafHash)
        }
    }

    /// Applies requests in one commit.
    ///
    /// - Returns: For each request its receipts, or why it was refused. One that is refused does not concern the others;
    ///   if the commit itself fails, all have failed and the log is as it was.
    /// - Complexity: O(*n*) in the bytes of the requests; one sync.
    mutating func apply(_ requests: [OrderedRequest]) -> [Result<[Receipt], LogError>] {
        if let poison { return requests.map { _ in .failure(poison) } }
        let before = (state: state, openTile: openTile)
        index.memory.begin()
        do throws(LogError) {
            try maintainer?.waitForRoom()
            let results = try judgeAndCommit(requests)
            if index.memory.commit(freezingFrom: index.tuning.flushEvents) > 0 { maintainer?.wake() }
            return results
        } catch {
            (state, openTile) = before
            index.memory.rollBack(to: head)
            if error.code == .failed || error.code == .corrupted { poison = error }
            return requests.map { _ in .failure(error) }
        }
    }

    private mutating func judgeAndCommit(
        _ requests: [OrderedRequest]
    ) throws(LogError) -> [Result<[Receipt], LogError>] {
        let first = head
        try packing.renew(for: head, store)
        var transaction = try store.beginWrite()
        try packing.write(to: store, in: &transaction)
        let snapshot = try index.snapshot()
        var judge = AppendJudge(requests.map(\.request), store: store, index: index, snapshot: snapshot)
        var results: [Result<[Receipt], LogError>] = []
        results.reserveCapacity(requests.count)
        var hasCut = false
        for (number, ordered) in requests.enumerated() {
            let verdict = try judge.judge(number, ordered, head: head, in: transaction, snapshot)
            switch verdict {
            case .refuse(let error):
                results.append(.failure(error))
            case .append(let fresh, let receipts):
                try write(ordered, fresh, in: &transaction)
                if let cut = ordered.request.cut, try cut.apply(to: store, in: &transaction) { hasCut = true }
                results.append(.success(receipts))
            }
        }
        guard head > first || hasCut else { return results }
        if head > first { try seal(in: &transaction) }
        try store.commit(transaction)
        packing.noteCommit()
        return results
    }

    /// Writes a request's new events, and what of the tree they complete.
    private mutating func write(
        _ ordered: OrderedRequest, _ fresh: [Int], in transaction: inout LMDBWriteTransaction
    ) throws(LogError) {
        let request = ordered.request
        let prefix = EntryText.prefix(recorded: ordered.recorded)
        do throws(LMDBError) {
            for start in stride(from: 0, to: fresh.count, by: Int(Self.readBackEntries)) {
                let part = fresh[start..<min(start + Int(Self.readBackEntries), fresh.count)]
                try write(part, of: ordered, prefix, in: transaction)
                try growTree(to: head + Position(part.count), ordered.recorded, in: &transaction)
            }
        } catch {
            throw LogError(error)
        }
        // A request of duplicates only leaves nothing behind, not even its time.
        if !fresh.isEmpty { state.recorded = ordered.recorded }
        index.memory.append(fresh.lazy.map { request.events[$0].keys }, of: request.keys)
    }

    /// Writes some of a request's events from the head on.
    private func write(
        _ fresh: ArraySlice<Int>, of ordered: OrderedRequest, _ prefix: [UInt8],
        in transaction: borrowing LMDBWriteTransaction
    ) throws(LMDBError) {
        let request = ordered.request
        let bodies = request.bodies.span
        var entries = try transaction.appender(to: store.entries)
        var rows = try transaction.appender(to: store.disclosures)
        var position = head
        var frame: [UInt8] = []
        let nothing: [UInt8] = []
        for number in fresh {
            let event = request.events[number]
            let body = bodies.extracting(event.body)
            let header = packing.header(
                of: body, at: position, recorded: ordered.recorded, leafHash: ordered.leafHashes[number], store.codec,
                in: &frame)
            let words = header.words
            if header.codec == .plain {
                try entries.append(words.span.bytes, prefix.span, body, at: position)
            } else {
                try entries.append(words.span.bytes, frame.span, nothing.span, at: position)
            }
            for (ordinal, disclosure) in request.disclosures[event.disclosures].enumerated() {
                let key = LogStore.disclosureKey(position: position, ordinal: ordinal)
                let row = DisclosureRow.bytes(disclosure, key: key.span)
                try rows.append(row.span, for: key.span)
            }
            position += 1
        }
    }

    /// Reads back what was written, hashes it again, and puts it into the tree: a bit that flipped on the way must not
    /// become part of what the log vouches for.
    ///
    /// - Throws: ``LMDBError`` with code `.corrupted` if an entry, or what its header says of it, is not as it was ordered.
    private mutating func growTree(
        to end: Position, _ recorded: Timestamp, in transaction: inout LMDBWriteTransaction
    ) throws(LMDBError) {
        guard head < end else { return }
        for leaf in try soundLeaves(from: head, to: end, recorded, in: transaction) {
            try TreeWriter.grow(&state.frontier, &openTile, leaf, store, in: &transaction)
        }
    }

    private func soundLeaves(
        from start: Position, to end: Position, _ recorded: Timestamp, in transaction: borrowing LMDBWriteTransaction
    ) throws(LMDBError) -> [MerkleHash] {
        var leaves: [MerkleHash] = []
        leaves.reserveCapacity(Int(end - start))
        var cursor = try transaction.cursor(over: store.entries)
        var found = try cursor.move(toOrAfter: start)
        var entry = EntryBuffer()
        for position in start..<end {
            guard found, cursor.position == position, let header = try? EntryHeader(of: cursor.value, at: position),
                header.recorded == recorded
            else { throw Self.changed(position) }
            let leaf: MerkleHash
            if header.codec == .plain {
                leaf = MerkleHash.leaf(cursor.value.extracting(EntryHeader.byteCount..<cursor.value.count))
            } else {
                do throws(LogError) {
                    try entry.load(cursor.value, header, at: position, store.codec, in: transaction)
                } catch {
                    throw Self.changed(position)
                }
                leaf = MerkleHash.leaf(entry.bytes.span)
            }
            guard leaf == header.leafHash else { throw Self.changed(position) }
            leaves.append(leaf)
            found = try cursor.moveToNext()
        }
        return leaves
    }

    private static func changed(_ position: Position) -> LMDBError {
        LMDBError(
            .corrupted, "read back the entry at position \(position)", "it is not as it was ordered; nothing was stored"
        )
    }

    /// Signs for the new size and root, and writes the state.
    private mutating func seal(in transaction: inout LMDBWriteTransaction) throws(LogError) {
        let checkpoint = Checkpoint(origin: signer.verifier.name, size: head, root: state.frontier.root)
        do throws(NoteError) {
            state.checkpoint = try signer.sign(checkpoint.description).description
        } catch {
            throw LogError(.wrongKey, "The checkpoint could not be signed: \(error)")
        }
        try store.write(state, in: &transaction)
    }
}
