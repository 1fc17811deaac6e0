internal import EventLog
internal import LMDB
internal import Transparency

/// The text of a part of a log: entries that are in it, and of those between them the hashes.
struct PartText {
    private let log: Log
    private let size: Position
    /// Up to where every position is spoken of.
    private var position: Position = 0
    private(set) var bytes: [UInt8] = []
    private(set) var beside = BesideTree()
    private(set) var entries: UInt64 = 0

    init(_ log: Log, size: Position) {
        (self.log, self.size) = (log, size)
    }

    /// Appends an entry with what a recipient was given of it.
    mutating func append(_ line: [UInt8], at place: Position) throws(SnapshotError) {
        try leaveOut(upTo: place)
        bytes += line
        bytes.append(UInt8(ascii: "\n"))
        beside.append(MerkleHash.leaf(line.span))
        position = place + 1
        entries += 1
    }

    /// Appends an entry as it is stored, with the sealed disclosures beside it.
    mutating func append(entryAt place: Position) throws(SnapshotError) {
        try leaveOut(upTo: place)
        var (text, tree) = ([UInt8](), beside)
        do throws(LogError) {
            _ = try log.appendLines(from: place, to: place + 1, maximumBytes: 1, to: &text) { place, disclosure, text in
                tree.append(BesideTree.leaf(disclosure, at: place))
                SnapshotLine.append(disclosure: disclosure, at: place, to: &text)
            }
        } catch {
            throw SnapshotError(error, "read the ledger")
        }
        bytes += text
        beside = tree
        position = place + 1
        entries += 1
    }

    /// Leaves out what is left.
    mutating func finish() throws(SnapshotError) { try leaveOut(upTo: size) }

    private mutating func leaveOut(upTo end: Position) throws(SnapshotError) {
        guard position < end else { return }
        let line = try log.leftOutLine(position..<end)
        beside.append(MerkleHash.leaf(line.span))
        bytes += line
        bytes.append(UInt8(ascii: "\n"))
        position = end
    }

    /// What there is of text, which is forgotten here.
    mutating func takeFrame() -> [UInt8] {
        var frame: [UInt8] = []
        swap(&frame, &bytes)
        return frame
    }
}

extension Log {
    /// The line of entries that a snapshot leaves out, without its newline.
    func leftOutLine(_ range: Range<Position>) throws(SnapshotError) -> [UInt8] {
        do throws(LogError) {
            var line: [UInt8] = []
            SnapshotLine.append(leftOut: range, try hashes(of: range), to: &line)
            return line
        } catch {
            throw SnapshotError(error, "read the ledger")
        }
    }
}
