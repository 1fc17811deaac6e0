/// The part of the index that is still in memory: names' hashes and the positions filed under them, for a stretch of the
/// log from ``base`` on.
///
/// Postings lie in the order they came. Each remembers the one before it of the same hash, and a table leads from a hash
/// to its last posting: inserting is one step, and walking back from the newest is what conditions need. Not safe for
/// several threads at once; ``IndexMemory`` guards it.
struct IndexSegment {
    /// One position under one hash.
    private struct Posting {
        let hash: UInt64
        /// The position, counted from the segment's base.
        let offset: UInt32
        /// The index of the posting before this one with the same hash, or -1.
        let previous: Int32
    }

    /// The position of the segment's first event.
    let base: Position
    /// The position after the segment's last event.
    private(set) var end: Position
    /// How many different hashes there are.
    private(set) var keyCount = 0
    private var postings: [Posting] = []
    /// Open addressing with linear probing: the index of a hash's last posting, or -1.
    private var table: [Int32]

    /// - Parameter capacity: How many different hashes to make room for, as many as the segment before had.
    init(base: Position, capacity: Int = 0) {
        self.base = base
        end = base
        var slots = 1024
        while slots < capacity * 2 { slots *= 2 }
        table = Array(repeating: -1, count: slots)
        postings.reserveCapacity(capacity)
    }

    /// How many events the segment covers.
    var eventCount: Int { Int(end - base) }

    /// Files events from the segment's end on, each under the hashes in a range of an array.
    ///
    /// - Complexity: O(1) for each hash, amortised.
    mutating func append(_ events: some Sequence<Range<Int>>, of keys: [UInt64]) {
        for event in events {
            let offset = UInt32(truncatingIfNeeded: end - base)
            for key in event { insert(keys[key], offset) }
            end += 1
        }
    }

    @inline(__always)
    private mutating func insert(_ hash: UInt64, _ offset: UInt32) {
        if (keyCount + 1) * 2 > table.count { rebuildTable(capacity: table.count * 2) }
        let slot = slot(of: hash)
        let previous = table[slot]
        if previous < 0 { keyCount += 1 }
        table[slot] = Int32(truncatingIfNeeded: postings.count)
        postings.append(Posting(hash: hash, offset: offset, previous: previous))
    }

    /// Where a hash stands in the table, or the free place where it would.
    @inline(__always)
    private func slot(of hash: UInt64) -> Int {
        let mask = table.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while table[slot] >= 0, postings[Int(table[slot])].hash != hash { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func rebuildTable(capacity: Int) {
        table = Array(repeating: -1, count: capacity)
        keyCount = 0
        for index in postings.indices {
            let slot = slot(of: postings[index].hash)
            if table[slot] < 0 { keyCount += 1 }
            table[slot] = Int32(truncatingIfNeeded: index)
        }
    }

    /// Forgets the events from a position on.
    ///
    /// - Complexity: O(*n*) in the segment's postings. Only after a commit failed.
    mutating func truncate(to position: Position) {
        guard position < end else { return }
        let kept = max(position, base)
        while let last = postings.last, base + UInt64(last.offset) >= kept { postings.removeLast() }
        end = kept
        rebuildTable(capacity: table.count)
    }

    /// Whether nothing stands under a hash.
    func isEmpty(of hash: UInt64) -> Bool {
        table[slot(of: hash)] < 0
    }

    /// Appends the indices of those of some hashes under which anything stands.
    func appendIndices(ofKnown hashes: [UInt64], to known: inout [Int]) {
        for index in hashes.indices where table[slot(of: hashes[index])] >= 0 { known.append(index) }
    }

    /// The positions under a hash within a range, ascending.
    ///
    /// - Complexity: O(*k*) in the postings of that hash from the range's beginning on.
    func positions(of hash: UInt64, in range: Range<Position>) -> [Position] {
        var result: [Position] = []
        var index = table[slot(of: hash)]
        while index >= 0 {
            let posting = postings[Int(index)]
            let position = base + UInt64(posting.offset)
            guard position >= range.lowerBound else { break }
            if position < range.upperBound { result.append(position) }
            index = posting.previous
        }
        result.reverse()
        return result
    }

    /// All postings in the order of their hashes, and for one hash in the order of positions.
    ///
    /// - Complexity: O(*n*): a radix sort over the hash.
    func sortedPostings() -> [RunPosting] {
        var current = postings.map { RunPosting(hash: $0.hash, offset: $0.offset) }
        var next = current
        // Three passes over the upper 33 bits put almost everything in order; what they leave is next to its place.
        for pass in 0..<3 {
            let shift = UInt64(31 + pass * 11)
            var starts = [Int](repeating: 0, count: 1 << 11)
            for posting in current { starts[Int(posting.hash >> shift & 0x7FF)] += 1 }
            var sum = 0
            for digit in starts.indices {
                let count = starts[digit]
                starts[digit] = sum
                sum += count
            }
            for posting in current {
                let digit = Int(posting.hash >> shift & 0x7FF)
                next[starts[digit]] = posting
                starts[digit] += 1
            }
            swap(&current, &next)
        }
        for index in current.indices.dropFirst() where current[index].hash < current[index - 1].hash {
            let posting = current[index]
            var place = index
            while place > 0, posting.hash < current[place - 1].hash {
                current[place] = current[place - 1]
                place -= 1
            }
            current[place] = posting
        }
        return current
    }
}

/// One position under one hash, on its way into a run.
struct RunPosting: Sendable, Hashable {
    let hash: UInt64
    /// The position, counted from the run's base.
    let offset: UInt32
}
