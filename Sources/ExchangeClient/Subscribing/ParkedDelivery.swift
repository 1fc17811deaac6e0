public import EventLog
internal import JSON

/// An event that a subscription has parked: it holds up nothing, and is kept until it is replayed or given up.
public struct ParkedDelivery: Sendable, Hashable {
    public let position: Position
    /// Why: what whoever rejected it said, or that it was delivered too often.
    public let reason: String
    public let since: Timestamp
    /// How often it was delivered.
    public let deliveries: Int
    /// The line as it came.
    public let line: [UInt8]

    init(_ line: [UInt8]) throws(ClientError) {
        let json = try ExchangeClient.parse(line)
        guard let position = json["position"]?.integer.flatMap({ Position(exactly: $0) }),
            let reason = json["reason"]?.string, let since = json["since"]?.string.flatMap({ Timestamp($0) }),
            let deliveries = json["deliveries"]?.integer
        else { throw ClientError(.malformedAnswer, "A line of the answer is no parked event.") }
        (self.position, self.reason, self.since) = (position, reason, since)
        (self.deliveries, self.line) = (Int(clamping: deliveries), line)
    }
}
