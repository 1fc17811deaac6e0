public import EventLog
public import JSON

/// An event that a subscription delivers to a consumer, not verified: a line of `GET /subscriptions/NAME/events`.
public struct ServedDelivery: Sendable {
    public let position: Position
    /// How often the event was delivered, this time counted.
    public let attempt: Int
    /// The line, without its end.
    public let line: [UInt8]
    /// The entry as a read shows it.
    public let entry: JSONValue

    init(_ line: [UInt8], _ json: JSONValue) throws(ClientError) {
        guard let position = json["position"]?.integer.flatMap({ Position(exactly: $0) }),
            let attempt = json["attempt"]?.integer, let entry = json["entry"]
        else {
            throw ClientError(
                .malformedAnswer, "A line of the answer is no delivery: it has no position, attempt or entry.")
        }
        (self.position, self.attempt, self.line, self.entry) = (position, Int(clamping: attempt), line, entry)
    }

    public var text: String { String(decoding: line, as: UTF8.self) }
    /// The event; nil if only that it is there is shown.
    public var event: JSONValue? { entry["event"] }
}
