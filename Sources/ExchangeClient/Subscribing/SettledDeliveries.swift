public import EventLog
internal import JSON

/// What a server says of what was said of deliveries: durable when it is there.
public struct SettledDeliveries: Sendable, Hashable {
    /// The position before which everything is acknowledged or parked.
    public let cursor: Position
    public let acknowledged: Int
    public let rejected: Int
    /// How many were done already.
    public let repeated: Int
    /// Those that were never this subscription's to deliver.
    public let unknown: [Position]

    init(_ json: JSONValue) throws(ClientError) {
        guard let cursor = json["cursor"]?.integer.flatMap({ Position(exactly: $0) }),
            let acknowledged = json["acknowledged"]?.integer, let rejected = json["rejected"]?.integer,
            let repeated = json["repeated"]?.integer, let unknown = json["unknown"]
        else { throw ClientError(.malformedAnswer, "The server does not say what became of what was acknowledged.") }
        (self.cursor, self.acknowledged) = (cursor, Int(clamping: acknowledged))
        (self.rejected, self.repeated) = (Int(clamping: rejected), Int(clamping: repeated))
        self.unknown = unknown.elements.compactMap { $0.integer.flatMap { Position(exactly: $0) } }
    }
}
