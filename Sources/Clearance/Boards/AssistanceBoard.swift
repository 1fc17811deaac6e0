public import EventLog
public import JSON
internal import Views

/// A request for assistance between agencies (执法互助, S40): who asks whom, until when, what came of it, what it discloses.
public struct AssistanceBoard: Board {
    public static let kind = BoardKind.inbox

    public enum State: String, Sendable, Hashable {
        case open, answered, partly, refused, closed, overdue
        /// Nothing is known of it.
        case unknown
    }

    public let object: String
    public private(set) var requested: BoardStep?
    /// The answers of those asked, in their order.
    public private(set) var answers: [BoardStep] = []
    /// Of a request to act: who acknowledged, of those asked, that it did or takes it over.
    public private(set) var acknowledged: [BoardStep] = []
    public private(set) var closed: BoardStep?
    /// Requests for disclosure that were made under it, and decisions on what it asks for itself.
    public private(set) var requests: [BoardStep] = []
    public private(set) var decisions: [BoardStep] = []
    private let time: BoardTime

    public init(object: String, at time: BoardTime) {
        self.object = object
        self.time = time
    }

    /// The name under which the view keeps one: names are in the order of positions.
    static func stored(_ position: Position) -> String {
        let digits = String(position)
        return "assistance:" + String(repeating: "0", count: max(0, 12 - digits.count)) + digits
    }

    /// The same as people write it.
    static func plain(_ stored: String) -> String {
        Position(stored.dropFirst("assistance:".count)).map { "assistance:\($0)" } ?? stored
    }

    /// The name under which the view keeps acknowledgements of a request, which name it by its source and id.
    static func named(_ source: String, _ id: String) -> String { "acknowledged:\(source)#\(id)" }

    public var isEmpty: Bool { requested == nil }

    /// Whether it asks to act, not for fields: then each who is asked acknowledges.
    public var isToAct: Bool { requested.map { !$0.texts("asked").isEmpty } ?? false }

    /// Those asked who have neither acknowledged nor answered.
    public var outstanding: [String] {
        asked.filter { agency in !(acknowledged + answers).contains { $0.isOf(agency) } }
    }

    /// Who is asked.
    public var asked: [String] {
        var all = requested?.texts("asked") ?? []
        if let owner = requested?.text("owner") { all.add(owner) }
        return all
    }

    public mutating func take(_ step: BoardStep) {
        switch step.type {
        case "assistance.requested": requested = requested ?? step
        // Only who is asked answers, only who asked closes.
        case "assistance.answered": if asked.contains(where: step.isOf) { answers.append(step) }
        case "assistance.closed": if let requested, step.isOf(requested.agency) { closed = closed ?? step }
        case "notice.acknowledged":
            // That it was received or read is no answer.
            guard isToAct, !["received", "read"].contains(step.text("stage")) else { return }
            if asked.contains(where: step.isOf) { acknowledged.append(step) }
        case "disclosure.requested": if requested != nil { requests.append(step) }
        case "disclosure.decided": if asked.contains(where: step.isOf) { decisions.append(step) }
        default: break
        }
    }

    public var deadline: Timestamp? { requested?.text("deadline").flatMap { Timestamp($0) } }

    /// Where it stands at the time of asking.
    public var state: State {
        guard requested != nil else { return .unknown }
        if let answer = answers.last {
            switch answer.text("result") {
            case "refused": return .refused
            case "partly": return .partly
            default: return .answered
            }
        }
        if isToAct, outstanding.isEmpty { return .answered }
        if closed != nil { return .closed }
        return deadline.map { $0 < time.time } ?? false ? .overdue : .open
    }

    /// Whether the first answer, or of a request to act the last acknowledgement that was missing, came by the deadline; nil if
    /// there is none, or no deadline.
    public var isInTime: Bool? {
        guard let deadline else { return nil }
        if let first = answers.first { return first.recorded <= deadline }
        guard isToAct, outstanding.isEmpty else { return nil }
        let times = asked.compactMap { agency in acknowledged.first { $0.isOf(agency) }?.recorded }
        return times.max().map { $0 <= deadline }
    }

    public func writeState(to writer: inout JSONWriter) {
        writer.member("state", state.rawValue)
        requested?.write(["kind", "case", "action", "deadline", "subject"], to: &writer)
        writer.list("asked", asked)
        if let isInTime { writer.member("isInTime", isInTime) }
        writer.list("answers", answers) { step, writer in
            writer.object { step.write(["result", "reasons", "evidence"], to: &$0) }
        }
        if isToAct {
            writer.list("acknowledged", acknowledged) { step, writer in
                writer.object { step.write(["stage", "party"], to: &$0) }
            }
            writer.list("outstanding", outstanding)
        }
        if let closed { closed.moment.write("closed", to: &writer) }
        if let requested, requested.text("owner") != nil {
            writer.key("discloses")
            writer.object { writer in
                requested.write(fields: ["fields", "objects", "purpose", "from", "to"], to: &writer)
                writer.list("requests", requests) { step, writer in
                    writer.object { step.write(["fields", "objects", "purpose", "to"], to: &$0) }
                }
                writer.list("decisions", decisions) { step, writer in
                    writer.object { step.write(["outcome", "to"], to: &$0) }
                }
            }
        }
    }
}
