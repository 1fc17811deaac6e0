public import EventLog
internal import Glibc
internal import LMDB
public import Transparency

/// Reads some of a snapshot without going through what comes before: its frames are found by the seek table at its end.
///
/// The manifest is verified; of each frame that is read, that its bytes are those that were written. That its entries are those
/// that the ledger signed, ``SnapshotVerifier`` verifies, which goes through all of it.
public final class SnapshotIndex {
    /// What the first line and the seek table say of a snapshot.
    public struct Overview: Hashable, Sendable {
        public let contents: SnapshotContents
        public let verifier: NoteVerifier
        public let size: UInt64
        public let root: MerkleHash
        public let checkpoint: SignedNote
        public let created: Timestamp
        /// How many frames there are, and how many bytes the file and its text have.
        public let frames: Int
        public let fileBytes: UInt64
        public let textBytes: UInt64
        public let isKeyKnown: Bool
    }

    public let overview: Overview
    private let manifest: SnapshotManifest
    private let descriptor: Int32
    private let path: String
    private let table: SeekTable
    private let offsets: [UInt64]
    private let sums: [UInt64]
    /// Of each frame that was looked at, the first position in it; nil if it has none.
    private var firsts: [Int: UInt64?] = [:]

    /// Opens a snapshot.
    ///
    /// - Throws: ``SnapshotError``.
    /// - Complexity: O(*f*) in the frames.
    public init(path: String, verifier: NoteVerifier? = nil) throws(SnapshotError) {
        manifest = try SnapshotReader(path: path, verifier: verifier, threads: 1).manifest
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SnapshotError(errno: errno, "open \(path)") }
        let size = UInt64(max(0, lseek(descriptor, 0, SEEK_END)))
        do throws(SnapshotError) {
            let footer = try Self.read(descriptor, path, at: size - min(size, 9), count: 9)
            guard let count = SeekTable.frameCount(footer: footer.span), count >= 3 else { throw Self.noTable(path) }
            let tableBytes = SeekTable.byteCount(frames: count)
            let bytes = try Self.read(descriptor, path, at: size - min(size, UInt64(tableBytes)), count: tableBytes)
            guard let table = SeekTable(bytes.span) else { throw Self.noTable(path) }
            var offsets: [UInt64] = [0]
            for frame in table.frames { offsets.append((offsets.last ?? 0) + UInt64(frame.bytes)) }
            guard offsets.last == size - UInt64(tableBytes), let end = table.frames.last, end.content == 0 else {
                throw Self.noTable(path)
            }
            let seal = try Self.read(descriptor, path, at: offsets[count - 1], count: Int(end.bytes))
            guard seal.starts(with: SnapshotSeal.magic), seal.count == 8 + 8 * (count - 1) else {
                throw Self.noTable(path)
            }
            sums = (0..<count - 1).map { seal.span.littleEndianWord(at: 8 + 8 * $0) }
            self.table = table
            self.offsets = offsets
            overview = Overview(
                contents: manifest.contents, verifier: manifest.verifier, size: manifest.checkpoint.size,
                root: manifest.checkpoint.root, checkpoint: manifest.note, created: manifest.created, frames: count - 1,
                fileBytes: size,
                textBytes: table.frames.reduce(0) { $0 + UInt64($1.content) }, isKeyKnown: verifier != nil)
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit {
        close(descriptor)
    }

    /// The lines about a position: its entry and what stands beside it, or the line that leaves it out.
    ///
    /// - Returns: The lines without newlines.
    /// - Throws: ``SnapshotError``, with code `.notFound` if the ledger had no such entry.
    /// - Complexity: O(log *f*) frames are decompressed.
    public func lines(at position: UInt64) throws(SnapshotError) -> [[UInt8]] {
        guard position < overview.size else {
            throw SnapshotError(.notFound, "The snapshot is of \(overview.size) entries; there is none at \(position).")
        }
        // The last frame that begins at the position or before it. The first has the manifest, the last the end.
        var (low, high) = (1, overview.frames - 1)
        while low + 1 < high {
            let middle = (low + high) / 2
            if let first = try first(of: middle), first <= position { low = middle } else { high = middle }
        }
        return try text(of: low).split(separator: 0x0A).filter { Self.concerns(Array($0), position) }.map { Array($0) }
    }

    /// The first position that a frame speaks of.
    private func first(of number: Int) throws(SnapshotError) -> UInt64? {
        if let known = firsts[number] { return known }
        let text = try text(of: number)
        let first = text.split(separator: 0x0A, maxSplits: 1).first.flatMap { Self.range(of: Array($0))?.lowerBound }
        firsts[number] = .some(first)
        return first
    }

    private static func concerns(_ line: [UInt8], _ position: UInt64) -> Bool {
        range(of: line)?.contains(position) ?? false
    }

    /// Which positions a line is about.
    private static func range(of line: [UInt8]) -> Range<UInt64>? {
        var scanner = LineScanner(line.span)
        if scanner.take(SnapshotLine.position), let position = scanner.takeDecimal() { return position..<position + 1 }
        scanner = LineScanner(line.span)
        guard scanner.take(SnapshotLine.from), let from = scanner.takeDecimal(), scanner.take(SnapshotLine.to),
            let to = scanner.takeDecimal(), from < to
        else { return nil }
        return from..<to
    }

    /// The text of a frame.
    func text(of number: Int) throws(SnapshotError) -> [UInt8] {
        let lengths = table.frames[number]
        guard lengths.content <= UInt32(FrameSource.maximumContent) else { throw Self.noTable(path) }
        let bytes = try Self.read(descriptor, path, at: offsets[number], count: Int(lengths.bytes))
        guard SnapshotSeal.sum(of: bytes.span, number: number) == sums[number] else {
            throw SnapshotError(
                .changed,
                "The bytes of the snapshot's frame \(number) are not those that were written. \(SnapshotReader.remedy)")
        }
        do throws(FrameFault) {
            return try FrameParser(keepsDisclosures: false).text(
                of: .init(bytes: bytes, contentBytes: Int(lengths.content)))
        } catch {
            throw SnapshotReader.error(error, atLine: 0, .init(), path)
        }
    }

    private static func read(
        _ descriptor: Int32, _ path: String, at offset: UInt64, count: Int
    ) throws(SnapshotError) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = [UInt8](repeating: 0, count: count)
        while bytes.count < count {
            let step = pread(descriptor, &rest, count - bytes.count, off_t(offset) + off_t(bytes.count))
            if step < 0, errno == EINTR { continue }
            guard step >= 0 else { throw SnapshotError(errno: errno, "read \(path)") }
            guard step > 0 else { throw noTable(path) }
            if step == count { return rest }
            bytes += rest[..<step]
        }
        return bytes
    }

    private static func noTable(_ path: String) -> SnapshotError {
        SnapshotError(
            .cutShort,
            "\(path) does not end with a seek table that fits it: it was cut short, or something follows it. "
                + SnapshotReader.remedy)
    }
}
