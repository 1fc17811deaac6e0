public import EventLog
internal import JSON
internal import Transparency

/// What an agency says when it orders an erasure, places a hold or lifts one.
public struct ErasureGrounds: Sendable, Hashable {
    /// The legal basis: the article, the decision. Everyone who sees the entry sees it.
    public var basis: String
    /// Why, in words; nil for nothing. Must name nobody: it stays.
    public var reason: String?
    /// The officer who decided, by id.
    public var officer: String?
    /// The CloudEvents `source`, which must belong to the agency; nil for one of its sources.
    public var source: String?

    public init(basis: String, reason: String? = nil, officer: String? = nil, source: String? = nil) {
        self.basis = basis
        self.reason = reason
        self.officer = officer
        self.source = source
    }
}

/// An order to erase a subject.
public struct ErasureOrder: Sendable, Hashable {
    /// The subject's name as it stands in the data. It is nowhere written down.
    public var subject: String
    public var grounds: ErasureGrounds

    public init(subject: String, grounds: ErasureGrounds) {
        self.subject = subject
        self.grounds = grounds
    }
}

/// What came of an erasure.
public struct ErasureResult: Sendable, Hashable {
    /// Where the order stands.
    public let position: Position
    /// The number of the fence.
    public let fence: UInt64
    /// How many keys were destroyed, and how many rows were removed.
    public let keys: Int
    public let rows: Int
}

extension ErasureEvent {
    /// On what an append relies beside the charter: that no erasure came after a head, and, for events of erasure, what
    /// else would forbid them.
    ///
    /// It is any erasure, not only one of the event's subjects: they are rare, the event is checked anew then, and a look
    /// for one type costs less than one for each subject.
    ///
    /// - Parameter head: How many entries the log had when the event was checked; keys were asked for after that.
    static func condition(forType type: String?, head: Position) -> AppendCondition {
        var types = [Kind.ordered]
        switch type.flatMap(Kind.init(rawValue:)) {
        case .ordered: types.append(.holdPlaced)
        case .holdLifted: types.append(.holdLifted)
        case .holdPlaced, nil: break
        }
        return AppendCondition(noneMatching: Query(types: types.map(\.rawValue)), after: head > 0 ? head - 1 : nil)
    }

    /// The CloudEvent that says it.
    ///
    /// It has no `time`: it happens when it is recorded. So the same order with the same id is the same event.
    func event(id: String, source: String, schema: String, _ grounds: ErasureGrounds) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("specversion", "1.0")
            writer.member("id", id)
            writer.member("source", source)
            writer.member("type", kind.rawValue)
            writer.member("dataschema", schema)
            writer.key("data")
            writer.object { writer in
                switch self {
                case .ordered(let fence, let basis):
                    writer.member("fence", Int64(fence.number))
                    writer.member("subject", Base64.encode(fence.subject, .url))
                    writer.member("basis", basis)
                case .holdPlaced(let subject, let caseName, let basis):
                    writer.member("subject", Base64.encode(subject, .url))
                    writer.member("case", caseName)
                    writer.member("basis", basis)
                case .holdLifted(let hold):
                    writer.member("hold", Int64(hold))
                }
                if let reason = grounds.reason { writer.member("reason", reason) }
                if let officer = grounds.officer { writer.member("officer", officer) }
            }
        }
        return writer.bytes
    }

    var kind: Kind {
        switch self {
        case .ordered: .ordered
        case .holdPlaced: .holdPlaced
        case .holdLifted: .holdLifted
        }
    }
}
