internal import LMDB

/// The positions filed under one hash, over runs and memory, in either direction. Lists are read as they are needed.
struct PostingStream {
    private let hash: UInt64
    /// The end of the log that the reader sees; what is beyond is not committed yet.
    private let head: Position
    /// Positions, ascending: all there are within ``covered``.
    private var buffer: [Position] = []
    private var covered: Range<Position> = 0..<0

    init(hash: UInt64, head: Position) {
        self.hash = hash
        self.head = head
    }

    /// The first position at or after a given one, or nil.
    ///
    /// - Complexity: O(1) amortised going forwards; O(log *n*) for each run on a jump.
    mutating func next(atOrAfter position: Position, in index: borrowing IndexSnapshot) throws(LMDBError) -> Position? {
        var wanted = position
        if covered.contains(wanted) {
            if let found = firstInBuffer(atOrAfter: wanted) { return found }
            wanted = covered.upperBound
        }
        for run in index.runs.dropFirst(Self.firstRun(reaching: wanted, index.runs)) {
            guard try index.mayContain(hash, in: run),
                let list = try index.list(of: hash, in: run, reaching: wanted), let last = list.last
            else {
                wanted = run.end
                continue
            }
            buffer = list
            covered = max(wanted, run.base)..<last + 1
            return firstInBuffer(atOrAfter: wanted)
        }
        let start = max(wanted, index.runsEnd)
        guard start < head else { return nil }
        buffer = index.positionsInMemory(of: hash, in: start..<head)
        covered = start..<head
        return buffer.first
    }

    /// The last position at or before a given one, or nil.
    ///
    /// - Complexity: O(1) amortised going backwards; O(log *n*) for each run on a jump.
    mutating func previous(
        atOrBefore position: Position, in index: borrowing IndexSnapshot
    ) throws(LMDBError) -> Position? {
        guard head > 0 else { return nil }
        var wanted = min(position, head - 1)
        if covered.contains(wanted) {
            if let found = lastInBuffer(atOrBefore: wanted) { return found }
            guard covered.lowerBound > 0 else { return nil }
            wanted = covered.lowerBound - 1
        }
        if wanted >= index.runsEnd {
            buffer = index.positionsInMemory(of: hash, in: index.runsEnd..<wanted + 1)
            covered = index.runsEnd..<wanted + 1
            if let last = buffer.last { return last }
            guard index.runsEnd > 0 else { return nil }
            wanted = index.runsEnd - 1
        }
        for run in index.runs.reversed() where run.base <= wanted {
            guard try index.mayContain(hash, in: run),
                let list = try index.list(of: hash, in: run, beginningBy: wanted), let first = list.first
            else {
                guard run.base > 0 else { return nil }
                wanted = min(wanted, run.base - 1)
                continue
            }
            buffer = list
            covered = first..<min(wanted, run.end - 1) + 1
            return lastInBuffer(atOrBefore: wanted)
        }
        return nil
    }

    private func firstInBuffer(atOrAfter position: Position) -> Position? {
        let index = buffer.partitionPoint { $0 >= position }
        return index < buffer.count ? buffer[index] : nil
    }

    private func lastInBuffer(atOrBefore position: Position) -> Position? {
        let index = buffer.partitionPoint { $0 > position }
        return index > 0 ? buffer[index - 1] : nil
    }

    /// The index of the first run that ends after a position.
    static func firstRun(reaching position: Position, _ runs: [IndexManifest.Run]) -> Int {
        runs.partitionPoint { $0.end > position }
    }
}

extension Array {
    /// The index of the first element that satisfies a predicate, in an array where all that do stand after all that do
    /// not.
    ///
    /// - Complexity: O(log *n*).
    func partitionPoint(_ predicate: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if predicate(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
