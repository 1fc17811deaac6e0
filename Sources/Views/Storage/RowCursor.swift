internal import LMDB

/// Goes through packed rows, group by group.
struct RowCursor {
    /// What was not begun yet: pieces in memory, in the opposite order, or numbers of pieces that were put aside.
    private var pieces: [[UInt8]]
    private var stored: Range<UInt64>
    private let spill: RowSpill?
    private var piece: [UInt8] = []
    private var at = 0
    /// Where the name of the group at hand stands in the piece, and how many of its rows are to come.
    private var nameRange = 0..<0
    private(set) var rowsLeft = 0

    init(_ packed: PackedRows) {
        pieces = packed.pieces.reversed()
        (stored, spill) = (0..<0, nil)
    }

    /// - Parameter stored: The numbers of the pieces.
    init(_ stored: Range<UInt64>, in spill: RowSpill) {
        (pieces, self.stored, self.spill) = ([], stored, spill)
    }

    /// Whether the name of the group at hand is less than that of another cursor's (less than 0), the same (0), or more.
    @inline(__always)
    func compareName(to other: borrowing RowCursor) -> Int {
        ByteOrder.compare(piece.span.extracting(nameRange), other.piece.span.extracting(other.nameRange))
    }

    /// Writes the key of the group's rows, whose end is to be filled in.
    func writeKey(_ table: FactRow.Table, to key: inout [UInt8]) {
        FactRow.writeKey(table, piece.span.extracting(nameRange), 0, 0, to: &key)
    }

    /// Goes to the next group; what is left of the one at hand must have been given. False at the end.
    mutating func nextGroup() throws(LMDBError) -> Bool {
        while at >= piece.count {
            if let next = pieces.popLast() {
                piece = next
            } else if let number = stored.first, let spill {
                piece = try spill.piece(number)
                stored = number + 1..<stored.upperBound
            } else {
                piece = []
                return false
            }
            at = 0
        }
        let start = at + PackedRows.lengthBytes
        let end = start + Int(piece.span.littleEndianQuarter(at: at))
        let count = Int(piece.span.littleEndianHalf(at: end))
        (nameRange, rowsLeft, at) = (start..<end, count, end + PackedRows.countBytes)
        return true
    }

    /// Gives rows of the group at hand, until there is no room for more.
    ///
    /// - Parameters:
    ///   - key: The key of the group's rows, whose last bytes are written: position and ordinal.
    ///   - room: How many rows there is room for; it is counted down.
    @inline(__always)
    mutating func giveRows(
        _ key: inout [UInt8], _ room: inout Int,
        _ put: (_ key: Span<UInt8>, _ value: Span<UInt8>, _ row: Span<UInt8>) throws(LMDBError) -> Void
    ) throws(LMDBError) {
        let count = min(room, rowsLeft)
        var place = at
        for _ in 0..<count {
            let head = place..<place + RowLists.placeBytes
            let start = place + RowLists.headBytes
            let end = start + Int(piece.span.littleEndianQuarter(at: head.upperBound))
            key.removeLast(RowLists.placeBytes)
            key.append(copying: piece.span.extracting(head))
            try put(key.span, piece.span.extracting(start..<end), piece.span.extracting(place..<end))
            place = end
        }
        at = place
        rowsLeft -= count
        room -= count
    }
}
