internal import Crypto
internal import EventLog
internal import Transparency
internal import Zstandard

/// Goes through a snapshot line by line and verifies it on the way: nothing is taken to be so because the file says so.
///
/// Everything from the file is limited: lines, windows, disclosures of an entry. What it goes through is trustworthy
/// only once ``next()`` has returned nil.
struct SnapshotReader: ~Copyable {
    /// What a line holds.
    enum Item {
        /// ``line``, from an offset on, is the entry without its opening brace.
        case entry(Position, from: Int)
        /// A disclosure beside the last entry.
        case disclosure([UInt8])
    }

    let manifest: SnapshotManifest
    private let path: String
    private let isKeyKnown: Bool
    private var lines: SnapshotLines
    private var frontier = MerkleFrontier()
    /// The time of the last entry, as it stands there and as a time.
    private var recordedText = [UInt8](repeating: 0, count: SnapshotLine.timeBytes)
    private var recorded: Timestamp?
    private var disclosures: UInt64 = 0
    private var disclosuresHash = SHA256()
    /// How many disclosures the last entry has had so far, and how many bytes of them.
    private var ordinals = 0
    private var ordinalBytes = 0

    private static let lastLineOpening = Array("{\"checkpoint\":".utf8)
    private static let brace: InlineArray<1, UInt8> = [UInt8(ascii: "{")]

    /// Opens a snapshot and verifies its manifest.
    ///
    /// - Parameter verifier: The ledger's key; nil takes the one that the manifest names.
    init(path: String, verifier: NoteVerifier?) throws(SnapshotError) {
        let opened = try Self.open(path)
        manifest = try SnapshotManifest(line: Self.copy(opened.line, from: 0), expected: verifier)
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

    /// The line at hand, without its newline.
    var line: Span<UInt8> {
        @_lifetime(borrow self)
        get { lines.line }
    }

    /// How many entries have been gone through.
    var size: Position { frontier.size }

    /// A copy of the entry at hand.
    func entry(from offset: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(lines.line.count - offset + 1)
        bytes.append(UInt8(ascii: "{"))
        let line = lines.line
        for at in offset..<line.count { bytes.append(line[at]) }
        return bytes
    }

    /// Goes on to the next line.
    ///
    /// - Returns: nil if the snapshot has ended and holds, as a whole.
    /// - Throws: ``SnapshotError``.
    mutating func next() throws(SnapshotError) -> Item? {
        guard try advance() else { throw cutShort }
        var scanner = LineScanner(lines.line)
        if scanner.take(SnapshotLine.position), let position = scanner.takeDecimal(), scanner.take(",") {
            if scanner.take(SnapshotLine.recorded) {
                let start = scanner.at - SnapshotLine.recorded.count
                guard let time = scanner.take(count: SnapshotLine.timeBytes), scanner.take(SnapshotLine.agency),
                    lines.line[lines.line.count - 1] == UInt8(ascii: "}")
                else { throw changed("is not an entry") }
                try takeEntry(at: position, from: start, time: time)
                return .entry(position, from: start)
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

    private mutating func takeEntry(at position: Position, from start: Int, time: Range<Int>) throws(SnapshotError) {
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
        try takeTime(time)
        let leaf = MerkleHash.leaf(Self.brace.span, lines.line.extracting(start..<lines.line.count))
        frontier.append(leaf)
        ordinals = 0
        ordinalBytes = 0
    }

    /// Takes the time of an entry, which is never before that of the entry before it.
    private mutating func takeTime(_ range: Range<Int>) throws(SnapshotError) {
        let text = lines.line.extracting(range)
        var isSame = true
        for at in text.indices where text[at] != recordedText[at] { isSame = false }
        if isSame, recorded != nil { return }
        for at in text.indices { recordedText[at] = text[at] }
        let written = String(decoding: recordedText, as: UTF8.self)
        guard let time = Timestamp(written), time.description == written else {
            throw changed("is an entry that was recorded at no time")
        }
        guard time >= recorded ?? time else { throw changed("is an entry recorded before the one before it") }
        recorded = time
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
        var line = Self.copy(lines.line, from: 0)
        line.append(UInt8(ascii: "\n"))
        disclosuresHash.update(data: line)
        return bytes
    }

    private mutating func takeLastLine() throws(SnapshotError) {
        guard Self.copy(lines.line, from: 0)[...] == manifest.lastLine.dropLast() else {
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

    /// How far reading has come, for errors.
    private struct Place {
        var size: Position = 0
        var total: Position?

        var description: String {
            guard let total else { return "within its first line, the manifest" }
            return size == 0 ? "before its first entry" : "after position \(size - 1) (of \(total) entries)"
        }
    }

    private static let remedy = "Get the snapshot again from where it was made."

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

    private static func copy(_ line: Span<UInt8>, from offset: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(line.count - offset + 1)
        for at in offset..<line.count { bytes.append(line[at]) }
        return bytes
    }

    private static func error(_ fault: SnapshotLines.Fault, path: String, _ place: Place) -> SnapshotError {
        switch fault {
        case .system(let code):
            return SnapshotError(errno: code, "read \(path)")
        case .partialLine:
            return SnapshotError(.cutShort, "The snapshot is cut short \(place.description). \(remedy)")
        case .longLine:
            guard place.total != nil else {
                return SnapshotError(.notASnapshot, "The first line of \(path) is longer than a manifest can be.")
            }
            return SnapshotError(
                .tooLarge, "The snapshot holds a line longer than any can be, \(place.description). \(remedy)")
        case .noSeal:
            return SnapshotError(
                .cutShort,
                "The file does not end with its seal, 40 bytes after the compressed text: it was cut short, or something "
                    + "was appended, or another program has compressed it anew. \(remedy)")
        case .brokenSeal:
            return SnapshotError(
                .changed, "The file's bytes are not those that were written: its seal does not fit them. \(remedy)")
        case .compression(let error):
            switch error.code {
            case .notZstandard:
                return SnapshotError(
                    .notASnapshot, "\(path) is no snapshot: it is not compressed by Zstandard, as every snapshot is.")
            case .truncated:
                return Self.error(.partialLine, path: path, place)
            case .trailingBytes:
                return SnapshotError(
                    .changed, "Something that is no part of the snapshot follows \(place.description). \(remedy)")
            case .windowTooLarge:
                return SnapshotError(
                    .tooLarge,
                    "The file asks for more memory than a snapshot needs (a window of over 128 MiB) \(place.description). "
                        + remedy)
            case .outOfMemory:
                return SnapshotError(.inputOutput, "There is not enough memory to decompress \(path).")
            default:
                return SnapshotError(
                    .changed,
                    "The compressed data is damaged \(place.description): \(error.reason). \(remedy)")
            }
        }
    }
}
