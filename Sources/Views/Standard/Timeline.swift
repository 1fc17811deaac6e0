public import EventLog
internal import Exchange
public import JSON

/// What happened to an object, in order.
public struct Timeline: Sendable, Hashable {
    /// What happened once.
    public struct Step: Sendable, Hashable {
        public let position: Position
        public let recorded: Timestamp
        public let agency: String
        public let type: String
        /// The first of the fields that its schema marks; nil if it marks none.
        public let value: FactValue?

        init(_ fact: Fact) {
            position = fact.position
            recorded = fact.recorded
            agency = fact.agency
            type = fact.type
            value = fact.values.first
        }
    }

    public let object: String
    public internal(set) var steps: [Step] = []

    init(object: String) {
        self.object = object
    }
}

extension Timeline.Step {
    /// Writes it as an object: position, recorded, agency, type and, if there is one, the value or why it is not shown.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("position", Int64(position))
            writer.member("recorded", recorded.description)
            writer.member("agency", agency)
            writer.member("type", type)
            if let value { Self.write(value, to: &writer) }
        }
    }

    private static func write(_ value: FactValue, to writer: inout JSONWriter) {
        switch value {
        case .json(let text):
            writer.key("value")
            writer.raw(text)
        case .missing: break
        case .withheld(let reason):
            writer.key("withheld")
            writer.object { writer in
                writer.member("class", reason.sharingClass.rawValue)
                writer.member("compartment", reason.compartment)
                writer.member("owner", reason.owner)
            }
        case .erased: writer.member("gone", "erased")
        case .lost: writer.member("gone", "lost")
        }
    }
}
