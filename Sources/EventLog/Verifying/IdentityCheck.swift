/// Looks for ids that stand in the log twice.
///
/// Keeps a hash of each id, 8 bytes an entry, and sorts them; a hash that is there twice is confirmed against the entries.
/// Memory is bounded: where there are more hashes than may be kept, the upper half of them is left to another pass over
/// the log. The hashes have a key of their own, so nobody can choose ids that collide.
struct IdentityCheck {
    /// How many hashes are kept at the most: 512 MiB.
    static let standardCapacity = 1 << 26
    /// How many hashes that are there twice are confirmed: more than problems are reported.
    static let maximumRepeated = 1_000

    let hasher = IndexHasher.random()
    private let capacity: Int
    private var hashes: [UInt64] = []
    /// The hashes that this pass is about.
    private var low: UInt64 = 0
    private var high: UInt64 = .max

    /// - Parameter capacity: How many hashes are kept at the most.
    init(capacity: Int = standardCapacity) {
        self.capacity = max(2, capacity)
    }

    /// Makes room for so many entries, or for as many as are kept.
    mutating func reserve(_ entries: Position) {
        hashes.reserveCapacity(Int(min(entries, UInt64(capacity))) + 1)
    }

    /// Takes in the hash of an id.
    mutating func take(_ hash: UInt64) {
        guard hash >= low, hash <= high else { return }
        hashes.append(hash)
        while hashes.count > capacity { narrow() }
    }

    /// Leaves the upper half to a later pass.
    private mutating func narrow() {
        guard low < high else {
            // All the same: two of them say as much as all.
            hashes.removeLast(hashes.count - 2)
            return
        }
        high = low + (high - low) / 2
        let bound = high
        hashes.removeAll { $0 > bound }
    }

    /// The hashes of this pass that were there more than once.
    ///
    /// - Complexity: O(*n* log *n*), some 0.1 s a million.
    mutating func repeated() -> Set<UInt64> {
        hashes.sort()
        var found: Set<UInt64> = []
        var at = 1
        while at < hashes.count, found.count < Self.maximumRepeated {
            if hashes[at] == hashes[at - 1] { found.insert(hashes[at]) }
            at += 1
        }
        return found
    }

    /// Goes on to the hashes that this pass left.
    ///
    /// - Returns: Whether there are any, so that all have to be taken in once more.
    mutating func beginNextPass() -> Bool {
        hashes.removeAll(keepingCapacity: true)
        guard high < .max else { return false }
        low = high + 1
        high = .max
        return true
    }
}
