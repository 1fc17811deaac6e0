internal import EventLog

/// An event on its way to a consumer.
struct Delivery: Sendable, Hashable {
    let position: Position
    /// How often it was delivered, this time included.
    let attempt: Int
}
