public import EventLog
public import ExchangeProtocol
public import JSON

/// A durable subscription, as the server tells of it.
public struct ServedSubscription: Sendable {
    /// How far it is.
    public struct State: Sendable, Hashable {
        /// The position before which everything is acknowledged or parked.
        public let cursor: Position
        public let head: Position
        /// How many events wait for a consumer, and how many are with one.
        public let waiting: Int
        public let inFlight: Int
        public let parked: Int
        public let redelivered: Int
        /// The names of those that are connected.
        public let consumers: [String]

        /// How many entries there are between the cursor and the head.
        public var lag: Position { head - min(head, cursor) }
    }

    public let name: String
    /// Nil if it cannot go on in this log: ``problem`` says why.
    public let state: State?
    public let problem: Problem?
    /// All that the server says, with the members of its definition.
    public let json: JSONValue

    init(_ json: JSONValue) throws(ClientError) {
        guard let name = json["name"]?.string else { throw Self.malformed }
        let problem = json["problem"].flatMap(Problem.init(_:))
        let state = json["state"].flatMap(State.init)
        guard state != nil || problem != nil else { throw Self.malformed }
        (self.name, self.state, self.problem, self.json) = (name, state, problem, json)
    }

    private static var malformed: ClientError {
        ClientError(.malformedAnswer, "The server's answer is no subscription.")
    }
}

extension ServedSubscription.State {
    fileprivate init?(_ json: JSONValue) {
        func number(_ name: String) -> Int? { json[name]?.integer.map { Int(clamping: $0) } }
        guard let cursor = json["cursor"]?.integer.flatMap({ Position(exactly: $0) }),
            let head = json["head"]?.integer.flatMap({ Position(exactly: $0) }), let waiting = number("waiting"),
            let inFlight = number("inFlight"), let parked = number("parked"), let redelivered = number("redelivered")
        else { return nil }
        (self.cursor, self.head, self.waiting, self.inFlight) = (cursor, head, waiting, inFlight)
        (self.parked, self.redelivered) = (parked, redelivered)
        consumers = json["consumers"]?.elements.compactMap(\.string) ?? []
    }
}
