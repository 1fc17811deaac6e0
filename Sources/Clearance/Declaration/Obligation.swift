public import EventLog
internal import JSON
public import Views

/// What is still owed for a declaration, or was.
public struct Obligation: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable {
        /// Duty of a bill.
        case duty
        /// A test whose result an agency that released waits for.
        case test
    }

    public enum State: String, Sendable, Hashable {
        case open, paid, guaranteed, done
    }

    public let kind: Kind
    /// The bill, which may be empty; or the agency.
    public let reference: String
    public internal(set) var state: State
    /// The day on which it is due.
    public internal(set) var due: String?
    /// What is owed, for those who may know.
    public internal(set) var amounts: FactValue
    public internal(set) var since: Position

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("kind", kind.rawValue)
            writer.member("reference", reference)
            writer.member("state", state.rawValue)
            writer.member("due", ifAny: due)
            writer.member("since", Int64(since))
        }
    }
}

extension [Obligation] {
    /// Puts what is owed for a bill, or to an agency, into a state.
    mutating func set(
        _ kind: Obligation.Kind, _ reference: String, _ state: Obligation.State, by step: CaseStep
    ) {
        let new = Obligation(
            kind: kind, reference: reference, state: state, due: step.text("dueDate"), amounts: step["amounts"],
            since: step.position)
        if let index = firstIndex(where: { $0.kind == kind && $0.reference.isSame(as: reference) }) {
            self[index] = new
        } else {
            append(new)
        }
    }

    /// Settles open obligations of a kind: that of a reference, or all if there is none.
    mutating func settle(
        _ kind: Obligation.Kind, _ reference: String?, _ state: Obligation.State, at position: Position
    ) {
        for index in indices where self[index].kind == kind && self[index].state == .open {
            guard reference.map(self[index].reference.isSame) ?? true else { continue }
            self[index].state = state
            self[index].since = position
        }
    }
}
