internal import EventLog
internal import Foundation
internal import Glibc
internal import JSON
public import Transparency

/// A snapshot that was imported to be read: a folder with the file, `snapshot.zst`, and what is known of it, `snapshot.json`.
/// Nothing can be appended to it.
public struct SnapshotFolder: Sendable {
    public static let fileName = "snapshot.zst"
    private static let format: Int64 = 1
    private static let chunk = 1 << 20

    public let path: String
    /// The ledger's key, as it was when the snapshot was imported.
    public let verifier: NoteVerifier

    /// The snapshot.
    public var file: String { path + "/" + Self.fileName }

    /// Whether there is one in a folder.
    public static func isOne(at path: String) -> Bool { access(LedgerFolder.snapshotPath(path), F_OK) == 0 }

    /// Opens a folder.
    ///
    /// - Throws: ``SnapshotError``.
    public init(opening path: String) throws(SnapshotError) {
        self.path = path
        do throws(LogError) {
            guard let bytes = try DurableFile.read(LedgerFolder.snapshotPath(path)),
                let root = try? JSONDocument(parsing: bytes).root, let format = root["format"]?.integer
            else { throw LogError(.corrupted, "\(path) holds no snapshot that was imported.") }
            guard format == Self.format, let text = root["verifier"]?.string, let verifier = try? NoteVerifier(text)
            else {
                throw LogError(.newerFormat, "\(path) has a format that this program does not know. Use a newer one.")
            }
            self.verifier = verifier
        } catch {
            throw SnapshotError(error, "open \(path)")
        }
    }

    /// Verifies a snapshot and puts a copy of it into a folder, durable. The folder gets its name once that is done.
    ///
    /// - Parameters:
    ///   - file: The snapshot, of whatever kind.
    ///   - folder: It must not exist.
    ///   - verifier: The ledger's key; nil takes the one that the snapshot names.
    /// - Throws: ``SnapshotError``; nothing is left behind then.
    /// - Complexity: O(*n*) in the bytes of the snapshot.
    public static func install(
        _ file: String, in folder: String, verifier: NoteVerifier? = nil,
        progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) throws(SnapshotError) -> SnapshotSummary {
        guard access(folder, F_OK) != 0 else { throw OwnedPath.exists(folder) }
        // What is no snapshot is refused before anything is made.
        _ = try SnapshotReader(path: file, verifier: verifier, threads: 1)
        let work = try OwnedPath.folder(folder + ".importing")
        let copy = work.path + "/" + fileName
        do throws(SnapshotError) {
            try Self.copy(file, to: copy)
            // The copy is what is verified.
            let summary = try SnapshotVerifier.verify(path: copy, verifier: verifier, progress: progress)
            do throws(LogError) {
                var writer = JSONWriter()
                writer.object { writer in
                    writer.member("format", format)
                    writer.member("verifier", summary.verifier.description)
                }
                writer.endLine()
                try DurableFile.write(writer.bytes, to: LedgerFolder.snapshotPath(work.path), mode: 0o440)
            } catch {
                throw SnapshotError(error, "write \(LedgerFolder.snapshotPath(work.path))")
            }
            guard rename(work.path, folder) == 0 else {
                throw SnapshotError(errno: errno, "rename \(work.path) to \(folder)")
            }
            do throws(LogError) {
                try DurableFile.sync(folder: OwnedPath.parent(of: folder))
            } catch {
                throw SnapshotError(error, "sync the folder of \(folder)")
            }
            return summary
        } catch {
            unlink(copy)
            unlink(LedgerFolder.snapshotPath(work.path))
            rmdir(work.path)
            throw error
        }
    }

    private static func copy(_ file: String, to path: String) throws(SnapshotError) {
        let source = open(file, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw SnapshotError(errno: errno, "open \(file)") }
        defer { close(source) }
        let target = try OwnedPath.file(path)
        try target.cut(at: 0)
        var buffer = [UInt8](repeating: 0, count: chunk)
        while true {
            let count = Glibc.read(source, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SnapshotError(errno: errno, "read \(file)") }
            if count == 0 { break }
            try target.write(Array(buffer[..<count]))
        }
        try target.sync()
    }

    /// The proof that an entry is in the log, from what the snapshot has of the tree.
    ///
    /// - Throws: ``SnapshotError``, with code `.notFound` if the entry is not in the snapshot.
    /// - Complexity: O(*n*) in the bytes of the snapshot, and memory for a hash of each entry in it.
    public func proof(at position: UInt64) throws(SnapshotError) -> TransparencyProof {
        var reader = try SnapshotReader(path: file, verifier: verifier)
        let size = reader.manifest.checkpoint.size
        guard position < size else {
            throw SnapshotError(.notFound, "The log had \(size) entries; there is none at position \(position).")
        }
        var tree = PartTree(size: size)
        var isThere = false
        while let content = try reader.next() {
            for line in content.lines {
                switch line.item {
                case .entry(let entry):
                    tree.add(entry.leaf, PerfectSubtree(level: 0, index: entry.position))
                    isThere = isThere || entry.position == position
                case .leftOut(let range, let hashes):
                    for (part, hash) in zip(PerfectSubtree.parts(of: range), hashes) { tree.add(hash, part) }
                case .end: break
                }
            }
        }
        guard isThere else {
            throw SnapshotError(
                .notFound, "The entry at position \(position) is not in the snapshot, which has its hash alone.")
        }
        return TransparencyProof(
            index: position, hashes: try tree.inclusionProof(index: position, size: size),
            checkpoint: reader.manifest.note)
    }
}
