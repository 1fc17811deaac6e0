internal import EventLog
public import JSON
internal import Views

/// An incident or a drill (应急, S44): its level, who has acknowledged it, how long that took.
public struct IncidentBoard: Board {
    public static let kind = BoardKind.incidents

    public let object: String
    /// What was said of it, in order: declared, changed, closed.
    public private(set) var said: [BoardStep] = []
    /// The first acknowledgement of each agency.
    public private(set) var acknowledged: [BoardStep] = []
    private let time: BoardTime

    public init(object: String, at time: BoardTime) {
        self.object = object
        self.time = time
    }

    public var isEmpty: Bool { said.isEmpty }

    public mutating func take(_ step: BoardStep) {
        switch step.type {
        case "incident.declared":
            // Who declared it goes on with it; another's event of the same name changes nothing.
            if said.first.map({ step.isOf($0.agency) }) ?? true { said.append(step) }
        case "notice.acknowledged":
            guard !said.isEmpty, !acknowledged.contains(where: { $0.agency == step.agency }) else { return }
            acknowledged.append(step)
        default: break
        }
    }

    /// The step that closed it; nil while it is open.
    public var closed: BoardStep? { said.last.flatMap { $0.text("stage") == "closed" ? $0 : nil } }

    /// The agencies that must acknowledge, as was said last.
    public var participants: [String] { said.last { !$0.texts("participants").isEmpty }?.texts("participants") ?? [] }

    /// Those that have not.
    public var outstanding: [String] {
        participants.filter { agency in !acknowledged.contains { $0.isOf(agency) } }
    }

    /// For how long an agency took to acknowledge, in seconds.
    private func seconds(_ step: BoardStep) -> Int64 {
        (step.recorded.microseconds - (said.first?.recorded.microseconds ?? 0)) / 1_000_000
    }

    /// How long it took until all had acknowledged, in seconds; nil while one has not, or nobody must.
    public var secondsToAll: Int64? {
        guard !participants.isEmpty, outstanding.isEmpty else { return nil }
        return acknowledged.filter { step in participants.contains(where: step.isOf) }.map(seconds).max()
    }

    public func writeState(to writer: inout JSONWriter) {
        writer.member("state", said.isEmpty ? "unknown" : closed == nil ? "open" : "closed")
        func last(_ name: String) -> BoardStep? { said.last { $0[name] != .missing } }
        for name in ["level", "kind", "ports", "scope", "exercise", "details"] {
            last(name)?.write(fields: [name], to: &writer)
        }
        // What it opens ends with it.
        writer.list("opens", closed == nil ? last("opens")?.texts("opens") ?? [] : [])
        writer.member("agency", ifAny: said.first?.agency)
        said.first?.moment.write("declared", to: &writer)
        closed?.moment.write("closed", to: &writer)
        writer.list("participants", participants)
        writer.list("acknowledged", acknowledged) { step, writer in
            writer.object { writer in
                step.write([], to: &writer)
                writer.member("seconds", seconds(step))
            }
        }
        writer.list("outstanding", outstanding)
        if let secondsToAll { writer.member("secondsToAll", secondsToAll) }
    }
}
