internal import EventLog
public import JSON
internal import Views

/// The case file of a container, as one reader may know it.
public struct ContainerCase: CaseFile {
    public static let kinds = ["container"]

    public let object: String
    public private(set) var steps: [CaseStep] = []
    /// Where it was last: where it was moved to, or the facility that moved it.
    public private(set) var location: String?
    public private(set) var lastMove: CaseStep?
    public private(set) var holds: [Hold] = []
    /// The inspections that were ordered, announced or completed.
    public private(set) var inspections: [CaseStep] = []
    /// The numbers of declarations in whose events it is named.
    public private(set) var declarations: [String] = []

    public init(object: String) {
        self.object = object
    }

    public mutating func take(_ step: CaseStep) {
        steps.append(step)
        if let number = step.text("declaration") { declarations.add(number) }
        holds.take(step)
        switch step.event {
        case .equipmentMoved:
            lastMove = step
            location = step.text("to") ?? step.text("facility") ?? location
        case .inspectionOrdered, .inspectionNotified, .inspectionCompleted: inspections.append(step)
        default: break
        }
    }

    public func writeState(to writer: inout JSONWriter) {
        writer.member("location", ifAny: location)
        writer.member("lastMove", ifAny: lastMove?.text("move"))
        writer.list("holds", holds) { $0.write(to: &$1) }
        writer.list("inspections", inspections) { step, writer in
            writer.object { writer in
                writer.member("type", step.type)
                writer.member("agency", step.agency)
                writer.member("position", Int64(step.position))
                writer.member("result", ifAny: step.text("result"))
            }
        }
        writer.list("declarations", declarations)
    }
}
