internal import LMDB

/// Lays postings, which come in the order of hashes and positions, out into the blocks of a run.
struct RunBuilder {
    /// A block that is ready to be written.
    struct Block {
        let key: [UInt8]
        fileprivate(set) var value: [UInt8]
    }

    let run: UInt32
    let base: Position
    /// Blocks that are ready; the caller writes them and empties this.
    var ready: [Block] = []
    /// How many bytes are ready.
    var readyBytes = 0
    private(set) var filter: RunFilter
    private(set) var keyCount = 0
    private(set) var checksum = RunChecksum()

    /// The last block, which is ready once it is known what comes after it.
    private var pending: Block?
    private var hasBlocks = false

    private var hashes: [UInt64] = []
    private var ends: [UInt16] = []
    private var bytes: [UInt8] = []
    private var firstOffset: UInt32 = 0

    private var hash: UInt64 = 0
    private var offsets: [UInt32] = []
    private var lastKey: UInt64?

    /// - Parameter keys: How many different hashes will come, or more.
    init(run: UInt32, base: Position, keys: Int) {
        self.run = run
        self.base = base
        filter = RunFilter(keys: keys)
    }

    /// Takes in a posting, which must not come before those taken in already.
    mutating func add(_ hash: UInt64, _ offset: UInt32) {
        if hash != self.hash || offsets.count == RunBlock.maximumPositions {
            finishList()
            self.hash = hash
        }
        if lastKey != hash {
            lastKey = hash
            keyCount += 1
            filter.insert(hash)
        }
        checksum.add(hash, base + UInt64(offset))
        offsets.append(offset)
    }

    /// Completes the last block.
    mutating func finish() {
        finishList()
        finishBlock()
        finishPending(before: .end)
    }

    private mutating func finishList() {
        guard let first = offsets.first else { return }
        // At most five bytes for each integer.
        let most = RunBlock.headerBytes + (hashes.count + 1) * 10 + bytes.count + (offsets.count + 1) * 5
        if most > RunBlock.maximumBytes { finishBlock() }
        if hashes.isEmpty { firstOffset = first }
        RunBlock.appendVarint(UInt32(truncatingIfNeeded: offsets.count), to: &bytes)
        var previous: UInt32 = 0
        for offset in offsets {
            RunBlock.appendVarint(offset &- previous, to: &bytes)
            previous = offset
        }
        hashes.append(hash)
        ends.append(UInt16(truncatingIfNeeded: bytes.count))
        offsets.removeAll(keepingCapacity: true)
    }

    private mutating func finishBlock() {
        guard let first = hashes.first else { return }
        finishPending(before: RunBlock.Place(hash: first, offset: firstOffset))
        var value: [UInt8] = []
        value.reserveCapacity(RunBlock.headerBytes + hashes.count * 10 + bytes.count)
        value.append(littleEndian: UInt64(0))
        value.append(littleEndian: UInt16(truncatingIfNeeded: hashes.count))
        value.append(littleEndian: hasBlocks ? 0 : RunBlock.isFirstFlag)
        value.append(littleEndian: RunBlock.Place.end.offset)
        value.append(littleEndian: RunBlock.Place.end.hash)
        for hash in hashes { value.append(littleEndian: hash) }
        for end in ends { value.append(littleEndian: end) }
        value.append(contentsOf: bytes)
        pending = Block(key: RunBlock.key(run: run, hash: first, offset: firstOffset), value: value)
        hasBlocks = true
        hashes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }

    /// Completes the block before a place: where the next begins, and its checksum.
    private mutating func finishPending(before next: RunBlock.Place) {
        guard var block = pending.take() else { return }
        block.value.replace(at: 12, littleEndian: next.offset)
        block.value.replace(at: 16, littleEndian: next.hash)
        block.value.replace(at: 0, littleEndian: RunBlock.checksum(block.value.span, key: block.key.span))
        readyBytes += block.value.count
        ready.append(block)
    }
}

extension [UInt8] {
    /// Puts an integer, little-endian, in place of bytes that are there.
    fileprivate mutating func replace<Value: FixedWidthInteger>(at offset: Int, littleEndian value: Value) {
        for step in 0..<Value.bitWidth / 8 { self[offset + step] = UInt8(truncatingIfNeeded: value >> (step * 8)) }
    }
}
