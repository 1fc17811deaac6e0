public import EventLog
internal import JSON

/// That an agency must release before the goods may go.
public struct Requirement: Sendable, Hashable, NamedByOthers {
    public enum State: String, Sendable, Hashable {
        case open, granted, refused
        /// The agency takes another's result for its own.
        case recognised
    }

    public let agency: String
    public internal(set) var state: State
    /// Since where it is so, and by what type of event.
    public internal(set) var since: Position
    public internal(set) var because: String
    /// Under which condition the agency released.
    public internal(set) var condition: String?
    /// The id of the event by which it was granted or recognised.
    public internal(set) var settledBy: String?
    /// The last day on which it counts that another's result is recognised; nil if nobody says.
    public internal(set) var validUntil: String?
    /// The source of that event, if it has recognised another's result.
    let source: String

    var id: String { settledBy ?? "" }

    public var isMet: Bool { state == .granted || state == .recognised }

    init(_ agency: String, _ state: State, _ step: CaseStep) {
        self.agency = agency
        self.state = state
        since = step.position
        because = step.type
        source = step.source ?? ""
        if isMet { settledBy = step.id }
        if state == .recognised { validUntil = step.text("validUntil") }
        if step.event == .releaseGranted { condition = step.text("condition") }
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("agency", agency)
            writer.member("state", state.rawValue)
            writer.member("since", Int64(since))
            writer.member("because", because)
            writer.member("condition", ifAny: condition)
            writer.member("validUntil", ifAny: validUntil)
        }
    }
}

extension [Requirement] {
    /// Puts the requirement of an agency into a state, in the place it has.
    mutating func set(_ agency: String, _ state: Requirement.State, by step: CaseStep) {
        let new = Requirement(agency, state, step)
        if let index = firstIndex(where: { $0.agency == agency }) { self[index] = new } else { append(new) }
    }

    /// Settles that of the agency of a step, and those of agencies which have become it and were not met.
    mutating func settle(_ state: Requirement.State, by step: CaseStep) {
        set(step.agency, state, by: step)
        for index in indices where !self[index].isMet && step.predecessors.contains(self[index].agency) {
            self[index] = Requirement(self[index].agency, state, step)
        }
    }

    /// Opens those again that were met by another's result, for a risk was seen since.
    mutating func reopenRecognised(before flag: Position) {
        for index in indices where self[index].state == .recognised && self[index].since < flag {
            reopen(index, since: flag, because: "risk.flagged")
        }
    }

    /// Opens those again that were met by another's result which counts no more on a day.
    mutating func reopenExpired(on day: String) {
        for index in indices where self[index].validUntil.map({ $0 < day }) ?? false {
            let end = self[index].validUntil ?? ""
            reopen(index, since: self[index].since, because: "result.recognised until \(end)")
        }
    }

    private mutating func reopen(_ index: Int, since position: Position, because type: String) {
        self[index].state = .open
        self[index].since = position
        self[index].because = type
        self[index].settledBy = nil
        self[index].validUntil = nil
    }

    /// Opens it; one that is open stays as it is.
    mutating func open(_ agency: String, by step: CaseStep) {
        guard first(where: { $0.agency == agency })?.state != .open else { return }
        set(agency, .open, by: step)
    }
}
