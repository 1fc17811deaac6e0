/// Something that happens in a story, as far as its writing needs to know.
enum SampleAct: Hashable, Sendable {
    case manifestLodged
    case conveyanceArrived
    case conveyanceDeparted
    /// A container, by its place among those of the declaration, is moved.
    case equipmentMoved(Move, container: Int)
    case declarationLodged
    case declarationRejected
    case declarationAmended
    case declarationAccepted
    case permitVerified
    case riskAssessed
    case riskFlagged(SampleAgency)
    case inspectionOrdered(SampleAgency)
    case inspectionNotified
    case inspectionStarted
    case inspectionCompleted
    case holdPlaced
    case dispositionDecided
    case holdLifted
    case dutyAssessed
    case dutyPaid
    case releaseGranted(SampleAgency)
    case releaseCompleted
    case clearanceClosed

    /// How a container is moved.
    enum Move: String, Sendable {
        case discharge
        case toInspection = "to-inspection"
        case load
        case gateIn = "gate-in"
        case gateOut = "gate-out"
    }

    /// The event's type without the prefix that all have: a noun and a past participle.
    var name: String {
        switch self {
        case .manifestLodged: "manifest.lodged"
        case .conveyanceArrived: "conveyance.arrived"
        case .conveyanceDeparted: "conveyance.departed"
        case .equipmentMoved: "equipment.moved"
        case .declarationLodged: "declaration.lodged"
        case .declarationRejected: "declaration.rejected"
        case .declarationAmended: "declaration.amended"
        case .declarationAccepted: "declaration.accepted"
        case .permitVerified: "permit.verified"
        case .riskAssessed: "risk.assessed"
        case .riskFlagged: "risk.flagged"
        case .inspectionOrdered: "inspection.ordered"
        case .inspectionNotified: "inspection.notified"
        case .inspectionStarted: "inspection.started"
        case .inspectionCompleted: "inspection.completed"
        case .holdPlaced: "hold.placed"
        case .dispositionDecided: "disposition.decided"
        case .holdLifted: "hold.lifted"
        case .dutyAssessed: "duty.assessed"
        case .dutyPaid: "duty.paid"
        case .releaseGranted: "release.granted"
        case .releaseCompleted: "release.completed"
        case .clearanceClosed: "clearance.closed"
        }
    }

    /// Who says so.
    var agency: SampleAgency {
        switch self {
        case .manifestLodged: .carrier
        case .conveyanceArrived, .conveyanceDeparted, .equipmentMoved: .terminal
        case .declarationLodged, .declarationAmended: .declarant
        case .riskFlagged(let agency), .inspectionOrdered(let agency), .releaseGranted(let agency): agency
        case .inspectionNotified, .releaseCompleted: .singleWindow
        case .dutyPaid: .treasury
        case .declarationRejected, .declarationAccepted, .permitVerified, .riskAssessed, .inspectionStarted,
            .inspectionCompleted, .holdPlaced, .dispositionDecided, .holdLifted, .dutyAssessed, .clearanceClosed:
            .customs
        }
    }
}
