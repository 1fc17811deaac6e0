/// How a subscription delivers.
struct DeliveryTerms: Sendable, Hashable {
    /// After how long what was delivered and not acknowledged is delivered to whoever is free.
    var redeliverAfter: Duration = .seconds(30)
    /// After how many deliveries an event is parked.
    var maximumDeliveries = 10
    /// How many unacknowledged events one consumer holds.
    var maximumInFlight = 100
    /// How many events, from the first that is not done on, are kept account of.
    var window = 1_000
    /// How many events are parked at the most.
    var maximumParked = SubscriptionLimits.parked
}
