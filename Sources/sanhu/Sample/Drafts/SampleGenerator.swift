import EventLog

/// Makes a port's days up: declarations and everything that happens to them, and all else that a port's ledger holds, the same
/// for the same seed on every machine.
///
/// The events come in the order in which they are recorded, the stories interleaved, as they would reach a ledger. They are made one
/// at a time; what is held is the stories under way, some days' worth, however many days there are.
///
///     for draft in SampleGenerator(seed: 7, declarations: 200).makeDrafts() { … }
struct SampleGenerator: Sendable {
    /// What the choices depend on.
    let seed: UInt64
    let port: SamplePort
    /// When the first day begins.
    let beginning: SampleTime
    let days: Int
    let declarationsPerDay: Int
    /// How many declarations there are at the most.
    let limit: Int
    /// Whether all that happens at a port is told, or declarations and ships alone.
    let isWhole: Bool

    /// Whole days.
    init(
        seed: UInt64, port: SamplePort = .all[0], from beginning: SampleTime = SampleGenerator.firstDay, days: Int,
        declarationsPerDay: Int = SampleGenerator.usual
    ) {
        (self.seed, self.port, self.beginning, self.days) = (seed, port, beginning, max(0, days))
        (self.declarationsPerDay, limit, isWhole) = (max(SampleGenerator.least, declarationsPerDay), .max, true)
    }

    /// Some declarations, and the ships that carry the goods.
    init(seed: UInt64, declarations: Int) {
        let limit = max(0, declarations)
        (self.seed, port, beginning) = (seed, .all[0], SampleGenerator.firstDay)
        (declarationsPerDay, self.limit, isWhole) = (SampleGenerator.usual, limit, false)
        days = (limit + SampleGenerator.usual - 1) / SampleGenerator.usual
    }

    /// How many declarations a middle port has a day, and the least with which a day has something of everything.
    static let usual = 150
    static let least = 48

    /// Three days before inspection and quarantine became customs: a week from then on has both.
    static let firstDay = SampleTime(year: 2018, month: 4, day: 17, hour: 0)

    /// When the policies are published: before anything else.
    var opening: SampleTime { beginning - SampleDay.foreshadow - 4 * SampleTime.hour }

    /// The steps of all stories.
    func makeSteps() -> SampleSteps { SampleSteps(self) }

    /// The drafts of all stories.
    ///
    /// - Parameters:
    ///   - includesRefused: Whether those are among them that the rules of the port refuse.
    ///   - first: The position that the first of them gets.
    func makeDrafts(includesRefused: Bool = false, first: Position = 0) -> SampleDrafts {
        SampleDrafts(self, includesRefused: includesRefused, first: first)
    }

    /// The story to show: the first declaration, whose course is the same whatever the seed.
    var showcase: SampleShowcase {
        let call = SampleCall(index: 0, at: port, arrival: beginning, seed: seed)
        return SampleShowcase(of: SampleShipment(index: 0, call: call, script: nil, seed: seed))
    }
}
