public import EventLog
internal import Glibc
public import Transparency

/// Writes a log into one file: newline-delimited JSON, compressed by Zstandard in frames, which `zstdcat FILE | jq` reads and
/// ``SnapshotVerifier`` verifies without the ledger.
///
/// It needs the ledger's signing key. The checkpoint that the log has vouches for its entries; the first and the last line vouch
/// for the rest: what the snapshot is of, and which disclosures lie beside the entries. Without a signature over these, whoever
/// passes the file on could swap or drop sealed disclosures, which nobody would notice before they are opened.
public struct SnapshotExporter {
    private let log: Log
    private let signer: NoteSigner
    private let level: Int

    /// - Parameters:
    ///   - log: The log; others may go on writing it.
    ///   - signer: The key that signs the log's checkpoints.
    ///   - level: How hard to compress: 1 is fastest, 19 slow.
    public init(log: Log, signer: NoteSigner, level: Int = 3) {
        self.log = log
        self.signer = signer
        self.level = level
    }

    /// About how many bytes the content of a frame has: the harder it is compressed, the more.
    static func frameBytes(level: Int) -> Int { level < 13 ? 4 << 20 : 16 << 20 }

    /// Writes the log, as it is when the export begins, to a file. The file appears whole or not at all: until it is
    /// complete and durable it has the name `path` with `.partial` after it. If there is one that an export of the same, by the
    /// same key, left when it was killed, that is verified and gone on with: then the log is written as it was when that began.
    ///
    /// Appends go on meanwhile; no read transaction is longer than a megabyte takes. Every entry and disclosure is held against
    /// its checksum.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - since: If given, only what came after that many entries, to be imported on top of them.
    ///   - replacing: Whether a file that exists is replaced.
    ///   - resuming: Whether what was begun is gone on with.
    ///   - created: What the snapshot says about when it was made.
    ///   - progress: Gets how many entries of how many have been read.
    /// - Throws: ``SnapshotError``: `.alreadyExists`, `.wrongKey`, `.gap` if the log has not as many entries as `since`,
    ///   `.otherHistory` if they have another root, `.ledgerDamaged`, `.diskFull` or others of the machine.
    /// - Complexity: O(*n*) in the bytes of the log, on all processors; memory does not grow with it.
    public func export(
        to path: String, since: SnapshotBase? = nil, replacing: Bool = false, resuming: Bool = true,
        created: Timestamp = .now(), progress: (Position, Position) -> Void = { _, _ in }
    ) throws(SnapshotError) -> SnapshotSummary {
        try checkKey()
        guard replacing || access(path, F_OK) != 0 else { throw OwnedPath.exists(path) }
        let manifest = try manifest(.log(since: since), created)
        if let since { try check(since, manifest.checkpoint.size) }
        let file = try OwnedPath.file(path + ".partial")
        if resuming, let begun = try BegunSnapshot(file.path, like: manifest) {
            try file.cut(at: begun.fileBytes)
            let writer = SnapshotWriter(file, level: level, table: begun.table, seal: begun.seal)
            return try write(begun.manifest, begun.text(of: log), writer, path, replacing, begun.entries, progress)
        }
        try file.cut(at: 0)
        var writer = SnapshotWriter(file, level: level)
        let base = manifest.contents.base
        var beside = BesideTree()
        do throws(SnapshotError) {
            try writer.write(try manifest.line(signedBy: signer))
            if base > 0 {
                let line = try log.leftOutLine(0..<base)
                beside.append(MerkleHash.leaf(line.span))
                try writer.write(line + [UInt8(ascii: "\n")])
            }
        } catch {
            writer.abandon()
            throw error
        }
        let text = LogText(log, from: base, to: manifest.checkpoint.size, beside: beside)
        return try write(manifest, text, writer, path, replacing, 0, progress)
    }

    private func write(
        _ manifest: SnapshotManifest, _ text: LogText, _ writer: consuming SnapshotWriter, _ path: String,
        _ replacing: Bool, _ begun: UInt64, _ progress: (Position, Position) -> Void
    ) throws(SnapshotError) -> SnapshotSummary {
        var text = text
        var writer = writer
        let size = manifest.checkpoint.size
        do throws(SnapshotError) {
            progress(text.position, size)
            var slot = writer.slot()
            while try text.next(frameBytes: manifest.frameBytes, to: &slot.text) {
                try writer.write(slot)
                progress(text.position, size)
                slot = writer.slot()
            }
            try writer.write(try text.beside.end.line(of: manifest, signedBy: signer))
            try writer.flush()
        } catch {
            writer.abandon()
            throw error
        }
        let bytes = try writer.publish(as: path, replacing: replacing)
        return SnapshotSummary(
            manifest, entries: size - manifest.contents.base, beside: text.beside.frontier.size, fileBytes: bytes.file,
            textBytes: bytes.text, isKeyKnown: true)
    }

    // MARK: What is fixed when it begins

    private func checkKey() throws(SnapshotError) {
        guard signer.verifier == log.verifier else {
            throw SnapshotError(
                .wrongKey, "The key “\(signer.verifier)” is not the one that signs for this ledger, “\(log.verifier)”.")
        }
    }

    private func manifest(_ contents: SnapshotContents, _ created: Timestamp) throws(SnapshotError) -> SnapshotManifest
    {
        do throws(LogError) {
            let note = try log.checkpoint()
            do throws(NoteError) {
                return try SnapshotManifest(
                    contents, note: note, verifier: log.verifier, created: created,
                    frameBytes: Self.frameBytes(level: level))
            } catch {
                throw LogError(.corrupted, "The log's checkpoint does not hold: \(error).")
            }
        } catch {
            throw SnapshotError(error, "read the ledger")
        }
    }

    /// Checks that the log goes on from a base.
    private func check(_ base: SnapshotBase, _ size: Position) throws(SnapshotError) {
        guard base.size <= size else {
            throw SnapshotError(
                .gap, "The ledger has \(size) entries, fewer than the \(base.size) that the snapshot is to go on from.")
        }
        let root: MerkleHash
        do throws(LogError) {
            root = try log.root(atSize: base.size)
        } catch {
            throw SnapshotError(error, "read the ledger")
        }
        guard root == base.root else {
            throw SnapshotError(
                .otherHistory,
                "The ledger's first \(base.size) entries lead to the root \(root), not to \(base.root): it has not the "
                    + "history that the snapshot is to go on from.")
        }
    }
}
