/// Lays out the steps of a story in time.
///
/// The order in which a story's steps are told is not that of time: a broker declares while the ship is still at sea. Nor is that
/// the order in which they reach the ledger: some come late.
struct SamplePlot {
    /// The steps laid out so far, in the order in which they were told.
    private(set) var steps: [SampleStep] = []
    let story: SampleStory
    var random: SplitMix64
    /// The steps that others name by their positions in the log.
    private var named: Set<Int> = []

    init(_ story: SampleStory) {
        self.story = story
        random = story.random
    }

    var port: SamplePort { story.port }

    /// Tells of something.
    ///
    /// - Parameters:
    ///   - form: The event's type without `sanhu.`, with the form of its data after a plus sign.
    ///   - agency: Who says so. What is quarantine's is customs' from the merger on.
    ///   - cause: The number of the step that it follows from. It is recorded after that.
    ///   - late: By how many seconds it reaches the ledger later than it should.
    /// - Returns: The step's number.
    @discardableResult
    mutating func tell(
        _ form: String, _ agency: SampleAgency, at time: SampleTime, after cause: Int? = nil, late: Int = 0,
        role: SampleStep.Role = .told, _ write: @escaping SampleStep.Write
    ) -> Int {
        var recorded = time + random.within(2...40) + late
        if let cause { recorded = max(recorded, steps[cause].recorded + 1) }
        let isMerged = agency == .quarantine && recorded >= SampleTime.merger
        steps.append(
            SampleStep(
                story: story, ordinal: steps.count, form: form, agency: isMerged ? .customs : agency, time: time,
                recorded: recorded, cause: cause, role: role, write: write))
        return steps.count - 1
    }

    /// Tells of something some minutes after what it follows from.
    @discardableResult
    mutating func tell(
        _ form: String, _ agency: SampleAgency, _ minutes: ClosedRange<Int>, after cause: Int, late: Int = 0,
        role: SampleStep.Role = .told, _ write: @escaping SampleStep.Write
    ) -> Int {
        tell(form, agency, at: time(cause) + some(minutes), after: cause, late: late, role: role, write)
    }

    /// Sends an event once more.
    mutating func repeatStep(_ ordinal: Int, _ minutes: ClosedRange<Int>) {
        let first = steps[ordinal]
        steps.append(
            SampleStep(
                story: story, ordinal: steps.count, form: first.form, agency: first.agency, time: first.time,
                recorded: first.recorded + some(minutes), cause: first.cause, role: .again(ordinal),
                write: first.write))
    }

    /// Notes that steps are named by their positions.
    mutating func name(_ ordinals: [Int]) { named.formUnion(ordinals) }

    /// The steps, when all is told.
    func finished() -> [SampleStep] {
        guard !named.isEmpty else { return steps }
        let last = steps.max(by: SampleStep.precedes)?.ordinal
        return steps.map { $0.marked(isNamed: named.contains($0.ordinal), endsStory: $0.ordinal == last) }
    }

    /// When a step happens.
    func time(_ ordinal: Int) -> SampleTime { steps[ordinal].time }
    /// When something may follow that needs it to stand in the ledger.
    func known(_ ordinal: Int) -> SampleTime { steps[ordinal].recorded }
    func id(_ ordinal: Int) -> String { story.id(ordinal) }
    /// How other events name it.
    func reference(_ ordinal: Int) -> SampleReference {
        SampleReference(source: steps[ordinal].source, id: story.id(ordinal))
    }

    /// Some seconds of a range of minutes.
    mutating func some(_ minutes: ClosedRange<Int>) -> Int {
        random.within(minutes.lowerBound * SampleTime.minute...minutes.upperBound * SampleTime.minute)
    }

    /// Some officers of a desk, each another.
    mutating func officers(_ agency: SampleAgency, _ desk: SampleAgency.Desk, _ count: Int = 1) -> [SampleOfficer] {
        let first = random.below(SampleOfficer.perDesk)
        return (0..<count).map { SampleOfficer(agency, desk, first + $0, at: port) }
    }

    /// Inspection and quarantine, or who has become it, if that says something then.
    func quarantine(at time: SampleTime) -> SampleAgency {
        time + SampleTime.minute >= SampleTime.merger ? .customs : .quarantine
    }
}

/// How an event is named in the data of another.
struct SampleReference: Sendable {
    let source: String
    let id: String
}
