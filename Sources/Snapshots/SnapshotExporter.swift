internal import Crypto
public import EventLog
internal import Glibc
public import Transparency
internal import Zstandard

/// Writes a whole log into one file: newline-delimited JSON, compressed by Zstandard, which `zstdcat FILE | jq` reads and
/// ``SnapshotVerifier`` verifies without the ledger.
///
/// It needs the ledger's signing key. The checkpoint that the log has vouches for its entries; the manifest vouches for
/// the rest: which disclosures lie beside them, and that this is the whole log. Without a signature over it, whoever
/// passes the file on could swap or drop sealed disclosures, which nobody would notice before they are opened.
public struct SnapshotExporter {
    private let log: Log
    private let signer: NoteSigner
    private let options: ZstandardCompressor.Options

    /// How many bytes of text are put together, about, before they are compressed. No read transaction is longer.
    private static let pieceBytes = 1 << 20
    /// How many compressed bytes are written at once, about.
    private static let writeBytes = 1 << 20

    /// - Parameters:
    ///   - log: The log; others may go on writing it.
    ///   - signer: The key that signs the log's checkpoints.
    ///   - level: How hard to compress: 1 is fastest, 19 slow.
    public init(log: Log, signer: NoteSigner, level: Int = 3) {
        self.log = log
        self.signer = signer
        options = .init(level: level, workers: 1)
    }

    /// Writes the log, as it is when the export begins, to a file. The file appears whole or not at all: until it is
    /// complete and durable it has the name `path` with `.partial` after it.
    ///
    /// Every entry is hashed anew on the way, so no snapshot is made of a log that is not what its key signed.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - replacing: Whether a file that exists is replaced.
    ///   - created: What the snapshot says about when it was made.
    ///   - progress: Gets how many entries of how many have been written.
    /// - Throws: ``SnapshotError``: `.alreadyExists`, `.wrongKey`, `.ledgerDamaged`, `.diskFull` or others of the machine.
    /// - Complexity: O(*n*) in the bytes of the log; memory does not grow with it.
    public func export(
        to path: String, replacing: Bool = false, created: Timestamp = .now(),
        progress: (Position, Position) -> Void = { _, _ in }
    ) throws(SnapshotError) -> SnapshotSummary {
        guard signer.verifier == log.verifier else {
            throw SnapshotError(
                .wrongKey, "The key “\(signer.verifier)” is not the one that signs for this ledger, “\(log.verifier)”.")
        }
        guard replacing || access(path, F_OK) != 0 else { throw OwnedPath.exists(path) }
        let manifest = try manifest(created: created)
        let file = try OwnedPath.file(path + ".partial")
        do throws(SnapshotError) {
            let summary = try write(manifest, to: file, progress)
            try file.sync()
            try file.publish(as: path, replacing: replacing)
            do throws(LogError) {
                try DurableFile.sync(folder: OwnedPath.parent(of: path))
            } catch {
                throw SnapshotError(error, "sync the folder of \(path)")
            }
            return summary
        } catch {
            unlink(file.path)
            throw error
        }
    }

    /// Fixes what is exported: the size, by its checkpoint, and the disclosures, which are gone through once for it.
    private func manifest(created: Timestamp) throws(SnapshotError) -> SnapshotManifest {
        var count: UInt64 = 0
        var hash = SHA256()
        do throws(LogError) {
            let note = try log.checkpoint()
            let checkpoint = try Self.checkpoint(note, log.verifier)
            if try log.statistics().disclosures > 0 {
                for position in 0..<checkpoint.size {
                    let lines = try disclosureLines(at: position, &count)
                    if !lines.isEmpty { hash.update(data: lines) }
                }
            }
            do throws(NoteError) {
                return try SnapshotManifest(
                    note: note, verifier: log.verifier, created: created, disclosures: count,
                    disclosuresHash: Array(hash.finalize()))
            } catch {
                throw LogError(.corrupted, "The log's checkpoint does not hold: \(error).")
            }
        } catch {
            throw SnapshotError(error, "read the ledger")
        }
    }

    private static func checkpoint(_ note: SignedNote, _ verifier: NoteVerifier) throws(LogError) -> Checkpoint {
        do throws(NoteError) {
            return try Checkpoint(note, verifiedBy: verifier)
        } catch {
            throw LogError(.corrupted, "The log's checkpoint does not hold: \(error).")
        }
    }

    /// The lines of the disclosures at a position.
    private func disclosureLines(at position: Position, _ count: inout UInt64) throws(LogError) -> [UInt8] {
        var lines: [UInt8] = []
        for (ordinal, disclosure) in try log.disclosures(at: position).enumerated() {
            SnapshotLine.append(disclosure: disclosure, ordinal, at: position, to: &lines)
            count += 1
        }
        return lines
    }

    private func write(
        _ manifest: SnapshotManifest, to file: borrowing OwnedPath, _ progress: (Position, Position) -> Void
    ) throws(SnapshotError) -> SnapshotSummary {
        var output = try CompressedOutput(options)
        try output.write(try manifest.line(signedBy: signer), to: file)
        let size = manifest.checkpoint.size
        var frontier = MerkleFrontier()
        var piece: [UInt8] = []
        var disclosures: UInt64 = 0
        var hash = SHA256()
        while frontier.size < size {
            piece.removeAll(keepingCapacity: true)
            do throws(LogError) {
                try log.scan(from: frontier.size, to: size) { (position, _, entry) throws(LogError) in
                    SnapshotLine.append(entry: entry, at: position, to: &piece)
                    frontier.append(MerkleHash.leaf(entry))
                    if manifest.disclosures > 0 {
                        let lines = try disclosureLines(at: position, &disclosures)
                        if !lines.isEmpty {
                            hash.update(data: lines)
                            piece.append(contentsOf: lines)
                        }
                    }
                    return piece.count < Self.pieceBytes
                }
            } catch {
                throw SnapshotError(error, "read the ledger")
            }
            try output.write(piece, to: file)
            progress(frontier.size, size)
        }
        guard frontier.root == manifest.checkpoint.root else {
            throw SnapshotError(
                .ledgerDamaged,
                "The ledger's \(size) entries lead to the root \(frontier.root), but its checkpoint is over "
                    + "\(manifest.checkpoint.root). Run `sanhu verify`.")
        }
        guard disclosures == manifest.disclosures, Array(hash.finalize()) == manifest.disclosuresHash else {
            throw SnapshotError(
                .ledgerDamaged, "The ledger's disclosures changed while they were exported. Export it again.")
        }
        try output.write(manifest.lastLine, to: file)
        try output.end(to: file)
        return SnapshotSummary(
            manifest, fileBytes: output.fileBytes, textBytes: output.textBytes, isKeyKnown: true)
    }

    /// Compresses what is written.
    private struct CompressedOutput: ~Copyable {
        private var compressor: ZstandardCompressor
        private var buffer: [UInt8] = []
        private var seal = SnapshotSeal()
        private(set) var fileBytes: UInt64 = 0
        private(set) var textBytes: UInt64 = 0

        init(_ options: ZstandardCompressor.Options) throws(SnapshotError) {
            do throws(ZstandardError) {
                compressor = try ZstandardCompressor(options)
            } catch {
                throw SnapshotError(.inputOutput, "The snapshot cannot be compressed: \(error.reason).")
            }
        }

        mutating func write(_ text: [UInt8], to file: borrowing OwnedPath) throws(SnapshotError) {
            do throws(ZstandardError) {
                try compressor.compress(text.span, to: &buffer)
            } catch {
                throw SnapshotError(.inputOutput, "The snapshot cannot be compressed: \(error.reason).")
            }
            textBytes += UInt64(text.count)
            if buffer.count >= SnapshotExporter.writeBytes { try flush(to: file) }
        }

        mutating func end(to file: borrowing OwnedPath) throws(SnapshotError) {
            do throws(ZstandardError) {
                try compressor.endFrame(to: &buffer)
            } catch {
                throw SnapshotError(.inputOutput, "The snapshot cannot be compressed: \(error.reason).")
            }
            try flush(to: file)
            buffer = seal.frame
            try flush(to: file)
        }

        private mutating func flush(to file: borrowing OwnedPath) throws(SnapshotError) {
            try file.write(buffer)
            seal.write(buffer)
            fileBytes += UInt64(buffer.count)
            buffer.removeAll(keepingCapacity: true)
        }
    }
}
