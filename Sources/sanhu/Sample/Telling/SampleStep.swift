import EventLog

/// One event of the sample, before it is written: who, what, when, and which event it follows from.
final class SampleStep: Sendable {
    typealias Write = @Sendable (inout SampleData) -> Void

    /// What becomes of it.
    enum Role: Sendable, Equatable {
        case told
        /// What the ledger or its automations append themselves where they are at work.
        case concluded
        /// What a rule of the port refuses: its name.
        case refused(String)
        /// The event of another number once more, with its id: a message that was sent twice.
        case again(Int)
    }

    let story: SampleStory
    /// Its number in its story; none comes twice.
    let ordinal: Int
    /// The event's type without `sanhu.`, and after a plus sign the form of its data.
    let form: String
    let agency: SampleAgency
    /// When it happened, and when it reaches the ledger.
    let time: SampleTime
    let recorded: SampleTime
    /// The event that it follows from: its number in the same story.
    let cause: Int?
    let role: Role
    let write: Write
    /// Whether another names it by its position in the log.
    let isNamed: Bool
    /// Whether nothing of its story comes after it in which some are named so.
    let endsStory: Bool

    init(
        story: SampleStory, ordinal: Int, form: String, agency: SampleAgency, time: SampleTime, recorded: SampleTime,
        cause: Int?, role: Role, isNamed: Bool = false, endsStory: Bool = false, write: @escaping Write
    ) {
        (self.isNamed, self.endsStory) = (isNamed, endsStory)
        (self.story, self.ordinal, self.form, self.agency) = (story, ordinal, form, agency)
        (self.time, self.recorded, self.cause, self.role, self.write) = (time, recorded, cause, role, write)
    }

    /// The same, of a story in which some are named by their positions.
    func marked(isNamed: Bool, endsStory: Bool) -> SampleStep {
        SampleStep(
            story: story, ordinal: ordinal, form: form, agency: agency, time: time, recorded: recorded, cause: cause,
            role: role, isNamed: isNamed, endsStory: endsStory, write: write)
    }

    /// The type without `sanhu.`.
    var name: Substring { form.prefix { $0 != "+" } }

    /// The id of the event: that of the one which it repeats.
    var id: String {
        if case .again(let first) = role { return story.id(first) }
        return story.id(ordinal)
    }

    var source: String { agency.source(at: story.port) }

    /// By recording; at the same second by story and number, so that the order is the same every time.
    static func precedes(_ left: SampleStep, _ right: SampleStep) -> Bool {
        if left.recorded != right.recorded { return left.recorded < right.recorded }
        return (left.story.key, left.ordinal) < (right.story.key, right.ordinal)
    }
}
