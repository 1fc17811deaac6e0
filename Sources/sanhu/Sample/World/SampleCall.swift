/// A ship's call at a port: when it comes, when it leaves, and the declarations whose goods it carries.
final class SampleCall: Sendable {
    /// Tells it from all others: day and number.
    let index: Int
    let port: SamplePort
    /// The ship's IMO number, its name and the voyage.
    let imo: String
    let ship: String
    let voyage: String
    /// When the ship is alongside, and when it leaves.
    let arrival: SampleTime
    let departure: SampleTime

    /// The ship, as tags name it.
    var conveyance: String { "IMO" + imo }

    /// Makes a call that comes at a time.
    init(index: Int, at port: SamplePort, arrival: SampleTime, seed: UInt64) {
        var random = SplitMix64(seed: seed, part: UInt64(index), of: 0xCA11)
        self.index = index
        self.port = port
        self.arrival = arrival
        departure = arrival + random.within(14 * SampleTime.hour...26 * SampleTime.hour)
        // A ship comes again when all the others have called.
        let number = (index >> 10) * 41 % SampleCall.fleet + index & 0x3FF
        var ship = SplitMix64(seed: seed, part: UInt64(number), of: 0x5419)
        imo = SampleKeys.imo(serial: 910_000 + (ship.below(40) + number * 40) % 80_000)
        self.ship = "\(ship.pick(SampleCall.firstNames)) \(ship.pick(SampleCall.lastNames))"
        voyage =
            "\(SampleKeys.digits(arrival.date.year, count: 2))\(SampleKeys.digits(number % 90 + 10, count: 2))"
            + random.pick(["E", "W", "N", "S"])
    }

    /// How many ships there are.
    private static let fleet = 600
    private static let firstNames = ["EASTERN", "PACIFIC", "NORTHERN", "GOLDEN", "MORNING", "JADE", "HARBOUR", "CORAL"]
    private static let lastNames = ["HERON", "LANTERN", "MERIDIAN", "COMPASS", "BRIDGE", "TIDE", "LOTUS", "PILOT"]
}
