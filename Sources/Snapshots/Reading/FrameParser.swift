internal import EventLog
internal import Exchange
internal import Glibc
internal import JSON
internal import LMDB
internal import Transparency
internal import Zstandard

/// Decompresses frames and judges their lines, as far as that can be done without the frames before. Keeps its buffers.
final class FrameParser {
    /// A frame as it lies in the file.
    struct Frame: Sendable {
        let bytes: [UInt8]
        /// How many bytes its content has.
        let contentBytes: Int
    }

    private var reader: ZstandardFrameReader?
    private var form = EntryForm()
    private var given = GivenEntryVerifier()
    /// Whether the bytes of sealed disclosures are wanted.
    private let keepsDisclosures: Bool
    /// Of the entry at hand.
    private var ordinals = 0
    private var ordinalBytes = 0

    init(keepsDisclosures: Bool) {
        self.keepsDisclosures = keepsDisclosures
        reader = try? ZstandardFrameReader()
    }

    /// The content of a frame.
    func text(of frame: Frame) throws(FrameFault) -> [UInt8] {
        guard reader != nil else { throw FrameFault(kind: .outOfMemory) }
        do throws(ZstandardError) {
            return try reader?.content(of: frame.bytes.span, count: frame.contentBytes) ?? []
        } catch {
            throw FrameFault(kind: .compression(error.reason))
        }
    }

    /// The lines of a frame.
    ///
    /// - Complexity: O(*n*) in the content; each entry is parsed and hashed, each disclosure hashed.
    func parse(_ frame: Frame) -> Result<FrameContent, FrameFault> {
        do throws(FrameFault) {
            return .success(try parse(text: text(of: frame)))
        } catch {
            return .failure(error)
        }
    }

    func parse(text: consuming [UInt8]) throws(FrameFault) -> FrameContent {
        var content = FrameContent(text: text)
        var start = 0
        while start < content.text.count {
            guard let end = Self.newline(in: content.text.span, from: start) else {
                throw FrameFault(kind: .partialLine)
            }
            guard end - start <= SnapshotLine.maximumBytes else {
                throw FrameFault(kind: .tooLarge("holds a line longer than any can be"), line: content.lineCount)
            }
            do throws(FrameFault) {
                try take(start..<end, &content)
            } catch {
                throw FrameFault(kind: error.kind, line: content.lineCount)
            }
            content.lineCount += 1
            start = end + 1
        }
        return content
    }

    /// What a line is, by how it begins. Offsets are within the line.
    private enum Kind {
        case entry(Position, at: Int)
        case given(Position)
        case disclosure(Position, ordinal: UInt64, text: Range<Int>)
        case leftOut(FrameContent.Item)
        case end
        case neither
    }

    private static func kind(of line: Span<UInt8>) throws(FrameFault) -> Kind {
        var scanner = LineScanner(line)
        if scanner.take(SnapshotLine.position), let position = scanner.takeDecimal(), scanner.take(",") {
            let at = scanner.at
            if scanner.take(SnapshotLine.recorded) { return .entry(position, at: at) }
            if scanner.take(SnapshotLine.entry) { return .given(position) }
            guard scanner.take(SnapshotLine.ordinal), let ordinal = scanner.takeDecimal(),
                scanner.take(SnapshotLine.disclosure), scanner.rest.count >= 2,
                line[line.count - 2] == UInt8(ascii: "\""), line[line.count - 1] == UInt8(ascii: "}")
            else { return .neither }
            return .disclosure(position, ordinal: ordinal, text: scanner.at..<line.count - 2)
        }
        scanner = LineScanner(line)
        if scanner.take(SnapshotLine.from) { return .leftOut(try leftOut(scanner)) }
        return scanner.take(SnapshotEnd.opening) ? .end : .neither
    }

    private func take(_ line: Range<Int>, _ content: inout FrameContent) throws(FrameFault) {
        switch try Self.kind(of: content.text.span.extracting(line)) {
        case .entry(let position, let at):
            try takeEntry(at: position, line.lowerBound + at - 1..<line.upperBound, &content)
        case .given(let position):
            try takeGiven(at: position, line, &content)
        case .disclosure(let position, let ordinal, let text):
            let text = line.lowerBound + text.lowerBound..<line.lowerBound + text.upperBound
            try takeDisclosure(ordinal, at: position, text, &content)
        case .leftOut(let item):
            content.beside.append(MerkleHash.leaf(content.text.span.extracting(line)))
            content.lines.append(.init(number: content.lineCount, item: item))
        case .end:
            content.lines.append(.init(number: content.lineCount, item: .end(line)))
        case .neither:
            throw FrameFault(kind: .changed("is neither an entry nor anything else that a snapshot holds"))
        }
    }

    /// Takes an entry whose line has been found to be one, from the comma before `"recorded"` on.
    private func takeEntry(
        at position: Position, _ range: Range<Int>, _ content: inout FrameContent
    ) throws(FrameFault) {
        guard range.count <= LogLimits.entryBytes else {
            throw FrameFault(
                kind: .tooLarge("holds an entry of over \(LogLimits.entryBytes) bytes, which no ledger has"))
        }
        // The comma stands where the entry has its brace.
        content.text[range.lowerBound] = UInt8(ascii: "{")
        let recorded: Timestamp
        let leaf: MerkleHash
        do throws(LogError) {
            let entry = content.text.span.extracting(range)
            recorded = try form.parse(entry, at: position)
            leaf = MerkleHash.leaf(entry)
        } catch {
            throw FrameFault(kind: .says(error.reason))
        }
        add(at: position, recorded, leaf, range, given: nil, &content)
    }

    private func add(
        at position: Position, _ recorded: Timestamp, _ leaf: MerkleHash, _ range: Range<Int>,
        given: Range<Int>?, _ content: inout FrameContent
    ) {
        (ordinals, ordinalBytes) = (0, 0)
        let none = content.disclosures.count..<content.disclosures.count
        // What a recipient was given of it stands beside it at once.
        let beside = content.beside.count..<content.beside.count + (given == nil ? 0 : 1)
        content.lines.append(
            .init(
                number: content.lineCount,
                item: .entry(
                    .init(
                        position: position, recorded: recorded, leaf: leaf, bytes: range, given: given,
                        disclosures: none, beside: beside))))
    }

    /// Takes an entry with what a recipient was given of it.
    private func takeGiven(
        at position: Position, _ line: Range<Int>, _ content: inout FrameContent
    ) throws(FrameFault) {
        let bytes = content.text.span.extracting(line).copied
        do throws(ReadVerificationError) {
            let verified = try given.verify(bytes)
            // The entry comes behind the position, as it is.
            var scanner = LineScanner(bytes.span)
            _ =
                scanner.take(SnapshotLine.position) && scanner.takeDecimal() != nil && scanner.take(",")
                && scanner.take(SnapshotLine.entry)
            let start = line.lowerBound + scanner.at - 1
            add(
                at: position, verified.recorded, verified.leaf, start..<start + verified.entry.count,
                given: line, &content)
        } catch {
            throw FrameFault(kind: .says("What is given of position \(position) does not hold. \(error.reason)"))
        }
        content.beside.append(MerkleHash.leaf(bytes.span))
    }

    private func takeDisclosure(
        _ ordinal: UInt64, at position: Position, _ text: Range<Int>, _ content: inout FrameContent
    ) throws(FrameFault) {
        guard let last = content.lines.last, case .entry(var entry) = last.item, entry.position == position,
            ordinal == UInt64(ordinals)
        else {
            throw FrameFault(
                kind: .changed(
                    "is a disclosure (position \(position), ordinal \(ordinal)) that does not belong there"))
        }
        guard let bytes = Base64.decode(content.text.span.extracting(text)) else {
            throw FrameFault(kind: .changed("is a disclosure that is not base64"))
        }
        ordinals += 1
        ordinalBytes += bytes.count
        guard bytes.count <= LogLimits.disclosureBytes, ordinals <= LogLimits.disclosuresPerEvent,
            ordinalBytes <= LogLimits.requestBytes
        else {
            throw FrameFault(
                kind: .tooLarge("brings the disclosures at position \(position) over what a ledger takes"))
        }
        content.beside.append(
            BesideTree.leaf(bytes.span, at: DisclosurePlace(position: position, ordinal: Int(ordinal))))
        entry.beside = entry.beside.lowerBound..<content.beside.count
        if keepsDisclosures {
            content.disclosures.append(bytes)
            entry.disclosures = entry.disclosures.lowerBound..<content.disclosures.count
        }
        content.lines[content.lines.count - 1].item = .entry(entry)
    }

    /// Reads the line of entries that are left out, from behind its opening.
    private static func leftOut(_ scanner: LineScanner) throws(FrameFault) -> FrameContent.Item {
        var scanner = scanner
        let fault = FrameFault(kind: .changed("should say by hashes which entries are left out, and does not"))
        guard let from = scanner.takeDecimal(), scanner.take(SnapshotLine.to), let to = scanner.takeDecimal(),
            from < to,
            scanner.take(SnapshotLine.hashes)
        else { throw fault }
        let count = PerfectSubtree.parts(of: from..<to).count
        var hashes: [MerkleHash] = []
        while hashes.count < count {
            guard hashes.isEmpty || scanner.take(","), let text = scanner.takePlainString(),
                let bytes = Base64.decode(scanner.line.extracting(text)), let hash = MerkleHash(bytes)
            else { throw fault }
            hashes.append(hash)
        }
        guard scanner.take(SnapshotLine.hashesEnd), scanner.rest.isEmpty else { throw fault }
        return .leftOut(from..<to, hashes)
    }

    private static func newline(in text: Span<UInt8>, from start: Int) -> Int? {
        var at = start
        while at + 8 <= text.count {
            let word = text.littleEndianWord(at: at) ^ 0x0A0A_0A0A_0A0A_0A0A
            let zeros = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
            if zeros != 0 { return at + zeros.trailingZeroBitCount / 8 }
            at += 8
        }
        while at < text.count {
            if text[at] == 0x0A { return at }
            at += 1
        }
        return nil
    }
}
