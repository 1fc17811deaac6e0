public import EventLog

/// The owner's decision on a request for disclosure or for assistance (`disclosure.decided`).
public struct DisclosureRuling: Sendable, Hashable {
    public enum Outcome: String, Sendable, Hashable, CaseIterable {
        /// All that was asked for.
        case granted
        /// A part of it, which the ruling names.
        case partly
        case denied
    }

    /// What of a request is granted; what is nil is as requested.
    public struct Part: Sendable, Hashable {
        public var fields: FieldSelector?
        public var roles: [String]?
        public var objects: [Tag]?
        public var from: Timestamp?
        public var to: Timestamp?

        public init(
            fields: FieldSelector? = nil, roles: [String]? = nil, objects: [Tag]? = nil, from: Timestamp? = nil,
            to: Timestamp? = nil
        ) {
            self.fields = fields
            self.roles = roles
            self.objects = objects
            self.from = from
            self.to = to
        }
    }

    /// The position of the request.
    public let request: Position
    public let outcome: Outcome
    /// Why, and on which legal basis; never empty, whatever the outcome.
    public let reasons: [String]
    /// What is granted if it is a part.
    public let part: Part

    public init(on request: Position, _ outcome: Outcome, reasons: [String], part: Part = Part()) {
        self.request = request
        self.outcome = outcome
        self.reasons = reasons
        self.part = part
    }

    /// What is granted of a scope, from some time on at the earliest.
    func scope(of asked: DisclosureScope, notBefore time: Timestamp) -> DisclosureScope {
        var fields = part.fields ?? asked.fields
        fields.owners = [asked.owner]
        return DisclosureScope(
            owner: asked.owner, fields: fields, roles: part.roles ?? asked.roles,
            objects: part.objects ?? asked.objects,
            purpose: asked.purpose, caseName: asked.caseName, from: max(part.from ?? asked.from ?? time, time),
            to: part.to ?? asked.to)
    }
}

extension DisclosureRuling {
    private static let narrowing: Set<String> = ["fields", "roles", "objects", "from", "to"]
    static let keys = narrowing.union(["request", "outcome", "reasons"])

    init(_ data: EventDataReader) throws(ExchangeError) {
        let outcome = try data.required("outcome", data.word("outcome", Outcome.self))
        let narrowing = Self.narrowing.filter(data.has).sorted()
        if outcome == .partly, narrowing.isEmpty {
            throw data.fault("A partial grant must name fields, roles, objects, from or to.", at: "outcome")
        }
        if outcome != .partly, let key = narrowing.first {
            throw data.fault("Only a partial grant names what is granted.", at: key)
        }
        self.init(
            on: try data.required("request", data.position("request")), outcome,
            reasons: try DisclosureEvent.reasons(data),
            part: Part(
                fields: try FieldSelector(data, "fields"),
                roles: try data.codes("roles", atMost: DisclosureScope.maximumRoles),
                objects: try data.tags("objects", atMost: DisclosureScope.maximumObjects),
                from: try data.time("from"), to: try data.time("to")))
    }
}
