internal import EventLog

/// How far a subscription is.
struct SubscriptionFigures: Sendable, Hashable {
    let cursor: Position
    let waiting: Int
    let inFlight: Int
    let parked: Int
    let redelivered: UInt64
    let consumers: [String]
}
