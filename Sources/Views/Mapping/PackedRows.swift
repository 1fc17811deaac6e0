internal import LMDB

/// Rows of a table in the order of their keys, packed: object by object, in pieces each of which can be read by itself.
///
/// A piece is a list of groups: name of the object, or of key and object (2 bytes of length, the name); number of rows (4);
/// each row as ``RowLists`` has it. A group that does not fit a piece goes on in the next one, under its name again.
struct PackedRows: Sendable {
    /// A piece that has as many bytes is full. With its last row and the head of a group it fits 16 pages.
    static let pieceBytes = 60_000
    /// How many bytes stand before the name of a group, and between it and its rows.
    static let lengthBytes = 2
    static let countBytes = 4

    fileprivate(set) var pieces: [[UInt8]] = []
    fileprivate(set) var byteCount = 0

    var isEmpty: Bool { pieces.isEmpty }
}

/// Packs rows that come in the order of their keys.
struct RowPacker {
    private var packed = PackedRows()
    private var piece: [UInt8] = []
    /// Where the number of rows of the group at hand stands, and how many it has so far.
    /// The name that was added under last.
    private var last: [UInt8] = []
    private var count: (at: Int, rows: UInt32)?

    /// Begins the rows of an object. An object that comes twice has two groups.
    mutating func begin(_ name: Span<UInt8>) {
        endGroup()
        if piece.count >= PackedRows.pieceBytes { endPiece() }
        if piece.isEmpty { piece.reserveCapacity(PackedRows.pieceBytes + PackedRows.pieceBytes / 8) }
        piece.append(littleEndian: UInt16(truncatingIfNeeded: name.count))
        piece.append(copying: name)
        count = (piece.count, 0)
        piece.append(littleEndian: UInt32(0))
    }

    /// Adds a row of the object that was begun last.
    @inline(__always)
    mutating func add(_ row: Span<UInt8>, of name: Span<UInt8>) {
        if piece.count >= PackedRows.pieceBytes { begin(name) }
        piece.append(copying: row)
        count?.rows += 1
    }

    /// Adds a row of an object, after all that are there.
    @inline(__always)
    mutating func add(_ row: Span<UInt8>, under name: Span<UInt8>) {
        if !last.span.isEqual(to: name) {
            begin(name)
            last = name.copied
        }
        add(row, of: name)
    }

    private mutating func endGroup() {
        guard let (at, rows) = count else { return }
        for byte in 0..<PackedRows.countBytes { piece[at + byte] = UInt8(truncatingIfNeeded: rows >> (8 * byte)) }
        count = nil
    }

    private mutating func endPiece() {
        endGroup()
        guard !piece.isEmpty else { return }
        packed.byteCount += piece.count
        packed.pieces.append(piece)
        piece = []
    }

    /// The pieces that are full, which are given away.
    mutating func takeFull() -> [[UInt8]] {
        let full = packed.pieces
        packed.pieces = []
        return full
    }

    /// All that was packed.
    consuming func finish() -> PackedRows {
        endPiece()
        return packed
    }
}
