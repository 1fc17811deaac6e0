/// A sum over the postings of a run that does not depend on their order, so that it can be checked against the log
/// without sorting.
struct RunChecksum: Hashable, Sendable {
    private(set) var low: UInt64 = 0
    private(set) var high: UInt64 = 0

    init() {}

    init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    /// Takes in that a position stands under a hash.
    @inline(__always)
    mutating func add(_ hash: UInt64, _ position: Position) {
        let mixed = Self.mix(hash ^ Self.mix(position &+ 0x9E37_79B9_7F4A_7C15))
        low &+= mixed
        high &+= Self.mix(mixed ^ 0xD1B5_4A32_D192_ED03)
    }

    /// Takes in all that another sum has taken in.
    mutating func add(_ other: RunChecksum) {
        low &+= other.low
        high &+= other.high
    }

    /// The finaliser of MurmurHash3 for 64 bits.
    @inline(__always)
    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ mixed >> 33) &* 0xFF51_AFD7_ED55_8CCD
        mixed = (mixed ^ mixed >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return mixed ^ mixed >> 33
    }
}
