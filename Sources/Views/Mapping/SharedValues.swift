internal import EventLog
internal import LMDB

/// Values that several facts of an entry have in common: each block of them is kept once, in the order of positions.
struct SharedValues: Sendable {
    struct Block {
        let position: Position
        /// Its number within the entry.
        let number: UInt8
        let start: Int
        var length = 0
    }

    private(set) var blocks: [Block] = []
    private var bytes: [UInt8] = []
    /// How many blocks are of entries that were mapped to their end.
    private var kept = 0
    private var keptBytes = 0

    /// The most blocks that an entry has.
    static let mostPerEntry = 255

    /// How many bytes of memory it takes, about.
    var byteCount: Int { blocks.count * 32 + bytes.count }

    /// How many blocks there are.
    var count: Int { blocks.count }

    /// How many blocks the entry at hand has so far.
    var newCount: Int { blocks.count - kept }

    /// The bytes of the block that was begun last.
    var lastLength: Int { blocks.last.map { $0.length } ?? 0 }

    /// Begins a block, and lets it be written.
    mutating func begin(_ position: Position, _ write: (_ bytes: inout [UInt8]) -> Void) {
        let start = bytes.count
        let number = UInt8(truncatingIfNeeded: newCount)
        write(&bytes)
        blocks.append(Block(position: position, number: number, start: start, length: bytes.count - start))
    }

    /// Keeps the blocks of the entry at hand.
    mutating func keep() {
        kept = blocks.count
        keptBytes = bytes.count
    }

    /// Drops them.
    mutating func drop() {
        blocks.removeLast(blocks.count - kept)
        bytes.removeLast(bytes.count - keptBytes)
    }

    /// Does something with a block and its bytes.
    @inline(__always)
    func withBlock(
        _ index: Int, _ body: (_ block: Block, _ values: Span<UInt8>) throws(LMDBError) -> Void
    ) throws(LMDBError) {
        let block = blocks[index]
        try body(block, bytes.span.extracting(block.start..<block.start + block.length))
    }

    /// All blocks, which were kept; there are none here then, and as much room as these took.
    mutating func take() -> SharedValues {
        drop()
        var others = SharedValues()
        others.blocks.reserveCapacity(blocks.count)
        others.bytes.reserveCapacity(bytes.count)
        swap(&self, &others)
        return others
    }

    /// A copy of a block; nil if there is none.
    func block(of position: Position, _ number: UInt8) -> [UInt8]? {
        blocks.first { $0.position == position && $0.number == number }.map {
            bytes.span.copied(from: $0.start, to: $0.start + $0.length)
        }
    }
}
