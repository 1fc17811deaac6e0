internal import LMDB

/// Numbers that are added up by key.
struct TallySums: Sendable {
    private(set) var keys = ByteTable()
    private(set) var sums: [Int64] = []
    /// How many numbers were added to each.
    private var counts: [Int] = []
    /// Which keys may be keys.
    private var names: [Bool] = []
    /// Of the entry at hand.
    private var new: [(key: UInt32, amount: Int64)] = []

    var byteCount: Int { keys.byteCount + sums.count * 8 }
    var newCount: Int { new.count }

    /// Adds to a key.
    ///
    /// - Returns: false if the key holds a control character; nothing is added then.
    mutating func add(_ amount: Int64, to key: Span<UInt8>) -> Bool {
        let number = keys.number(of: key)
        if number == sums.count {
            sums.append(0)
            counts.append(0)
            names.append(Self.isName(key))
        }
        guard names[number] else { return false }
        new.append((UInt32(truncatingIfNeeded: number), amount))
        return true
    }

    /// Adds what others come to, of which nothing is new.
    mutating func add(_ others: TallySums) {
        for number in others.sums.indices where others.isCounted(number) {
            if add(others.sums[number], to: others.keys[number]) { keep() }
        }
    }

    /// All sums; there are none here then.
    mutating func take() -> TallySums {
        drop()
        guard !sums.isEmpty else { return self }
        var others = TallySums()
        swap(&self, &others)
        return others
    }

    /// Asked once of each key.
    private static func isName(_ key: Span<UInt8>) -> Bool {
        for at in key.indices where key[at] < 0x20 { return false }
        return true
    }

    mutating func keep() {
        for (key, amount) in new {
            sums[Int(key)] &+= amount
            counts[Int(key)] += 1
        }
        new.removeAll(keepingCapacity: true)
    }

    /// Whether anything was added to a key by an entry that was mapped to its end.
    func isCounted(_ key: Int) -> Bool { counts[key] > 0 }

    mutating func drop() { new.removeAll(keepingCapacity: true) }
}
