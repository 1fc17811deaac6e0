/// A set of byte strings in a ``KeyStore``, found by hash.
struct KeyTable: Sendable {
    /// Where its slots begin.
    var slots: Int32 = 0
    /// One less than the number of slots, which is a power of two; -1 if the set is empty.
    var mask: Int32 = -1
    /// Where its keys begin.
    var keys: Int32 = 0
    var count: Int32 = 0
    var multiplier: UInt64 = 0

    /// What is hashed of a key: its length and four of its bytes. Keys that agree in these share a chain of slots.
    @inline(__always)
    static func digest(_ text: Span<UInt8>, _ start: Int, _ count: Int) -> UInt64 {
        guard count > 0 else { return 0 }
        let first = UInt64(text[start])
        let third = UInt64(text[start + count / 3])
        let half = UInt64(text[start + count / 2])
        let last = UInt64(text[start + count - 1])
        return UInt64(truncatingIfNeeded: count) | first << 16 | third << 24 | half << 32 | last << 40
    }

    @inline(__always)
    func slot(_ digest: UInt64) -> Int {
        Int(truncatingIfNeeded: (digest &* multiplier) >> 40) & Int(mask)
    }
}
