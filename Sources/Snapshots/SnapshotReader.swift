internal import Crypto
internal import EventLog
internal import LMDB
internal import Transparency
internal import Zstandard

/// Goes through a snapshot line by line and verifies it on the way: nothing is taken to be so because the file says so.
///
/// Everything from the file is limited: lines, windows, disclosures of an entry. What it goes through is trustworthy
/// only once ``next()`` has returned nil.
struct SnapshotReader: ~Copyable {
    /// What a line holds.
    enum Item {
        /// The entry at a position; ``entry`` has its bytes.
        case entry(Position)
        /// A disclosure beside the last entry.
        case disclosure([UInt8])
    }

    let manifest: SnapshotManifest
    private let path: String
    private let isKeyKnown: Bool
    private var lines: SnapshotLines
    private var frontier = MerkleFrontier()
    private var form = EntryForm()
    /// The last entry, and when it was recorded.
    private(set) var entry: [UInt8] = []
    private var recorded = Timestamp(microseconds: 0)
    private var disclosures: UInt64 = 0
    private var disclosuresHash = SHA256()
    /// How many disclosures the last entry has had so far, and how many bytes of them.
    private var ordinals = 0
    private var ordinalBytes = 0

    private static let lastLineOpening = Array("{\"checkpoint\":".utf8)

    /// Opens a snapshot and verifies its manifest.
    ///
    /// - Parameter verifier: The ledger's key; nil takes the one that the manifest names.
    init(path: String, verifier: NoteVerifier?) throws(SnapshotError) {
        let opened = try Self.open(path)
        manifest = try SnapshotManifest(line: opened.line.copied, expected: verifier)
        lines = opened
        isKeyKnown = verifier != nil
        self.path = path
    }

    /// Opens a file and reads its first line.
    private static func open(_ path: String) throws(SnapshotError) -> SnapshotLines {
        do throws(SnapshotLines.Fault) {
            var lines = try SnapshotLines(path: path)
            guard try lines.advance() else { throw .partialLine }
            guard lines.line.count <= SnapshotLine.maximumManifestBytes else { throw .longLine }
            return lines
        } catch {
            throw Self.error(error, path: path, Place())
        }
    }

    /// How many entries have been gone through.
    var size: Position { frontier.size }

    /// Goes on to the next line.
    ///
    /// - Returns: nil if the snapshot has ended and holds, as a whole.
    /// - Throws: ``SnapshotError``.
    mutating func next() throws(SnapshotError) -> Item? {
        guard try advance() else { throw cutShort }
        var scanner = LineScanner(lines.line)
        if scanner.take(SnapshotLine.position), let position = scanner.takeDecimal(), scanner.take(",") {
            if scanner.take(SnapshotLine.recorded) {
                try takeEntry(at: position, from: scanner.at - SnapshotLine.recorded.count)
                return .entry(position)
            }
            if scanner.take(SnapshotLine.ordinal), let ordinal = scanner.takeDecimal(),
                scanner.take(SnapshotLine.disclosure), scanner.rest.count >= 2,
                lines.line[lines.line.count - 2] == UInt8(ascii: "\""),
                lines.line[lines.line.count - 1] == UInt8(ascii: "}")
            {
                let value = scanner.at..<lines.line.count - 2
                return .disclosure(try takeDisclosure(ordinal, at: position, value))
            }
        } else {
            var scanner = LineScanner(lines.line)
            if scanner.take(Self.lastLineOpening) {
                try takeLastLine()
                return nil
            }
        }
        throw changed("is neither an entry nor a disclosure")
    }

    /// Takes the entry that the line at hand holds, from an offset on, without its opening brace.
    private mutating func takeEntry(at position: Position, from start: Int) throws(SnapshotError) {
        guard position == size else {
            throw changed(
                "should hold the entry at position \(size) but holds position \(position): an entry was left out, "
                    + "added or moved")
        }
        guard size < manifest.checkpoint.size else {
            throw changed("is an entry beyond the \(manifest.checkpoint.size) that the ledger signed")
        }
        guard lines.line.count - start + 1 <= LogLimits.entryBytes else {
            throw SnapshotError(
                .tooLarge,
                "Line \(lines.lineNumber) holds an entry of over \(LogLimits.entryBytes) bytes, which no ledger has.")
        }
        entry.removeAll(keepingCapacity: true)
        entry.append(UInt8(ascii: "{"))
        entry.append(copying: lines.line.extracting(start..<lines.line.count))
        let bytes = entry
        do throws(LogError) {
            let time = try form.parse(bytes.span, at: position)
            try EntryForm.check(time, isNotBefore: recorded, at: position)
            recorded = time
        } catch {
            throw SnapshotError(.changed, "Line \(lines.lineNumber): \(error.reason) \(Self.remedy)")
        }
        frontier.append(MerkleHash.leaf(bytes.span))
        ordinals = 0
        ordinalBytes = 0
    }

    private mutating func takeDisclosure(
        _ ordinal: UInt64, at position: Position, _ value: Range<Int>
    ) throws(SnapshotError) -> [UInt8] {
        guard size > 0, position == size - 1, ordinal == UInt64(ordinals) else {
            throw changed("is a disclosure (position \(position), ordinal \(ordinal)) that does not belong there")
        }
        guard disclosures < manifest.disclosures else {
            throw changed("is a disclosure beyond the \(manifest.disclosures) that the ledger signed")
        }
        guard let bytes = Base64.decode(lines.line.extracting(value)) else {
            throw changed("is a disclosure that is not base64")
        }
        ordinals += 1
        ordinalBytes += bytes.count
        guard bytes.count <= LogLimits.disclosureBytes, ordinals <= LogLimits.disclosuresPerEvent,
            ordinalBytes <= LogLimits.requestBytes
        else {
            throw SnapshotError(
                .tooLarge,
                "Line \(lines.lineNumber) brings the disclosures at position \(position) over what a ledger takes.")
        }
        disclosures += 1
        var line = lines.line.copied
        line.append(UInt8(ascii: "\n"))
        disclosuresHash.update(data: line)
        return bytes
    }

    private mutating func takeLastLine() throws(SnapshotError) {
        guard lines.line.copied[...] == manifest.lastLine.dropLast() else {
            throw changed("should be the checkpoint that the manifest holds but is not")
        }
        guard size == manifest.checkpoint.size else {
            throw changed(
                "ends the snapshot after \(size) entries, but the ledger signed \(manifest.checkpoint.size): entries "
                    + "were left out")
        }
        guard disclosures == manifest.disclosures else {
            throw changed(
                "ends the snapshot after \(disclosures) disclosures, but the ledger signed \(manifest.disclosures): "
                    + "disclosures were left out")
        }
        guard frontier.root == manifest.checkpoint.root else {
            throw SnapshotError(
                .changed,
                "The snapshot's \(size) entries lead to the root \(frontier.root), but the ledger signed "
                    + "\(manifest.checkpoint.root): at least one entry was changed. \(Self.remedy)")
        }
        guard Array(disclosuresHash.finalize()) == manifest.disclosuresHash else {
            throw SnapshotError(
                .changed,
                "The snapshot's \(disclosures) disclosures are not those that the ledger signed: at least one was "
                    + "changed or moved. \(Self.remedy)")
        }
        guard try !advance() else { throw changed("follows the checkpoint, which must be the last line") }
    }

    /// What the snapshot holds. Ask only once ``next()`` has returned nil.
    var summary: SnapshotSummary {
        SnapshotSummary(manifest, fileBytes: lines.fileBytes, textBytes: lines.textBytes, isKeyKnown: isKeyKnown)
    }

    // MARK: Faults

    private var place: Place { Place(size: size, total: manifest.checkpoint.size) }

    private var cutShort: SnapshotError { Self.error(.partialLine, path: path, place) }

    private func changed(_ what: String) -> SnapshotError {
        SnapshotError(.changed, "Line \(lines.lineNumber) \(what). \(Self.remedy)")
    }

    private mutating func advance() throws(SnapshotError) -> Bool {
        do throws(SnapshotLines.Fault) {
            return try lines.advance()
        } catch {
            throw Self.error(error, path: path, place)
        }
    }
}
