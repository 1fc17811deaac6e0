/// What events belong together: a ship's call, one declaration, a draw. Each depends on seed and name alone.
struct SampleStory: Sendable {
    /// Of which kind it is; the letter begins its name.
    enum Kind: String, Sendable, CaseIterable {
        case opening = "p"
        case call = "v"
        case shipment = "d"
        case draw = "r"
        case transit = "t"
        case commerce = "e"
        case mail = "m"
        case flight = "f"
        case assistance = "a"
        case disclosure = "s"
        case watch = "i"
        case office = "o"
        case wrong = "w"

        var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    let kind: Kind
    let index: Int
    let seed: UInt64
    let port: SamplePort

    /// What the ids of its events begin with.
    var name: String { kind.rawValue + SampleKeys.digits(index, count: 8) }

    /// Tells it from all others of a sample.
    var key: Int { index << 4 | kind.rank }

    /// Of its events the one of a number: none of any seed has the id of another.
    func id(_ ordinal: Int) -> String { "sample-\(seed)-\(name)-\(SampleKeys.digits(ordinal, count: 2))" }

    /// Chance of its own.
    var random: SplitMix64 { SplitMix64(seed: seed, part: UInt64(key), of: 0x9107) }
}
