/// A seeded source of chance for property tests: the same seed gives the same choices on every machine.
///
/// It is Steele, Lea and Flood's SplitMix64. A failing test prints its seed, so that it can be run again alone.
public struct Dice: RandomNumberGenerator, Sendable {
    /// What the dice were made from.
    public let seed: UInt64
    private var state: UInt64

    public init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// A number from 0 up to, but not including, a bound of at least 1.
    public mutating func below(_ bound: Int) -> Int {
        Int(truncatingIfNeeded: next() >> 1) % bound
    }

    /// A number in a range that is not empty.
    public mutating func within(_ range: Range<Int>) -> Int {
        range.lowerBound + below(range.count)
    }

    /// True once in a number of times.
    public mutating func oneIn(_ times: Int) -> Bool { below(times) == 0 }

    /// One of some choices, of which there is at least one.
    public mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[below(choices.count)] }

    /// Some bytes.
    public mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}
