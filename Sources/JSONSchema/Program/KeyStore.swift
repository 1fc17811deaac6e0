/// Property names and other byte strings of a program, and tables to find them by.
struct KeyStore: Sendable {
    struct Key: Sendable {
        let offset: Int32
        let length: Int32
    }

    private(set) var bytes: [UInt8] = []
    private(set) var keys: [Key] = []
    /// For each slot of each table, which of its keys is there, or -1.
    private(set) var slots: [Int32] = []

    /// Adds one key and returns its index.
    mutating func add(_ key: [UInt8]) -> Int {
        keys.append(Key(offset: Int32(bytes.count), length: Int32(key.count)))
        bytes += key
        return keys.count - 1
    }

    /// Adds a set of different keys. Of some multipliers, the one with the shortest chains is taken.
    mutating func addTable(_ names: [[UInt8]]) -> KeyTable {
        var table = KeyTable()
        guard !names.isEmpty else { return table }
        table.keys = Int32(keys.count)
        table.count = Int32(names.count)
        for name in names { _ = add(name) }
        var size = 4
        while size < names.count * 4 { size *= 2 }
        table.mask = Int32(size - 1)
        let digests = names.map { KeyTable.digest($0.span, 0, $0.count) }
        var fewest = Int.max
        var multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15
        for _ in 0..<64 {
            var candidate = table
            candidate.multiplier = multiplier
            let collisions = names.count - Set(digests.map(candidate.slot)).count
            if collisions < fewest { (fewest, table.multiplier) = (collisions, multiplier) }
            if fewest == 0 { break }
            multiplier = multiplier &* 0xBF58_476D_1CE4_E5B9 | 1
        }
        table.slots = Int32(slots.count)
        var filled = [Int32](repeating: -1, count: size)
        for (ordinal, digest) in digests.enumerated() {
            var slot = table.slot(digest)
            while filled[slot] >= 0 { slot = (slot + 1) & (size - 1) }
            filled[slot] = Int32(ordinal)
        }
        slots += filled
        return table
    }

    /// A key as text.
    func text(_ index: Int) -> String {
        let start = Int(keys[index].offset)
        return String(decoding: bytes[start..<start + Int(keys[index].length)], as: UTF8.self)
    }
}
