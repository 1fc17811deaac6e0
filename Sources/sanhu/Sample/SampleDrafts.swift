import EventLog

/// The drafts of a sample, one after the other in the order of time.
struct SampleDrafts: Sequence, IteratorProtocol, Sendable {
    private let seed: UInt64
    private let declarations: Int
    private var random: SplitMix64
    private var schedule = SampleSchedule()
    /// The next call to lay out, and how many declarations were laid out before it.
    private var call: SampleCall
    private var laidOut = 0
    private let writer: SampleEventWriter

    init(seed: UInt64, declarations: Int) {
        self.seed = seed
        self.declarations = declarations
        random = SplitMix64(seed: seed, part: 0, of: 0xDA75)
        call = SampleGenerator.firstCall(seed: seed)
        writer = SampleEventWriter(seed: seed)
    }

    /// How many steps are laid out and not yet written: some days' worth of stories.
    var stepsHeld: Int { schedule.count }

    mutating func next() -> EventDraft? {
        while laidOut < declarations, isCallDue { layOutCall() }
        return schedule.removeNext().map(writer.draft)
    }

    /// Whether the next call may have something to do with what comes next.
    private var isCallDue: Bool {
        guard let nextTime = schedule.nextTime else { return true }
        return nextTime >= call.arrival - SampleCall.foreshadow
    }

    /// Lays out a call with its declarations, and chooses when the one after it comes.
    private mutating func layOutCall() {
        for step in SamplePlot(of: call, seed: seed).steps { schedule.insert(step) }
        let last = Swift.min(declarations, laidOut + random.within(4...12))
        for index in laidOut..<last {
            let shipment = SampleShipment(index: index, call: call, seed: seed)
            for step in SamplePlot(of: shipment, seed: seed).steps { schedule.insert(step) }
        }
        laidOut = last
        let gap = random.within(10 * SampleTime.minute...50 * SampleTime.minute)
        call = SampleCall(index: call.index + 1, arrival: call.arrival + gap, seed: seed)
    }
}
