internal import EventLog

/// What is to be made durable of a subscription. Nothing of it counts before it is: then it is handed to
/// ``DurableSubscription/finish(_:)``, or to ``DurableSubscription/abandon(_:)`` if it could not be.
struct Settlement: Sendable, Hashable {
    /// What becomes of an event.
    enum Outcome: Sendable, Hashable {
        case acknowledged
        case parked
        /// What was parked is delivered again.
        case replayed
        /// What was parked is given up.
        case discarded
    }

    var outcomes: [Position: Outcome] = [:]
    /// What is to be kept of events.
    var marks: [Position: PositionMark] = [:]
    /// Of which events nothing is to be kept any more, because of what became of them.
    var cleared: [Position] = []
    /// The same, because the cursor has passed them.
    var passed: [Position] = []
    /// Where the cursor stands by what is durable already.
    var cursor: Position = 0
    /// The position after the last that was ever settled.
    var end: Position = 0

    var isEmpty: Bool { outcomes.isEmpty && marks.isEmpty && cleared.isEmpty && passed.isEmpty }
}
