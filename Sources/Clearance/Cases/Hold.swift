public import EventLog
internal import JSON
public import Views

/// A hold that an agency placed.
public struct Hold: Sendable, Hashable, NamedByOthers {
    /// The id of the event that placed it.
    public let id: String
    public let source: String
    public let agency: String
    public let scope: String?
    public let legalBasis: String?
    public let reasonClass: String?
    /// Why, for those who may know.
    public let reason: FactValue
    public let placed: Position
    /// Where it was lifted; nil while it is active.
    public internal(set) var lifted: Position?

    public var isActive: Bool { lifted == nil }

    init(_ step: CaseStep) {
        id = step.id
        source = step.source ?? ""
        agency = step.agency
        scope = step.text("scope")
        legalBasis = step.text("legalBasis")
        reasonClass = step.text("reasonClass")
        reason = step["reason"]
        placed = step.position
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("agency", agency)
            writer.member("scope", ifAny: scope)
            writer.member("legalBasis", ifAny: legalBasis)
            writer.member("reasonClass", ifAny: reasonClass)
            writer.member("placed", Int64(placed))
            if let lifted { writer.member("lifted", Int64(lifted)) }
        }
    }
}

extension [Hold] {
    /// Takes in a step that places or lifts a hold; others change nothing.
    mutating func take(_ step: CaseStep) {
        switch step.event {
        case .holdPlaced: append(Hold(step))
        case .holdLifted:
            for index in indices(namedIn: "hold", of: step) {
                self[index].lifted = self[index].lifted ?? step.position
            }
        default: break
        }
    }

    /// Those that were not lifted.
    public var active: [Hold] { filter(\.isActive) }
}
