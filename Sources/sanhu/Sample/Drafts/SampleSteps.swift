/// The steps of a sample, one after the other as they reach the ledger.
///
/// What is held is the stories under way, some days' worth, however many days there are.
struct SampleSteps: Sequence, IteratorProtocol, Sendable {
    private let generator: SampleGenerator
    private var schedule = SampleSchedule()
    /// The units of the days that have begun to matter and are not laid out yet, the next one last.
    private var units: [SampleUnit] = []
    private var nextDay = 0

    init(_ generator: SampleGenerator) {
        self.generator = generator
        guard generator.isWhole, generator.days > 0 else { return }
        let opening = SamplePlot(
            openingOf: generator.port, at: generator.opening, seed: generator.seed)
        for step in opening.finished() { schedule.insert(step) }
    }

    /// How many steps are laid out and not yet written: some days' worth of stories.
    var held: Int { schedule.count }

    mutating func next() -> SampleStep? {
        while true {
            if let unit = units.last, isDue(unit.anchor) {
                units.removeLast()
                for plot in unit.plots() {
                    for step in plot.finished() { schedule.insert(step) }
                }
            } else if nextDay < generator.days, isDue(SampleDay(nextDay, of: generator).midnight) {
                let known = units
                units = SampleDay(nextDay, of: generator).makeUnits().reversed() + known
                units.sort { $1.anchor < $0.anchor }
                nextDay += 1
            } else {
                break
            }
        }
        return schedule.removeNext()
    }

    /// Whether what happens at a time may have something to do with what comes next.
    private func isDue(_ anchor: SampleTime) -> Bool {
        guard let next = schedule.nextTime else { return true }
        return next >= anchor - SampleDay.foreshadow
    }
}
