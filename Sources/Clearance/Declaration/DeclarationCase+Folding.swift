internal import EventLog
internal import Views

extension DeclarationCase {
    public mutating func take(_ step: CaseStep) {
        steps.append(step)
        if let other = step.about {
            declarations.add(other)
            return
        }
        takeStatus(step)
        takeRequirements(step)
        takeObligations(step)
        holds.take(step)
        declared.take(step)
    }

    /// Takes in what its reader was only told of: a decision that it knows by the notice of it and not by its event.
    mutating func hear(of type: String, _ outcome: String?) {
        switch (type, outcome) {
        case ("declaration.accepted", _): if [.unknown, .lodged, .rejected].contains(status) { status = .accepted }
        case ("declaration.rejected", "rejected"):
            if [.unknown, .lodged, .accepted].contains(status) { status = .rejected }
        case ("declaration.withdrawn", "granted"), ("declaration.withdrawn", "completed"): status = .withdrawn
        case ("release.completed", _): if ![.cleared, .departed, .withdrawn].contains(status) { status = .released }
        case ("clearance.closed", _): if ![.departed, .withdrawn].contains(status) { status = .cleared }
        default: break
        }
    }

    private mutating func takeStatus(_ step: CaseStep) {
        switch step.event {
        case .declarationLodged:
            lodgement = lodgement ?? step
            if [.unknown, .rejected].contains(status) { status = .lodged }
        case .declarationAccepted:
            accepted = accepted ?? step.moment
            if [.unknown, .lodged, .rejected].contains(status) { status = .accepted }
        case .declarationRejected:
            // One that does not say what it rejects is the answer to a request, if one is open.
            let isAnswer = step.text("concerns").map { $0 == "request" } ?? hasOpenRequest
            if [.unknown, .lodged, .accepted].contains(status), !isAnswer { status = .rejected }
            hasOpenRequest = false
        case .declarationAmended:
            hasOpenRequest = step.text("stage") == "requested"
        case .declarationWithdrawn:
            let stage = step.text("stage")
            hasOpenRequest = stage == "requested"
            let isWithdrawn = stage == "completed" || stage == "decided" && step.text("decision") == "granted"
            // Who only declares may ask for it; to decide is for those who deal with the declaration.
            if isWithdrawn, requirements.contains(where: { step.isOf($0.agency) }) { status = .withdrawn }
        case .releaseCompleted:
            released = released ?? step.moment
            if ![.cleared, .departed, .withdrawn].contains(status) { status = .released }
        case .clearanceClosed:
            if ![.departed, .withdrawn].contains(status) { status = .cleared }
        case .conveyanceArrived:
            arrived = arrived ?? step.moment
        case .conveyanceDeparted:
            if step.text("declaration") != nil, status != .withdrawn { status = .departed }
        default: break
        }
    }

    private mutating func takeRequirements(_ step: CaseStep) {
        switch step.event {
        case .declarationAccepted:
            if !requirements.contains(where: { $0.agency == step.agency && $0.state != .refused }) {
                requirements.open(step.agency, by: step)
            }
        case .declarationRejected:
            // In doubt what is rejected, the goods wait for the agency's release.
            if step.text("concerns") != "request" { requirements.set(step.agency, .refused, by: step) }
        case .declarationExamined:
            switch step.text("result") {
            case "returned": requirements.set(step.agency, .refused, by: step)
            case "inspection": requirements.open(step.agency, by: step)
            default: break
            }
        case .inspectionOrdered, .documentRequested:
            requirements.open(step.agency, by: step)
        case .inspectionNotified:
            // A list that cannot be read asks for a release that nobody can give.
            let agencies = step.isLong("participants") ? ["?"] : step["participants"].texts
            for agency in agencies { requirements.open(agency, by: step) }
        case .releaseGranted, .clearanceClosed:
            requirements.settle(.granted, by: step)
        case .resultRecognised:
            if requirements.first(where: { $0.agency == step.agency })?.state != .granted {
                requirements.settle(.recognised, by: step)
            }
        case .recognitionRevoked:
            // Only what is recognised can be meant: a grant of the same id makes nothing uncertain.
            let recognised = requirements.indices.filter { requirements[$0].state == .recognised }
            for found in recognised.map({ requirements[$0] }).indices(namedIn: "recognition", of: step) {
                let index = recognised[found]
                requirements[index] = Requirement(requirements[index].agency, .open, step)
            }
        default: break
        }
    }

    private mutating func takeObligations(_ step: CaseStep) {
        switch step.event {
        case .dutyAssessed:
            guard step.text("stage") != "payment-reminded" else { return }
            let bill = step.text("bill") ?? ""
            let early = settledEarly.firstIndex { $0.bill.isSame(as: bill) }.map { settledEarly.remove(at: $0).state }
            obligations.set(.duty, bill, early ?? (hasStandingGuarantee ? .guaranteed : .open), by: step)
        case .dutyPaid:
            settle(step.text("bill"), .paid, at: step.position)
        case .guaranteeLodged:
            if let guarantee = step.text("guarantee") { guarantees.add(guarantee) }
            let bill = step.text("bill")
            if bill == nil { hasStandingGuarantee = true }
            settle(bill, .guaranteed, at: step.position)
        case .releaseGranted:
            if step.text("condition") == "test-pending" {
                obligations.set(.test, step.agency, .open, by: step)
            } else if step.text("condition") ?? "none" == "none" {
                endTests(by: step)
            }
        case .inspectionCompleted:
            if step.text("result") == "no-finding" { endTests(by: step) }
        default: break
        }
    }

    private mutating func endTests(by step: CaseStep) {
        for agency in [step.agency] + step.predecessors { obligations.settle(.test, agency, .done, at: step.position) }
    }

    /// Settles the duty of a bill, or all that is open if none is named. A bill that is not assessed yet is settled when it is.
    private mutating func settle(_ bill: String?, _ state: Obligation.State, at position: Position) {
        obligations.settle(.duty, bill, state, at: position)
        guard let bill, !obligations.contains(where: { $0.kind == .duty && $0.reference.isSame(as: bill) }) else {
            return
        }
        settledEarly.removeAll { $0.bill.isSame(as: bill) }
        settledEarly.append(SettledEarly(bill: bill, state: state))
    }
}
