internal import LMDB

/// Lays postings, which come in the order of hashes and positions, out into the blocks of a run.
struct RunBuilder {
    /// A block that is ready to be written.
    struct Block {
        let key: [UInt8]
        let value: [UInt8]
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
    }

    private mutating func finishList() {
        guard let first = offsets.first else { return }
        // At most five bytes for each integer.
        if 4 + (hashes.count + 1) * 10 + bytes.count + (offsets.count + 1) * 5 > RunBlock.maximumBytes { finishBlock() }
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
        var value: [UInt8] = []
        value.reserveCapacity(4 + hashes.count * 10 + bytes.count)
        value.append(littleEndian: UInt16(truncatingIfNeeded: hashes.count))
        value.append(littleEndian: UInt16(0))
        for hash in hashes { value.append(littleEndian: hash) }
        for end in ends { value.append(littleEndian: end) }
        value.append(contentsOf: bytes)
        ready.append(Block(key: RunBlock.key(run: run, hash: first, offset: firstOffset), value: value))
        readyBytes += value.count
        hashes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }
}
