internal import LMDB
package import Transparency

/// Writes logs other than by appending: an empty one, and one that is restored entry by entry.
package struct LogRestorer: ~Copyable {
    private let store: LogStore
    private var state = LogState()
    private var openTile: [MerkleHash] = []
    private var pending: [Pending] = []
    private var pendingBytes = 0
    private var form = EntryForm()
    private var packing = EntryPacking()
    private var frame: [UInt8] = []
    /// What is written all at once, if it is.
    private var whole: LMDBWriteTransaction?

    /// An entry that waits for the next commit.
    private struct Pending {
        let bytes: [UInt8]
        let recorded: Timestamp
        let leaf: MerkleHash
        let disclosures: [[UInt8]]
    }

    /// How many bytes one commit takes.
    private static let bytesPerCommit = 8 << 20

    /// Begins to restore a log into a folder that was made for it.
    @available(*, noasync)
    package init(_ folder: LedgerFolder) throws(LogError) {
        store = try LogStore(path: folder.logPath, isReadOnly: false)
    }

    /// Begins to go on with the log of a ledger, whose writer's lock the caller has. What is restored is there, all of it, once
    /// it is finished: it is one transaction, which a machine's memory bounds, and not its size.
    @available(*, noasync)
    package init(continuing folder: LedgerFolder) throws(LogError) {
        let opened = try LogStore(path: folder.logPath, isReadOnly: false)
        let there = try Self.there(opened, folder.verifier)
        let transaction = try opened.beginWrite()
        store = opened
        (state, packing, openTile) = there
        whole = consume transaction
    }

    @available(*, noasync)
    private static func there(
        _ store: LogStore, _ verifier: NoteVerifier
    ) throws(LogError) -> (LogState, EntryPacking, [MerkleHash]) {
        let state = try soundState(of: store, verifier)
        let reading = try store.beginRead()
        let size = state.frontier.size
        var openTile: [MerkleHash] = []
        for position in size - size % UInt64(TilePath.fullWidth)..<size {
            openTile.append(try store.header(at: position, in: reading).leafHash)
        }
        return (state, try EntryPacking(of: store, in: reading), openTile)
    }

    /// How many entries there are so far.
    package var size: Position { state.frontier.size + UInt64(pending.count) }

    /// The root they lead to, but for those that wait for the next commit.
    package var frontier: MerkleFrontier { state.frontier }

    /// Takes the next entry, exactly as it was.
    ///
    /// - Throws: ``LogError`` with code `.corrupted` if it goes back in time or is no entry.
    @available(*, noasync)
    package mutating func append(_ bytes: [UInt8], disclosures: [[UInt8]]) throws(LogError) {
        let recorded = try form.parse(bytes.span, at: size)
        try append(bytes, recorded: recorded, leaf: MerkleHash.leaf(bytes.span), disclosures: disclosures)
    }

    /// Takes the next entry, which the caller has parsed and hashed.
    ///
    /// - Throws: ``LogError`` with code `.corrupted` if it goes back in time.
    @available(*, noasync)
    package mutating func append(
        _ bytes: [UInt8], recorded: Timestamp, leaf: MerkleHash, disclosures: [[UInt8]]
    ) throws(LogError) {
        try EntryForm.check(recorded, isNotBefore: pending.last?.recorded ?? state.recorded, at: size)
        pending.append(Pending(bytes: bytes, recorded: recorded, leaf: leaf, disclosures: disclosures))
        pendingBytes += bytes.count + disclosures.reduce(0) { $0 + $1.count }
        if pendingBytes >= Self.bytesPerCommit || (whole == nil && packing.isDue(at: size)) {
            try commit(checkpoint: "")
        }
    }

    /// Completes the log with the checkpoint that was signed for it.
    ///
    /// - Throws: ``LogError`` with code `.corrupted` if the checkpoint is not of these entries.
    @available(*, noasync)
    package consuming func finish(_ note: SignedNote, _ verifier: NoteVerifier) throws(LogError) {
        try commit(checkpoint: note.description)
        if let transaction = whole.take() { try store.commit(transaction) }
        _ = try Self.soundState(of: store, verifier)
    }

    @available(*, noasync)
    private mutating func commit(checkpoint: String) throws(LogError) {
        if var transaction = whole.take() {
            try write(checkpoint, in: &transaction)
            whole = consume transaction
        } else {
            try packing.renew(for: state.frontier.size, store)
            var transaction = try store.beginWrite()
            try packing.write(to: store, in: &transaction)
            try write(checkpoint, in: &transaction)
            try store.commit(transaction)
            packing.noteCommit()
        }
        pending.removeAll(keepingCapacity: true)
        pendingBytes = 0
    }

    private mutating func write(_ checkpoint: String, in transaction: inout LMDBWriteTransaction) throws(LogError) {
        do throws(LMDBError) {
            for entry in pending { try write(entry, in: &transaction) }
        } catch {
            throw LogError(error)
        }
        state.checkpoint = checkpoint
        try store.write(state, in: &transaction)
    }

    private mutating func write(_ entry: Pending, in transaction: inout LMDBWriteTransaction) throws(LMDBError) {
        let leaf = entry.leaf
        let position = state.frontier.size
        // The entry's own time stands in it in the one form that there is (EntryForm).
        let body = entry.bytes.span.extracting(EntryText.prefixCount...)
        let header = packing.header(
            of: body, at: position, recorded: entry.recorded, leafHash: leaf, store.codec, in: &frame)
        let words = header.words
        let nothing: [UInt8] = []
        let stored = header.codec == .plain ? entry.bytes : frame
        try transaction.append(words.span.bytes, stored.span, nothing.span, at: position, in: store.entries)
        for (ordinal, disclosure) in entry.disclosures.enumerated() {
            let key = LogStore.disclosureKey(position: position, ordinal: ordinal)
            let row = DisclosureRow.bytes(disclosure, key: key.span)
            try transaction.append(row.span, for: key.span, in: store.disclosures)
        }
        try TreeWriter.grow(&state.frontier, &openTile, leaf, store, in: &transaction)
        state.recorded = entry.recorded
    }

    /// Writes the log of a ledger that has no entries, with its first checkpoint.
    @available(*, noasync)
    package static func writeEmptyLog(_ folder: LedgerFolder, signer: NoteSigner) throws(LogError) {
        let checkpoint = Checkpoint(origin: signer.verifier.name, size: 0, root: .emptyTree)
        guard let note = try? signer.sign(checkpoint.description) else {
            throw LogError(.wrongKey, "The first checkpoint could not be signed.")
        }
        try LogRestorer(folder).finish(note, signer.verifier)
    }

    /// The state of a log, after checking that its checkpoint is of it and signed by its key.
    ///
    /// - Throws: ``LogError`` with code `.corrupted`.
    @available(*, noasync)
    static func soundState(of store: LogStore, _ verifier: NoteVerifier) throws(LogError) -> LogState {
        let transaction = try store.beginRead()
        let state = try store.readState(in: transaction)
        do throws(NoteError) {
            let checkpoint = try Checkpoint(SignedNote(state.checkpoint), verifiedBy: verifier)
            guard checkpoint.size == state.frontier.size, checkpoint.root == state.frontier.root else {
                throw NoteError(.malformedCheckpoint, "it is of another size or root")
            }
        } catch {
            throw LogError(.corrupted, "The checkpoint does not vouch for the log as it is: \(error).")
        }
        let size = state.frontier.size
        let last = size == 0 ? Timestamp(microseconds: 0) : try store.header(at: size - 1, in: transaction).recorded
        guard state.recorded == last else {
            throw LogError(
                .corrupted, "The log's state says that the last entry was recorded at \(state.recorded), not \(last).")
        }
        return state
    }
}
