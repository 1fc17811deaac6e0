/// A small pseudo-random generator whose sequence is the same on every machine and with every compiler.
///
/// It is Steele, Lea and Flood's SplitMix64. The standard library's `random(in:using:)` promises no particular sequence
/// from one release to the next, so what turns the bits into choices is written out here.
struct SplitMix64: Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// A generator for one part of a whole, independent of how much the other parts draw.
    init(seed: UInt64, part: UInt64, of kind: UInt64) {
        self.init(seed: SplitMix64.mixed(SplitMix64.mixed(seed &+ kind) ^ part))
    }

    /// The next 64 bits.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return SplitMix64.mixed(state)
    }

    /// A number from zero up to a bound, which must be positive, and not the bound itself.
    mutating func below(_ bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A number of the range, its ends included.
    mutating func within(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.upperBound - range.lowerBound + 1)
    }

    /// Whether something that happens so many times in a hundred happens now.
    mutating func chance(_ percent: Int) -> Bool {
        below(100) < percent
    }

    /// One of the elements, each as likely as the others. There must be at least one.
    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[below(elements.count)]
    }

    /// A number whose bits all depend on all the bits of another. No two numbers give the same.
    static func mixed(_ number: UInt64) -> UInt64 {
        var bits = number
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
