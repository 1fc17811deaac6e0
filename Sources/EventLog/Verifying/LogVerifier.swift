internal import Foundation
internal import LMDB
internal import Transparency

/// Verifies a ledger from the bytes of its entries up: every entry is hashed anew, every stored hash compared, and the
/// result held against what the ledger's key signed.
struct LogVerifier: ~Copyable {
    let store: LogStore
    private let verifier: NoteVerifier
    private let progress: (Position, Position) -> Void
    var report = VerificationReport()
    private(set) var frontier = MerkleFrontier()
    private var tile: [UInt8] = []
    private var buffer = EntryBuffer()
    private var recorded = Timestamp(microseconds: 0)
    var form = EntryForm()
    private var keys: [UInt64] = []
    var identities: IdentityCheck
    private var indexCheck: IndexCheck

    /// How many entries one transaction goes through.
    private static let entriesPerTransaction: Position = 4_096

    /// - Parameters:
    ///   - identityCapacity: How many hashes of ids are kept at once.
    ///   - progress: Gets how many entries of how many have been verified.
    init(
        store: LogStore, index: IndexStore?, verifier: NoteVerifier,
        identityCapacity: Int = IdentityCheck.standardCapacity, progress: @escaping (Position, Position) -> Void
    ) {
        identities = IdentityCheck(capacity: identityCapacity)
        self.store = store
        self.verifier = verifier
        self.progress = progress
        indexCheck = IndexCheck(index)
    }

    /// Verifies everything as the last commit left it.
    ///
    /// - Complexity: O(*n*) in the bytes of the ledger. Memory: 8 bytes an entry, up to 512 MiB; beyond 67 million entries
    ///   it takes further passes instead.
    @available(*, noasync)
    consuming func verify() -> VerificationReport {
        // Before the log's state is read: it must not know more than that.
        indexCheck.begin(&report)
        let tree: StoredTree.State
        do throws(LogError) {
            tree = try StoredTree(store).state
        } catch {
            report.add(.state, nil, error.reason)
            return report
        }
        verifyCheckpoint(tree)
        do throws(LogError) {
            identities.reserve(tree.frontier.size)
            try verifyEntries(upTo: tree.frontier.size)
            try verifyRest(tree.frontier.size)
            if frontier.size == tree.frontier.size { try verifyIdentities() }
        } catch {
            report.add(.entries, frontier.size, error.reason)
        }
        report.entries = frontier.size
        report.root = frontier.root
        if frontier.size == tree.frontier.size {
            if frontier.root != tree.frontier.root {
                report.add(.tree, nil, "The entries lead to the root \(frontier.root), not to \(tree.frontier.root).")
            }
            if frontier.size > 0, recorded != tree.recorded {
                report.add(.state, nil, "The time of the last entry is not the one in the state.")
            }
            indexCheck.finish(&report)
        }
        return report
    }

    private mutating func verifyCheckpoint(_ tree: StoredTree.State) {
        do throws(NoteError) {
            let checkpoint = try Checkpoint(SignedNote(tree.checkpoint), verifiedBy: verifier)
            if checkpoint.size != tree.frontier.size {
                report.add(
                    .checkpoint, nil, "It is of \(checkpoint.size) entries; the log has \(tree.frontier.size).")
            }
            if checkpoint.root != tree.frontier.root {
                report.add(.checkpoint, nil, "It is of the root \(checkpoint.root), not \(tree.frontier.root).")
            }
        } catch {
            report.add(.checkpoint, nil, error.reason)
        }
    }

    @available(*, noasync)
    private mutating func verifyEntries(upTo size: Position) throws(LogError) {
        while frontier.size < size, report.problems.count < VerificationReport.maximumProblems {
            let transaction = try store.beginRead()
            let end = min(size, frontier.size + Self.entriesPerTransaction)
            do throws(LMDBError) {
                var cursor = try transaction.cursor(over: store.entries)
                var found = try cursor.move(toOrAfter: frontier.size)
                while frontier.size < end {
                    let position = frontier.size
                    guard found, cursor.position == position else {
                        report.add(.entries, position, "There is no entry at this position.")
                        return
                    }
                    verifyEntry(cursor.value, at: position, in: transaction)
                    // Walking from entry to entry does not take the way that a look-up takes; both must lead here.
                    if try transaction.value(at: position, in: store.entries)?.isIdentical(to: cursor.value) != true {
                        report.add(.entries, position, "The entry is there, but is not found under its position.")
                    }
                    found = try cursor.moveToNext()
                }
            } catch {
                throw LogError(error)
            }
            progress(frontier.size, size)
        }
    }

    /// Hashes an entry and compares whatever is stored about it.
    private mutating func verifyEntry(
        _ value: Span<UInt8>, at position: Position, in transaction: borrowing LMDBReadTransaction
    ) {
        var leaf = MerkleHash.emptyTree
        var text = EntryBuffer()
        swap(&text, &buffer)
        defer { swap(&text, &buffer) }
        do throws(LogError) {
            let header = try EntryHeader(of: value, at: position)
            try text.load(value, header, at: position, store.codec, in: transaction)
            let entry = text.bytes.span
            leaf = MerkleHash.leaf(entry)
            if leaf != header.leafHash {
                report.add(.entries, position, "The entry's bytes do not have the hash stored with them.")
            }
            let last = recorded
            recorded = header.recorded
            let written = try form.parse(entry, at: position)
            file(entry, at: position)
            if written != header.recorded {
                report.add(.entries, position, "The stored time is not the one in the entry.")
            }
            // The time in an entry whose bytes were changed says nothing of the entry after it.
            if leaf == header.leafHash { recorded = written }
            try EntryForm.check(written, isNotBefore: last, at: position)
        } catch {
            report.add(.entries, position, error.reason)
        }
        indexCheck.end(position, &report)
        leaf.append(to: &tile)
        if tile.count == TilePath.fullWidth * MerkleHash.byteCount {
            let index = position / UInt64(TilePath.fullWidth)
            compare(
                tile, LogStore.nodeKey(level: 0, index: index), "tile \(index) of leaf hashes", position, transaction)
            tile.removeAll(keepingCapacity: true)
        }
        var completed: [(level: Int, index: UInt64, hash: MerkleHash)] = []
        frontier.append(leaf) { level, index, hash in
            if level % TilePath.height == 0 { completed.append((level / TilePath.height, index, hash)) }
        }
        indexCheck.check(frontier, &report)
        for node in completed {
            compare(
                node.hash.bytes, LogStore.nodeKey(level: node.level, index: node.index),
                "node \(node.index) of level \(node.level)", position, transaction)
        }
    }

    /// Takes in what an entry, which was parsed just now, is known by and filed under.
    private mutating func file(_ entry: Span<UInt8>, at position: Position) {
        if let hasher = indexCheck.hasher {
            keys.removeAll(keepingCapacity: true)
            form.appendKeys(of: entry, hasher, to: &keys)
            indexCheck.take(keys, at: position)
        }
        takeIdentity(of: entry)
    }

    /// Takes in what the event of an entry, which was parsed just now, is known by.
    mutating func takeIdentity(of entry: Span<UInt8>) {
        if let hash = form.identityHash(of: entry, identities.hasher) { identities.take(hash) }
    }

    private mutating func compare(
        _ expected: [UInt8], _ key: [UInt8], _ name: String, _ position: Position,
        _ transaction: borrowing LMDBReadTransaction
    ) {
        do throws(LMDBError) {
            guard let stored = try transaction.value(for: key.span, in: store.nodes) else {
                report.add(.tree, position, "The \(name) is missing.")
                return
            }
            if !stored.isEqual(to: expected.span) {
                report.add(.tree, position, "The \(name) is not what the entries lead to.")
            }
        } catch {
            report.add(.tree, position, error.description)
        }
    }

    /// Looks for what should not be there: entries and nodes beyond the size, disclosures of no entry.
    @available(*, noasync)
    private mutating func verifyRest(_ size: Position) throws(LogError) {
        let transaction = try store.beginRead()
        // Another commit may have come since; then what is beyond the size is no concern of this verification.
        guard try store.readState(in: transaction).frontier.size == size, frontier.size == size else { return }
        do throws(LMDBError) {
            if try transaction.count(of: store.entries) != Int(size) {
                report.add(.entries, nil, "There are entries beyond the log's size of \(size).")
            }
            var nodes: UInt64 = 0
            var tiles = size / UInt64(TilePath.fullWidth)
            nodes += tiles
            while tiles > 0 {
                nodes += tiles
                tiles /= UInt64(TilePath.fullWidth)
            }
            if try transaction.count(of: store.nodes) != Int(nodes) {
                report.add(.tree, nil, "There are more or fewer nodes than a tree of \(size) entries has.")
            }
            var cursor = try transaction.cursor(over: store.disclosures)
            var found = try cursor.moveToFirst()
            var last: (position: Position, ordinal: UInt16)?
            while found {
                guard cursor.key.count == 10 else {
                    report.add(.disclosures, nil, "There is a disclosure under a key that is none.")
                    return
                }
                let position = cursor.key.littleEndianWord(at: 0).byteSwapped
                let ordinal = cursor.key.littleEndianQuarter(at: 8).byteSwapped
                let expected = last?.position == position ? (last?.ordinal ?? 0) + 1 : 0
                if position >= size || ordinal != expected {
                    report.add(.disclosures, position, "Its disclosures are not numbered from 0, or it has no entry.")
                    return
                }
                if try transaction.value(for: cursor.key, in: store.disclosures)?.isIdentical(to: cursor.value) != true
                {
                    report.add(.disclosures, position, "A disclosure is there, but is not found under its key.")
                    return
                }
                if DisclosureRow.disclosure(in: cursor.value, key: cursor.key) == nil {
                    report.add(.disclosures, position, "Its disclosure \(ordinal) is not as it was written.")
                }
                last = (position, ordinal)
                found = try cursor.moveToNext()
            }
        } catch {
            throw LogError(error)
        }
    }
}
