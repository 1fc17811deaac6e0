internal import EventLog
internal import LMDB
internal import Transparency

/// Goes through a snapshot frame by frame and verifies it on the way: nothing is taken to be so because the file says so.
///
/// Frames are decompressed, parsed and hashed on several threads; what only their order can tell is found here. Everything from
/// the file is limited: frames, lines, disclosures of an entry. What it goes through is trustworthy only once ``next()`` has
/// returned nil.
struct SnapshotReader: ~Copyable {
    typealias Pool = OrderedPool<FrameParser.Frame, Result<FrameContent, FrameFault>>

    let manifest: SnapshotManifest
    let path: String
    private let isKeyKnown: Bool
    private var source: FrameSource
    private var pool: Pool?
    private let keepsDisclosures: Bool
    private let threads: Int
    /// What ended the reading of the file: its end, or a fault. What was read before comes first.
    private var isSourceRead = false
    private var sourceFault: FrameSource.Fault?
    /// The lengths of frames that were read and are not gone through yet.
    private var ahead: [(lengths: SeekTable.Frame, sum: UInt64)] = []

    // Up to the last frame that was gone through.
    private(set) var table = SeekTable()
    private(set) var seal = SnapshotSeal()
    private(set) var frontier = MerkleFrontier()
    private(set) var beside = BesideTree()
    /// Where the last frame that was gone through ends in the file.
    private(set) var offset: UInt64 = 0
    private var textBytes: UInt64 = 0
    private var entries: UInt64 = 0
    private var recorded = Timestamp(microseconds: .min)
    private var lineCount: UInt64 = 0
    private var isLastLeftOut = false
    private var end: SnapshotEnd?

    /// Opens a snapshot and verifies its manifest.
    ///
    /// - Parameters:
    ///   - verifier: The ledger's key; nil takes the one that the manifest names.
    ///   - keepsDisclosures: Whether what is gone through has the bytes of sealed disclosures.
    init(
        path: String, verifier: NoteVerifier?, keepsDisclosures: Bool = false, threads: Int = Pool.usualThreads
    ) throws(SnapshotError) {
        var frame = FrameParser.Frame(bytes: [], contentBytes: 0)
        let opened = try Self.open(path, &frame)
        let text = try Self.firstText(frame, path)
        let manifest = try SnapshotManifest(line: text.dropLast(), expected: verifier)
        self.manifest = manifest
        source = opened
        isKeyKnown = verifier != nil
        self.path = path
        self.keepsDisclosures = keepsDisclosures
        self.threads = threads
        seal.take(frame: frame.bytes.span)
        table.frames.append(Self.lengths(of: frame))
        offset = UInt64(frame.bytes.count)
        textBytes = UInt64(text.count)
        lineCount = 1
    }

    /// The first frame's one line, with its newline.
    private static func firstText(_ frame: FrameParser.Frame, _ path: String) throws(SnapshotError) -> [UInt8] {
        let text: [UInt8]
        do throws(FrameFault) {
            text = try FrameParser(keepsDisclosures: false).text(of: frame)
        } catch {
            throw Self.error(error, atLine: 0, Place(), path)
        }
        guard let lineEnd = text.firstIndex(of: 0x0A) else {
            guard text.count <= SnapshotLine.maximumManifestBytes else {
                throw SnapshotError(.notASnapshot, "The first line of \(path) is longer than a manifest can be.")
            }
            throw cutShort(Place())
        }
        guard lineEnd == text.count - 1, lineEnd <= SnapshotLine.maximumManifestBytes else {
            throw SnapshotError(
                .notASnapshot, "\(path) is no snapshot: its first frame is not one line, the manifest.")
        }
        return text
    }

    /// Opens a file and reads its first frame.
    private static func open(
        _ path: String, _ first: inout FrameParser.Frame
    ) throws(SnapshotError) -> FrameSource {
        do throws(FrameSource.Fault) {
            var source = try FrameSource(path: path)
            switch try source.next() {
            case .frame(let frame): first = frame
            case .skippable: throw .noFrame(isFirst: true)
            case .end: throw .partialFrame
            }
            return source
        } catch {
            throw Self.error(error, path, Place())
        }
    }

    /// How many entries have been gone through, with those that are left out.
    var size: Position { frontier.size }

    /// Goes on to the next frame.
    ///
    /// - Returns: nil if the snapshot has ended and holds, as a whole.
    /// - Throws: ``SnapshotError``.
    mutating func next() throws(SnapshotError) -> FrameContent? {
        let pool = self.pool ?? Self.makePool(threads, keepsDisclosures)
        self.pool = pool
        fill(pool)
        guard let outcome = pool.take() else {
            if let fault = sourceFault { throw Self.error(fault, path, place) }
            throw Self.cutShort(place)
        }
        let content: FrameContent
        do throws(FrameFault) {
            content = try outcome.get()
        } catch {
            throw Self.error(error, atLine: lineCount, place, path)
        }
        if case .end(let range)? = content.lines.first?.item, content.lineCount == 1 {
            try takeEnd(Array(content.text[range]))
            try takeRest()
            return nil
        }
        try take(content)
        takeFrame(content.text.count)
        return content
    }

    private static func makePool(_ threads: Int, _ keepsDisclosures: Bool) -> Pool {
        Pool(threads: threads) {
            let parser = FrameParser(keepsDisclosures: keepsDisclosures)
            return { frame in parser.parse(frame) }
        }
    }

    /// Reads ahead, so that every thread has work.
    private mutating func fill(_ pool: Pool) {
        while !isSourceRead, pool.count <= threads {
            do throws(FrameSource.Fault) {
                switch try source.next() {
                case .frame(let frame):
                    let number = seal.sums.count + ahead.count
                    let sum = SnapshotSeal.sum(of: frame.bytes.span, number: number)
                    ahead.append((Self.lengths(of: frame), sum))
                    pool.give(frame)
                case .skippable(let bytes):
                    isSourceRead = true
                    tail = bytes
                case .end:
                    isSourceRead = true
                }
            } catch {
                isSourceRead = true
                sourceFault = error
            }
        }
    }

    /// What follows the frames of the text: the seal, if all is well.
    private var tail: [UInt8]?

    /// Counts the frame that was gone through as good.
    private mutating func takeFrame(_ count: Int) {
        let (lengths, sum) = ahead.removeFirst()
        seal.take(sum: sum)
        table.frames.append(lengths)
        offset += UInt64(lengths.bytes)
        textBytes += UInt64(count)
    }

    // MARK: What the order of lines tells

    private mutating func take(_ content: FrameContent) throws(SnapshotError) {
        for line in content.lines {
            let number = lineCount + UInt64(line.number)
            switch line.item {
            case .entry(let entry): try take(entry, number)
            case .leftOut(let range, let hashes): try take(leftOut: range, hashes, number)
            case .end:
                throw changed(number, "ends the snapshot within a frame of other lines: lines were left out or added")
            }
        }
        for leaf in content.beside { beside.append(leaf) }
        lineCount += UInt64(content.lineCount)
    }

    private mutating func take(_ entry: FrameContent.EntryLine, _ number: UInt64) throws(SnapshotError) {
        guard entry.position == size else {
            throw changed(
                number,
                "should hold the entry at position \(size) but holds position \(entry.position): an entry was left out, "
                    + "added or moved")
        }
        guard size < manifest.checkpoint.size else {
            throw changed(number, "is an entry beyond the \(manifest.checkpoint.size) that the ledger signed")
        }
        guard size >= manifest.contents.base else {
            throw changed(number, "is an entry before position \(manifest.contents.base), where the snapshot begins")
        }
        guard entry.recorded >= recorded else {
            throw changed(number, "holds the entry at position \(size), recorded before the one before it")
        }
        recorded = entry.recorded
        frontier.append(entry.leaf)
        entries += 1
        isLastLeftOut = false
    }

    private mutating func take(
        leftOut range: Range<Position>, _ hashes: [MerkleHash], _ number: UInt64
    ) throws(SnapshotError) {
        guard range.lowerBound == size, range.upperBound <= manifest.checkpoint.size, !isLastLeftOut else {
            throw changed(number, "leaves out positions \(range), which do not belong there")
        }
        if case .log(let since) = manifest.contents {
            guard let since, range == 0..<since.size else {
                throw changed(number, "leaves out entries, which a snapshot of the log must not")
            }
        }
        for (part, hash) in zip(PerfectSubtree.parts(of: range), hashes) {
            _ = frontier.append(hash, level: part.level)
        }
        isLastLeftOut = true
        if case .log(let since?) = manifest.contents, frontier.root != since.root {
            throw changed(number, "does not lead to the root \(since.root) that the manifest goes on from")
        }
    }

    private mutating func takeEnd(_ line: [UInt8]) throws(SnapshotError) {
        guard size == manifest.checkpoint.size else {
            throw changed(
                lineCount,
                "ends the snapshot after \(size) entries, but the ledger signed \(manifest.checkpoint.size): entries "
                    + "were left out")
        }
        let end = try SnapshotEnd(line: line, of: manifest)
        guard beside.frontier.size == end.count else {
            throw changed(
                lineCount,
                "ends the snapshot after \(beside.frontier.size) disclosures and lines that leave out, but the ledger signed "
                    + "\(end.count): some were left out or added")
        }
        guard frontier.root == manifest.checkpoint.root else {
            throw SnapshotError(
                .changed,
                "The snapshot's \(size) entries lead to the root \(frontier.root), but the ledger signed "
                    + "\(manifest.checkpoint.root): at least one entry was changed. \(Self.remedy)")
        }
        guard beside.frontier.root == end.root else {
            throw SnapshotError(
                .changed,
                "The snapshot's \(end.count) disclosures and lines that leave out are not those that the ledger signed: at least "
                    + "one was changed or moved. \(Self.remedy)")
        }
        self.end = end
        lineCount += 1
        takeFrame(line.count + 1)
    }

    /// Verifies what follows the text: the seal and the seek table, and nothing after them.
    private mutating func takeRest() throws(SnapshotError) {
        if let fault = sourceFault { throw Self.error(fault, path, place) }
        guard
            isSourceRead
                || {
                    fillRest(); return sourceFault == nil
                }()
        else {
            throw Self.error(sourceFault ?? .partialFrame, path, place)
        }
        guard ahead.isEmpty, pool?.count == 0 else { throw changed(lineCount, "follows the checkpoint, the last line") }
        guard let tail else { throw Self.cutShort(place) }
        guard tail == seal.bytes else {
            throw SnapshotError(
                .changed, "The file's bytes are not those that were written: its seal does not fit them. \(Self.remedy)"
            )
        }
        table.frames.append(.init(bytes: UInt32(tail.count), content: 0))
        do throws(FrameSource.Fault) {
            guard case .skippable(let bytes) = try source.next() else { throw .partialFrame }
            guard bytes == table.bytes else {
                throw .damaged("its seek table is not that of its frames")
            }
            guard case .end = try source.next() else { throw .damaged("something follows its end") }
        } catch {
            throw Self.error(error, path, place)
        }
    }

    private mutating func fillRest() {
        guard let pool else { return }
        fill(pool)
    }

    /// What the snapshot holds. Ask only once ``next()`` has returned nil.
    var summary: SnapshotSummary {
        SnapshotSummary(
            manifest, entries: entries, beside: beside.frontier.size, fileBytes: source.offset, textBytes: textBytes,
            isKeyKnown: isKeyKnown)
    }

    private var place: Place { Place(size: size, total: manifest.checkpoint.size) }

    private func changed(_ line: UInt64, _ what: String) -> SnapshotError {
        SnapshotError(.changed, "Line \(line + 1) \(what). \(Self.remedy)")
    }

    private static func lengths(of frame: FrameParser.Frame) -> SeekTable.Frame {
        .init(bytes: UInt32(frame.bytes.count), content: UInt32(frame.contentBytes))
    }
}
