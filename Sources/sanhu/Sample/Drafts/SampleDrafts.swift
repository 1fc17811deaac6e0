import EventLog

/// The drafts of a sample, as they reach a plain log: with what a ledger would conclude by itself.
struct SampleDrafts: Sequence, IteratorProtocol, Sendable {
    private var steps: SampleSteps
    private let includesRefused: Bool
    private var positions = SamplePositions()
    private var head: Position

    /// - Parameter first: The position that the first of them gets: some name others by it.
    init(_ generator: SampleGenerator, includesRefused: Bool, first: Position = 0) {
        steps = SampleSteps(generator)
        self.includesRefused = includesRefused
        head = first
    }

    /// How many steps are laid out and not yet written.
    var stepsHeld: Int { steps.held }

    mutating func next() -> EventDraft? { nextStep()?.draft }

    /// The next draft with the step of which it is made.
    mutating func nextStep() -> (step: SampleStep, draft: EventDraft)? {
        while let step = steps.next() {
            if case .refused = step.role, !includesRefused {
                positions.take(step, at: nil)
                continue
            }
            let known = positions.known(of: step.story)
            let draft = SampleEventWriter.draft(step, marksRefusals: includesRefused) { known[$0] ?? 0 }
            positions.take(step, at: head)
            if case .again = step.role {} else { head += 1 }
            return (step, draft)
        }
        return nil
    }
}

/// Where the steps stand that others name by their positions, of the stories under way.
struct SamplePositions: Sendable {
    private var all: [Int: [Int: Position]] = [:]

    /// - Parameter position: Nil if it stands nowhere.
    mutating func take(_ step: SampleStep, at position: Position?) {
        if step.isNamed, let position { all[step.story.key, default: [:]][step.ordinal] = position }
        if step.endsStory { all[step.story.key] = nil }
    }

    func known(of story: SampleStory) -> [Int: Position] { all.isEmpty ? [:] : all[story.key] ?? [:] }
}
