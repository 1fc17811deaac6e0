internal import EventLog

/// What is to be written of subscriptions, as one step.
enum SubscriptionJob: Sendable {
    /// A subscription of a number is made or changed; with where its cursor stands, if it is made.
    case define(SubscriptionName, number: UInt64, SubscriptionDefinition, cursor: Position?)
    /// A subscription is ended, and all that was kept of it.
    case remove(SubscriptionName, number: UInt64)
    case settle(number: UInt64, Settlement)
}

/// A subscription as it is kept.
struct StoredSubscription: Sendable {
    let name: SubscriptionName
    let number: UInt64
    let definition: SubscriptionDefinition
    let cursor: SubscriptionCursor
    let marks: [Position: PositionMark]
}

/// A parked event as its agency is told of it.
struct ParkedEvent: Sendable, Hashable {
    let position: Position
    let reason: String
    let since: Timestamp
    let deliveries: Int
}
