import EventLog

/// Makes a port's days up: declarations and everything that happens to them, the same for the same seed on every machine.
///
/// The drafts come in the order of time, the stories interleaved, as they would reach a ledger. They are made one at a
/// time; what is held is the stories under way, some days' worth, however many declarations there are.
///
///     for draft in SampleGenerator(seed: 7, declarations: 200).makeDrafts() { … }
struct SampleGenerator: Sendable {
    /// What the choices depend on.
    let seed: UInt64
    /// How many declarations there are.
    let declarations: Int

    init(seed: UInt64, declarations: Int) {
        self.seed = seed
        self.declarations = max(0, declarations)
    }

    /// The drafts of all stories.
    func makeDrafts() -> SampleDrafts {
        SampleDrafts(seed: seed, declarations: declarations)
    }

    /// The story to show: the first declaration, whose course is the same whatever the seed.
    var showcase: SampleShowcase {
        SampleShowcase(of: SampleShipment(index: 0, call: SampleGenerator.firstCall(seed: seed), seed: seed))
    }

    /// When the first ship comes.
    static let beginning = SampleTime(year: 2017, month: 5, day: 9, hour: 6)

    /// The first ship's call, which brings the declaration to show.
    static func firstCall(seed: UInt64) -> SampleCall {
        SampleCall(index: 0, arrival: beginning, seed: seed)
    }
}
