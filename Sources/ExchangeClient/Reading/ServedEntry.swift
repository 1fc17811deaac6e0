public import EventLog
public import JSON

/// An entry as a server shows it to who asked, not verified: a line of `GET /events`.
public struct ServedEntry: Sendable {
    public let position: Position
    /// The line, without its end.
    public let line: [UInt8]
    /// The same, parsed.
    public let json: JSONValue

    init(_ line: [UInt8], _ json: JSONValue) throws(ClientError) {
        guard let position = json["position"]?.integer.flatMap({ Position(exactly: $0) }) else {
            throw ClientError(.malformedAnswer, "A line of the answer is no entry: it has no position.")
        }
        (self.position, self.line, self.json) = (position, line, json)
    }

    public var text: String { String(decoding: line, as: UTF8.self) }
    /// The event; nil if only that it is there is shown.
    public var event: JSONValue? { json["event"] }
}
