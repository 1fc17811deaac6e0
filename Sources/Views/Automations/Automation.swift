public import EventLog
public import JSON

/// What an automation knows of an object. It is kept as JSON.
public protocol AutomationState: Sendable {
    /// Of an object of which nothing is known.
    init()
    /// - Returns: nil if it is none: the automation is then made anew.
    init?(_ stored: JSONValue)
    /// Writes one JSON value.
    func write(to writer: inout JSONWriter)
}

/// What is appended when something has come to pass: a value. ``AutomationKeeper`` sees to it that it acts once. See
/// docs/rules-and-automations.md.
public struct Automation: Sendable {
    /// What is appended: an event of the automation's agency, but for what tells it from others.
    public struct Appending: Sendable, Hashable {
        public var type: String
        /// Its data, as JSON.
        public var data: [UInt8]
        public var tags: [Tag]

        public init(type: String, data: [UInt8], tags: [Tag] = []) {
            self.type = type
            self.data = data
            self.tags = tags
        }
    }

    /// What follows from an event, for one object.
    public enum Reaction: Sendable, Hashable {
        case append(Appending)
        /// Appends at a time, unless an event that is recorded before then cancels it. A timer of the same object and name is
        /// replaced.
        case schedule(name: String, at: Timestamp, Appending)
        /// Appends as soon as the rules allow it: while one refuses, it waits, and is proposed again when something has come
        /// that the rule looks at. A proposal or timer of the same object and name is replaced.
        case propose(name: String, Appending)
        /// Takes a timer or proposal of the object away, if it is still there.
        case cancel(name: String)
    }

    public let name: String
    public let version: Int
    /// Which events it sees.
    public let query: Query
    /// The kinds of tags whose values are its objects; none if it says itself what its objects are.
    public let kinds: Set<String>
    private let naming: (@Sendable (LedgerEvent) -> [Tag])?
    /// Who appends.
    public let agency: String
    /// An object's state after an event, from the one before it.
    typealias Step =
        @Sendable (_ stored: [UInt8]?, _ object: Tag, _ event: LedgerEvent, _ isReacting: Bool) throws(AutomationFault)
        -> (
            stored: [UInt8], reactions: [Reaction]
        )
    let step: Step

    /// - Parameters:
    ///   - name: 1 to 64 of `a`–`z`, `0`–`9` and `-`, beginning with a letter. What it appends is known by it: an automation of
    ///     another name acts again.
    ///   - version: From 1. Change it with fold or react.
    ///   - fold: What an event makes of an object's state. Events come in their order, as everyone who sees them sees them:
    ///     without what any schema marks; those of older schemas are brought up.
    ///   - react: What follows from an event, after it was folded. It must depend on state, object and event alone.
    public init<State: AutomationState>(
        name: String, version: Int, query: Query, kinds: Set<String>, agency: String,
        fold: @escaping @Sendable (_ state: inout State, _ event: LedgerEvent) throws(AutomationFault) -> Void,
        react:
            @escaping @Sendable (
                _ state: State, _ object: Tag, _ event: LedgerEvent
            ) throws(AutomationFault) -> [Reaction]
    ) {
        self.init(
            name: name, version: version, query: query, kinds: kinds, naming: nil, agency: agency, fold: fold,
            react: react)
    }

    /// An automation whose events name one another otherwise than by a tag that they share: an answer by the position of the
    /// request, for instance.
    ///
    /// - Parameter objects: What an event is about, each once: names that the automation makes, in the form of tags. Whatever
    ///   its query finds counts as about any of them when it acts, so give a narrow query.
    public init<State: AutomationState>(
        name: String, version: Int, query: Query, objects: @escaping @Sendable (LedgerEvent) -> [Tag], agency: String,
        fold: @escaping @Sendable (_ state: inout State, _ event: LedgerEvent) throws(AutomationFault) -> Void,
        react:
            @escaping @Sendable (
                _ state: State, _ object: Tag, _ event: LedgerEvent
            ) throws(AutomationFault) -> [Reaction]
    ) {
        self.init(
            name: name, version: version, query: query, kinds: [], naming: objects, agency: agency, fold: fold,
            react: react)
    }

    private init<State: AutomationState>(
        name: String, version: Int, query: Query, kinds: Set<String>, naming: (@Sendable (LedgerEvent) -> [Tag])?,
        agency: String, fold: @escaping @Sendable (inout State, LedgerEvent) throws(AutomationFault) -> Void,
        react: @escaping @Sendable (State, Tag, LedgerEvent) throws(AutomationFault) -> [Reaction]
    ) {
        self.name = name
        self.version = version
        self.query = query
        self.kinds = kinds
        self.naming = naming
        self.agency = agency
        step = { (stored, object, event, isReacting) throws(AutomationFault) in
            var state = State()
            if let stored {
                guard let json = try? JSONDocument(parsing: stored).root, let known = State(json) else {
                    throw AutomationFault("The state of \(object) cannot be read.")
                }
                state = known
            }
            try fold(&state, event)
            var writer = JSONWriter()
            state.write(to: &writer)
            return (writer.bytes, isReacting ? try react(state, object, event) : [])
        }
    }

    /// The name of its folder.
    public var title: String { "\(name).\(version)" }

    /// The objects that an event is about.
    func objects(of event: LedgerEvent) -> [Tag] {
        naming?(event) ?? event.tags.filter { kinds.contains(String($0.kind)) }
    }

    /// The events that it sees about an object, and maybe others.
    ///
    /// - Parameter stored: Its query, as entries are found by it.
    func query(_ stored: Query, about object: Tag) -> Query {
        guard naming == nil else { return stored }
        guard !stored.matchesAll else { return Query(tags: [object]) }
        return Query(
            stored.items.map { item in
                Query.Item(types: item.types, tags: item.tags.contains(object) ? item.tags : item.tags + [object])
            })
    }
}

/// Why an automation could make nothing of an event. The event is parked with this reason.
public struct AutomationFault: Error, Sendable, Hashable {
    /// What is wrong, for a person. No value of a field may stand in it: it is kept, and shown to operators.
    public let reason: String

    public init(_ reason: String) {
        self.reason = reason
    }
}
