internal import EventLog
internal import Exchange
internal import ExchangeProtocol

/// What an agency calls a subscription.
struct SubscriptionName: Sendable, Hashable, Comparable {
    let agency: String
    let name: String

    static func < (left: SubscriptionName, right: SubscriptionName) -> Bool {
        (left.agency, left.name) < (right.agency, right.name)
    }
}

/// What a subscription is about, as whom it reads, and how it delivers.
struct SubscriptionDefinition: Sendable, Hashable {
    var query: Query
    /// The position it began at, and whether that was the head when it was made.
    var from: Position
    var isFromNow: Bool
    /// The kind of tag by which events are delivered one after another; nil if each goes by itself.
    var key: String?
    /// In seconds.
    var redeliverAfter: Int
    var maximumDeliveries: Int
    var maximumInFlight: Int
    var window: Int
    var upcasts: Bool
    let role: String?
    let purpose: String?
    let caseName: String?

    static let redeliverAfterRange = 1...3_600
    static let maximumDeliveriesRange = 1...1_000
    static let maximumInFlightRange = 1...1_000
    static let windowRange = 1...10_000

    var terms: DeliveryTerms {
        DeliveryTerms(
            redeliverAfter: .seconds(redeliverAfter), maximumDeliveries: maximumDeliveries,
            maximumInFlight: maximumInFlight, window: window)
    }

    /// As whom it reads.
    func reader(of agency: String) -> Reader {
        Reader(member: agency, role: role, purpose: purpose, caseName: caseName)
    }

    /// Under what an event is delivered.
    func key(of entry: EntryOutline) -> DurableSubscription.Key {
        guard let key, let tag = entry.tags.first(where: { $0.isOf(kind: key) }) else {
            return .position(entry.position)
        }
        return .tag(tag)
    }
}
