internal import EventLog

/// That a consumer could not deal with an event.
struct Rejection: Sendable, Hashable {
    let position: Position
    let reason: String
    /// Whether it is delivered again; else it is parked.
    let isRetried: Bool
}

/// What became of what a consumer said.
struct Answered: Sendable, Hashable {
    var acknowledged = 0
    var rejected = 0
    /// Done already.
    var repeated = 0
    /// Not the subscription's to deliver.
    var unknown: [Position] = []
}
