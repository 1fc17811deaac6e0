/// What a power list gives an agency: an act, of some kinds on a matter. Decisions cite it as `powerItem`, 权力清单.
enum SampleItem: String, Sendable, CaseIterable {
    case accept = "0101"
    case reject = "0102"
    case examine = "0103"
    case askDocuments = "0104"
    case decideManifest = "0105"
    case reopen = "0106"
    case askInformation = "0107"
    case verifyPermit = "0201"
    case writeOff = "0202"
    case issuePermit = "0203"
    case assessDuty = "0301"
    case claim = "0302"
    case hold = "0401"
    case lift = "0402"
    case close = "0501"
    case release = "0502"
    case assessRisk = "0601"
    case draw = "0602"
    case flag = "0603"
    case order = "0701"
    case inspect = "0702"
    case recognise = "0703"
    case revoke = "0704"
    case treat = "0706"
    case decideConveyance = "0708"
    case cross = "0709"
    case disposeGoods = "0711"
    case disposeSmuggling = "0712"
    case disposeQuarantine = "0713"
    case disposeSafety = "0714"
    case violation = "0801"
    case credit = "0802"
    case orderAudit = "0803"
    case completeAudit = "0804"
    case refund = "0901"
    case publish = "1001"
    case incident = "1002"

    /// The type of the events that cite it.
    var act: String {
        switch self {
        case .accept: "declaration.accepted"
        case .reject: "declaration.rejected"
        case .examine: "declaration.examined"
        case .askDocuments: "document.requested"
        case .decideManifest: "manifest.decided"
        case .reopen: "declaration.reopened"
        case .askInformation: "information.requested"
        case .verifyPermit: "permit.verified"
        case .writeOff: "permit.writtenoff"
        case .issuePermit: "permit.issued"
        case .assessDuty: "duty.assessed"
        case .claim: "guarantee.claimed"
        case .hold: "hold.placed"
        case .lift: "hold.lifted"
        case .close: "clearance.closed"
        case .release: "release.granted"
        case .assessRisk: "risk.assessed"
        case .draw: "selection.drawn"
        case .flag: "risk.flagged"
        case .order: "inspection.ordered"
        case .inspect: "inspection.completed"
        case .recognise: "result.recognised"
        case .revoke: "recognition.revoked"
        case .treat: "quarantine.treated"
        case .decideConveyance: "conveyance.decided"
        case .cross: "person.crossed"
        case .disposeGoods, .disposeSmuggling, .disposeQuarantine, .disposeSafety: "disposition.decided"
        case .violation: "violation.recorded"
        case .credit: "credit.rated"
        case .orderAudit: "audit.ordered"
        case .completeAudit: "audit.completed"
        case .refund: "refund.decided"
        case .publish: "port.status.changed"
        case .incident: "incident.declared"
        }
    }

    /// On what is disposed.
    var matter: String? {
        switch self {
        case .disposeGoods: "misdeclared goods"
        case .disposeSmuggling: "smuggling"
        case .disposeQuarantine: "quarantine"
        case .disposeSafety: "carriage of dangerous goods"
        default: nil
        }
    }

    /// Whose it is.
    var agencies: [SampleAgency] {
        switch self {
        case .accept, .reject, .askDocuments: [.customs, .quarantine]
        case .hold, .lift: [.customs, .quarantine, .border, .maritime, .road, .antiSmuggling, .market]
        case .release, .order, .inspect, .flag: [.customs, .quarantine, .border, .maritime, .road]
        case .draw: [.customs, .quarantine, .maritime]
        case .recognise, .revoke: [.customs, .quarantine, .border, .maritime]
        case .treat, .disposeQuarantine: [.customs, .quarantine]
        case .issuePermit: [.commerce, .agriculture, .drugs, .environment, .quarantine, .customs]
        case .disposeSafety: [.maritime]
        case .decideConveyance: [.maritime, .border]
        case .cross: [.border]
        case .violation: [.customs, .quarantine, .border, .maritime, .market, .tax]
        case .credit: [.customs, .market, .tax, .maritime, .border, .commerce]
        case .refund: [.tax]
        case .publish, .incident: [.portOffice]
        default: [.customs]
        }
    }

    /// Its code in the power list.
    func code(of agency: SampleAgency) -> String { "\(agency.rawValue)-\(rawValue)" }
}
