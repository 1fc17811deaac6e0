internal import EventLog
internal import Transparency

/// The text of a log for a snapshot: entries one after another, each with the sealed disclosures beside it. No read transaction
/// is longer than a piece.
struct LogText {
    private let log: Log
    private let end: Position
    private(set) var position: Position
    private(set) var beside: BesideTree

    /// About how much is read in one transaction.
    private static let pieceBytes = 1 << 20

    /// - Parameters:
    ///   - position: Where to begin, with what stands beside the entries before.
    ///   - end: The position after the last.
    init(_ log: Log, from position: Position, to end: Position, beside: BesideTree = BesideTree()) {
        (self.log, self.position, self.end, self.beside) = (log, position, end, beside)
    }

    /// Appends the text of the next frame.
    ///
    /// Whatever is read is held against its checksum.
    ///
    /// - Returns: false if there is none.
    mutating func next(frameBytes: Int, to text: inout [UInt8]) throws(SnapshotError) -> Bool {
        guard position < end else { return false }
        text.reserveCapacity(frameBytes + Self.pieceBytes / 4)
        var tree = BesideTree()
        swap(&tree, &beside)
        do throws(LogError) {
            while position < end, text.count < frameBytes {
                position = try log.appendLines(
                    from: position, to: end, maximumBytes: min(frameBytes, text.count + Self.pieceBytes), to: &text
                ) { place, disclosure, text in
                    tree.append(BesideTree.leaf(disclosure, at: place))
                    SnapshotLine.append(disclosure: disclosure, at: place, to: &text)
                }
            }
        } catch {
            throw SnapshotError(error, "read the ledger")
        }
        swap(&tree, &beside)
        return true
    }
}
