public import EventLog

/// What the decision about an entry depends on: what stands in it for all who see it, and what its schema marks.
public struct ReadableEntry: Sendable, Hashable {
    /// Who appended it.
    public let agency: String
    public let type: String
    public let tags: [Tag]
    /// The mark of the whole event, or nil.
    public let wholeEvent: SharingMark?
    /// The fields its schema version marks, in the schema's order, whether or not the event has them.
    public let fields: [Field]

    public init(agency: String, type: String, tags: [Tag], wholeEvent: SharingMark? = nil, fields: [Field]) {
        self.agency = agency
        self.type = type
        self.tags = tags
        self.wholeEvent = wholeEvent
        self.fields = fields
    }
}
