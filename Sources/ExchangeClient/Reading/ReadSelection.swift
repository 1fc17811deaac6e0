public import EventLog

/// What is read: the parameters of `GET /events`, docs/http.md.
public struct ReadSelection: Sendable {
    public var query: Query
    /// The first position.
    public var from: Position
    /// The position after the last; nil for the head.
    public var to: Position?
    public var recordedFrom: Timestamp?
    public var recordedTo: Timestamp?
    public var isBackwards = false
    /// The most entries.
    public var limit: Int?
    /// What could be seen at this time, so far as it may be seen now.
    public var asOf: Timestamp?
    /// Fields that are asked for by name: that one is denied is recorded.
    public var fields: [String] = []
    /// Role, purpose and case of who calls with a certificate; a token says its own.
    public var role: String?
    public var purpose: String?
    public var caseName: String?

    public init(_ query: Query = .all, from: Position = 0, to: Position? = nil) {
        (self.query, self.from, self.to) = (query, from, to)
    }

    public init(types: [String] = [], tags: [Tag], from: Position = 0) {
        self.init(Query(types: types, tags: tags), from: from)
    }

    /// The parameters that say so.
    func parameters() -> [(name: String, value: String)] {
        var all: [(name: String, value: String)] = []
        func add(_ name: String, _ value: String?) { if let value { all.append((name, value)) } }
        if query.items.count == 1, let item = query.items.first {
            for type in item.types { add("type", type) }
            for tag in item.tags { add("tag", tag.text) }
        } else if !query.matchesAll {
            add("query", query.description)
        }
        if from > 0 { add("from", String(from)) }
        add("to", to.map { String($0) })
        add("recorded-from", recordedFrom?.description)
        add("recorded-to", recordedTo?.description)
        if isBackwards { add("backwards", "true") }
        add("limit", limit.map { String($0) })
        add("as-of", asOf?.description)
        for field in fields { add("field", field) }
        add("role", role)
        add("purpose", purpose)
        add("case", caseName)
        return all
    }
}
